/* SPDX-License-Identifier: MIT */
/* Reports, written by the command, and a browser that shows them: what the tests of the page have in common. */
#ifndef LAZYSWITCH_TESTS_REPORT_PAGES_H
#define LAZYSWITCH_TESTS_REPORT_PAGES_H

#include "browser.h"

enum { PAGES_SKIPPED = 77 };

struct pages {
	struct browser *browser;
	char *directory; /* of the reports */
};
extern struct pages pages;

/* Is there a browser? CI installs one, and fails without; who builds elsewhere may go without. */
bool pages_possible(void);

/*
 * The setup and the teardown of a group of tests. There are lost.html (4 steps, violates fp-lost), holds.html (the same on
 * baseline), long.html (13 steps) and neon.html.
 */
int pages_open(void **state);
int pages_close(void **state);

/* Writes NAME.html of a trace; `options` and the exit status as with lazyswitch replay. */
void pages_make(const char *name, const char *trace, const char *options, int status);
/* Opens NAME.html, with a fragment: "#step-2", or "". */
void pages_visit(const char *name, const char *fragment);
/* Fails unless step k is shown, by everything on the page. */
void pages_show(int k);
/* Fails if the page has complained, or requested anything. */
void pages_went_well(void);

#endif
