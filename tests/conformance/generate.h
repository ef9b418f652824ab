/* SPDX-License-Identifier: MIT */
/* Random cases: sequences of every form of instruction that the machine knows, in random states. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_GENERATE_H
#define LAZYSWITCH_TESTS_CONFORMANCE_GENERATE_H

#include "batch.h"

enum { OPS_MAX = 128 };

struct generated {
	size_t insns;        /* executed */
	size_t ops[OPS_MAX]; /* by enum insn_op */
	size_t forms_never;  /* forms of forms.def that no case contains */
	char never[512];     /* their names */
};

/* Fills `b` (empty, made by batch_init() with a window of WINDOW_BYTES) with cases of the seed. */
bool generate(struct batch *b, const char *runner, size_t cases, uint64_t seed, struct generated *g,
              struct error *e);

enum { WINDOW_BYTES = 512 };

#endif
