/* SPDX-License-Identifier: MIT */
/* Functions of JavaScript that look at a report from inside; each returns what is wrong, or an empty string. */
#ifndef LAZYSWITCH_TESTS_REPORT_PAGE_CHECKS_H
#define LAZYSWITCH_TESTS_REPORT_PAGE_CHECKS_H

/* (k) => Is step k shown by slider, buttons, address, story, live region, state table, source and timeline? */
extern const char page_shows[];

/* () => Has every text that is visible a contrast of 4.5 at least (WCAG, AA)? */
extern const char page_contrast[];

#endif
