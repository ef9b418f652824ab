/* SPDX-License-Identifier: MIT */
/* The line that says how far a search is: on stderr, if it is a terminal. */
#ifndef LAZYSWITCH_CLI_PROGRESS_H
#define LAZYSWITCH_CLI_PROGRESS_H

#include <stdbool.h>

#include "checker/check.h"

struct progress {
	const char *variant;
	bool shown;
};

/* Is there a terminal to show it on? */
bool progress_wanted(void);

/* For check_options.progress; arg is a struct progress. */
void progress_show(void *arg, const struct check_progress *p);

/* Erases the line. */
void progress_erase(struct progress *progress);

#endif
