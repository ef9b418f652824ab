/* SPDX-License-Identifier: MIT */
/* What lazyswitch check prints, in each format. */
#ifndef LAZYSWITCH_CLI_CHECK_REPORT_H
#define LAZYSWITCH_CLI_CHECK_REPORT_H

#include <stdio.h>

#include "check_run.h"

/* Text: a heading, one row when a variant is finished, at the end the counterexamples. */
void check_text_begin(const struct check_settings *settings, const struct check_run *runs, size_t n);
void check_text_row(const struct check_run *run);
void check_text_end(const struct check_settings *settings, const struct check_run *runs, size_t n);

/* What check --all found: a table of causes, then the schedule of each. */
void check_text_causes(const struct check_run *run, FILE *out);

/* JSON: one document when all are finished. Returns 0, or -1 when out of memory. */
int check_json(const struct check_settings *settings, const struct check_run *runs, size_t n);

/* JUnit's XML or KTAP, when all are finished. Returns 0, or -1 when out of memory. */
int check_report(const struct check_settings *settings, const struct check_run *runs, size_t n);

/* SARIF. `status` is that of the whole. Returns 0, or -1 when out of memory. */
int check_sarif(const struct check_run *runs, size_t n, enum exit_status status);

/* A reply to the mail with the patch. */
void check_mail(const struct check_settings *settings, const struct check_run *runs, size_t n);

#endif
