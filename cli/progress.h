/* SPDX-License-Identifier: MIT */
/* The line that says how far a search is: on stderr, if it is a terminal. */
#ifndef LAZYSWITCH_CLI_PROGRESS_H
#define LAZYSWITCH_CLI_PROGRESS_H

#include <stdbool.h>

#include "checker/check.h"

/* To be zero but for its name at first. */
struct progress {
	const char *variant;
	bool shown;
	/* States expanded a second, of late: what the time that is left depends on. */
	double pace;
	double seconds; /* when it was taken last */
	uint64_t expanded;
};

enum { PROGRESS_COLUMNS = 79 };

/* Is there a terminal to show it on? */
bool progress_wanted(void);

/*
 * The line: states, states a second, states that wait, depth, memory, time, and the time that is left if that can be told.
 * At most PROGRESS_COLUMNS long. Takes the pace, too.
 */
void progress_line(struct progress *progress, const struct check_progress *p, char buf[PROGRESS_COLUMNS + 1]);

/* For check_options.progress; arg is a struct progress. */
void progress_show(void *arg, const struct check_progress *p);

/* Erases the line. */
void progress_erase(struct progress *progress);

#endif
