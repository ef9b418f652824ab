/* SPDX-License-Identifier: MIT */
/* Reports, written by the command, and looked into: what the tests of the file have in common. */
#ifndef LAZYSWITCH_TESTS_REPORT_REPORTS_H
#define LAZYSWITCH_TESTS_REPORT_REPORTS_H

#include <jansson.h>

#include "../cli/run_command.h"

#define START "lazyswitch-trace 1\nvariant load-only\ncpus 1\nvms 1\nthreads 0\n"
#define STEPS "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n"

/* How the data begin. */
#define REPORT_DATA "<script type=\"application/json\" id=\"data\">"

/* Where the traces are, "lost.trace" among them, and where commands run. */
extern char *report_directory;

/* The setup and the teardown of a group of tests. */
int reports_open(void **state);
int reports_close(void **state);

/* Runs a command of the shell; the test fails unless it succeeds. */
void report_shell(const char *command);

/* Runs `lazyswitch replay --format html ARGUMENTS`; the test fails unless it ends with the status. */
struct outcome report_run(const char *arguments, int status);
/* The same, which must print no report but this message. */
void report_refused(const char *arguments, const char *message);

/* The data of a page, and of the report that such a command prints; the caller releases them. */
json_t *report_data_of(const char *page);
json_t *report_data(const char *arguments, int status);

/* A string in an object, or "(none)". */
const char *report_text(const json_t *object, const char *name);
/* The text of the line that a place is. Returns buf. */
const char *report_line(const json_t *data, const json_t *place, char *buf, size_t size);
/* How often there is `what` in a page. */
unsigned report_count(const char *page, const char *what);

#endif
