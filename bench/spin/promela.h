/* SPDX-License-Identifier: MIT */
/* What pan, the program that SPIN generates, calls: successors of its current state. See steps.c. */
#ifndef LAZYSWITCH_BENCH_SPIN_PROMELA_H
#define LAZYSWITCH_BENCH_SPIN_PROMELA_H

#include <stddef.h>
#include <stdio.h>

#include "bench/frozen.h"

/*
 * How a state is packed for SPIN: words that fit in a byte, then those that fit in two, then the others; all
 * exclusive-ored with the initial state, so that SPIN's own initial state, all zero, is ours.
 */
struct packing {
	uint32_t *order;           /* [words]: which word comes where */
	unsigned of_1, of_2, of_4; /* how many of each size */
	size_t bytes;
};

/* Returns 0, or -1 when out of memory. */
int packing_init(struct packing *p, const struct frozen *frozen);
void packing_free(struct packing *p);

/* The Promela model of a transition system with packed states of so many bytes, and so many steps in a state. */
void promela_print(FILE *f, size_t bytes, unsigned branching);

#endif
