/* SPDX-License-Identifier: MIT */
/*
 * A model over a model: whoever expands a state of a collapsed system through this one has it checked there, on
 * a machine of its own, what the reductions assume (docs/explanation/theory.md, section 6). Slow, and for small systems. A
 * difference is an error of the model.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_VERIFY_H
#define LAZYSWITCH_MODEL_WORLD_VERIFY_H

#include "collapsed.h"

struct verify;

/* What is checked, a bit set. */
enum verify_check {
	VERIFY_STEPS =
	        1 << 0, /* remembered steps are those that the machine makes; the canonical form is one */
	VERIFY_DEAD = 1 << 1,     /* dead values make no difference */
	VERIFY_SYMMETRY = 1 << 2, /* renamed states make renamed steps, and have one representative */
	VERIFY_MERGE = 1 << 3, /* what others do in the middle of a step might be done before or after it */
};
enum { VERIFY_ALL = 15 };

struct verify_counts {
	uint64_t states;        /* that were expanded */
	uint64_t steps;         /* made again, and found to be what was remembered */
	uint64_t fillings;      /* steps from states with other values where these are dead */
	uint64_t permutations;  /* of states, whose steps were compared */
	uint64_t interleavings; /* of two CPUs' steps, one in the middle of the other */
	uint64_t preemptions;   /* in the middle of steps */
};

/*
 * `searched` is the model of `collapsed`, or one whose states have the same meaning. The world and both must
 * outlive it. Returns NULL with `e` filled in when out of memory.
 */
struct verify *verify_new(const struct world *world, struct collapsed *collapsed,
                          const struct model *searched, unsigned checks, struct error *e);
void verify_free(struct verify *v);

/* The interface for engines; borrowed, valid as long as `v`. It is asked by one thread only. */
const struct model *verify_model(struct verify *v);

/* Did its last error say that a reduction is wrong? */
bool verify_found(const struct verify *v);

void verify_counts(const struct verify *v, struct verify_counts *counts);

#endif
