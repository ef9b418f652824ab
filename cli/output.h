/* SPDX-License-Identifier: MIT */
/* Messages, and the end of standard output. */
#ifndef LAZYSWITCH_CLI_OUTPUT_H
#define LAZYSWITCH_CLI_OUTPUT_H

#include <stddef.h>

/* Prints one message on stderr, behind "lazyswitch: ". */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Passes on what compilers have to say, to stderr. */
void output_compiler(void *arg, const char *bytes, size_t n);

/* Makes sure, at exit, that all output was written: otherwise complains and exits with status 2. */
void output_check_at_exit(void);

#endif
