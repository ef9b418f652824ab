/* SPDX-License-Identifier: MIT */
/* docs/example/fpexc.mbox, and what becomes of it on its way. */
#ifndef LAZYSWITCH_TESTS_CLI_SERIES_FILES_H
#define LAZYSWITCH_TESTS_CLI_SERIES_FILES_H

#include "run_command.h"

#define SERIES EXAMPLE "/fpexc.mbox"
#define TINY   " --cpus 1 --vms 1 "

/* Its messages: the letter, and three patches; each is to be freed. */
enum { SERIES_MESSAGES = 4 };
void series_messages(char *messages[SERIES_MESSAGES]);

/* The whole text with one piece of it replaced, which must be there. Released with free(). */
char *series_with(const char *old, const char *new);

/* A file of the test, or a directory: "DIR/name", in a buffer that stays until the next call. */
const char *series_path(const char *directory, const char *name);

/* Runs `lazyswitch check v3 --patch DIR/name ARGUMENTS`; the test fails unless it ends with the status. */
struct outcome series_check(const char *directory, const char *name, const char *arguments, int status);

/* The test fails unless both streams contain that; then they are freed. */
void series_expect(struct outcome outcome, const char *out, const char *err);

#endif
