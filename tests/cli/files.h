/* SPDX-License-Identifier: MIT */
/* Files for the command to read, and lazyswitch regress to read them. */
#ifndef LAZYSWITCH_TESTS_CLI_FILES_H
#define LAZYSWITCH_TESTS_CLI_FILES_H

#include "run_command.h"

/* Small systems that are searched in no time. */
#define ONE " --cpus 1 --threads 0 --vms 1 "
#define TWO " --cpus 1 --vms 1 "

#define HEAD "lazyswitch-expect 1\n"

/* Writes directory/name, and reads it: released with free(). */
void write_file(const char *directory, const char *name, const char *text);
char *read_file_of(const char *directory, const char *name);

/* Runs `lazyswitch regress ARGUMENTS` (printf's format); the test fails unless it ends with the status. */
struct outcome regress(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a file that consists of this text; the file is temporary. */
struct outcome regress_text(int status, const char *text, const char *options);

/* The test fails unless the text contains that. */
void assert_contains(const char *text, const char *what);

#endif
