/* SPDX-License-Identifier: MIT */
/* Internal to model/kit: other programs, run with limits. */
#ifndef LAZYSWITCH_MODEL_KIT_RUN_H
#define LAZYSWITCH_MODEL_KIT_RUN_H

#include <stdbool.h>
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

/*
 * Runs a program, found in PATH, without a shell and without input; its temporary files go to the tree. `argv` ends with
 * NULL. The beginning of what it prints goes into output, as a string; and to stderr, cut off after 64 KiB, if `shown`.
 */
enum run_result run(const struct tree *tree, const char *const *argv, bool shown, char *output, size_t size);

#endif
