/* SPDX-License-Identifier: MIT */
/*
 * The world as a transition system for engines: a state is one number for each
 * slot, in canonical form; steps are remembered.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_COLLAPSED_H
#define LAZYSWITCH_MODEL_WORLD_COLLAPSED_H

#include "machine.h"

struct collapsed;

/* Counts for statistics and tests. */
struct collapsed_counts {
	uint64_t steps_run; /* steps that executed instructions */
	uint64_t steps_recalled;
	uint32_t contents[SLOT_CLASSES]; /* different contents seen */
	uint32_t cache_nodes, cache_leaves;
	uint32_t shared;        /* slot classes found shared, see struct learnt */
	size_t words;           /* of a state vector */
	unsigned permutations;  /* that are taken for symmetries: 1 is none but the identity */
	unsigned wrong_guesses; /* about dead values, withdrawn */
};

struct collapsed_options {
	bool symmetry;   /* states that differ only in who is who have one representative */
	unsigned faults; /* for tests: set of enum learnt_fault */
};

/* The world must outlive it. Returns NULL with `e` filled in when out of memory. */
struct collapsed *collapsed_new(const struct world *world, const struct collapsed_options *options,
                                struct error *e);
void collapsed_free(struct collapsed *c);

/* The interface for engines; borrowed, valid as long as `c`. */
const struct model *collapsed_model(struct collapsed *c);

/* What a search has learnt: a plain machine needs it to make the same steps. Borrowed. */
const struct learnt *collapsed_learnt(const struct collapsed *c);

/* What happened in the steps of the search since it began for the last time. Borrowed. */
const struct coverage *collapsed_coverage(const struct collapsed *c);

/* The permutations that are taken for symmetries. Borrowed; asking for images changes it. */
struct symmetry;
struct symmetry *collapsed_symmetry(struct collapsed *c);

/* What a number in a state stands for: the slot's words, of which *count are given, the rest being zero. */
const uint32_t *collapsed_contents(const struct collapsed *c, unsigned slot, uint32_t number,
                                   uint32_t *count);

void collapsed_counts(const struct collapsed *c, struct collapsed_counts *counts);

#endif
