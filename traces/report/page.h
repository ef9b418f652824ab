/* SPDX-License-Identifier: MIT */
/*
 * The report as one HTML file: page.html, page.css and the scripts, which are parts of the program, and the data. It
 * needs nothing from outside and may not fetch anything: its policy allows its own style and script alone, by their hashes.
 */
#ifndef LAZYSWITCH_TRACES_REPORT_PAGE_H
#define LAZYSWITCH_TRACES_REPORT_PAGE_H

#include <jansson.h>
#include <stdio.h>

/*
 * Writes the file. `document` is what document.h makes; its "title" is the page's. `plain`: what is shown where scripts do
 * not run, as text. Whether it arrives is the stream's business. Returns 0, or -1 when out of memory.
 */
int page_write(FILE *f, const json_t *document, const char *plain);

#endif
