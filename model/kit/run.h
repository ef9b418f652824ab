/* SPDX-License-Identifier: MIT */
/* Internal to model/kit: other programs, run with limits. */
#ifndef LAZYSWITCH_MODEL_KIT_RUN_H
#define LAZYSWITCH_MODEL_KIT_RUN_H

#include <stddef.h>

#include "tree.h"

enum run_result {
	RUN_GOOD = 0,
	RUN_FAILED = -1,      /* it says why */
	RUN_MISSING = -2,     /* there is no such program */
	RUN_LIMIT = -3,       /* it took too long */
	RUN_INTERRUPTED = -4, /* the user wants to leave */
	RUN_IMPOSSIBLE = -5,  /* no process, no pipe: see errno */
};

/* Where what the program prints goes: the beginning of it into `text`, as a string; and to `say`, cut off after 64 KiB. */
struct run_output {
	char *text;
	size_t size;                                         /* at least 1 */
	void (*say)(void *arg, const char *bytes, size_t n); /* may be NULL */
	void *say_arg;
};

/*
 * Runs a program, found in PATH, without a shell and without input; its temporary files go to the tree.
 * `argv` ends with NULL.
 */
enum run_result run(const struct tree *tree, const char *const *argv, const struct run_output *output);

#endif
