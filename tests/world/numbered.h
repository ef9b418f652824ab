/* SPDX-License-Identifier: MIT */
/*
 * The plain system with a number in place of each slot's words: equal numbers for equal words and only for
 * them, so nothing is identified that the plain system tells apart. Without it a state would take 60 KB.
 * Words that belong to no slot cannot be accessed.
 */
#ifndef LAZYSWITCH_TESTS_WORLD_NUMBERED_H
#define LAZYSWITCH_TESTS_WORLD_NUMBERED_H

#include "model/model.h"
#include "model/world/dictionary.h"
#include "model/world/plain.h"

struct numbered {
	const struct world *world;
	struct plain *plain;
	struct machine *machine;       /* somewhere to put the words together */
	struct dictionary *dictionary; /* one a slot */
	uint32_t *first;               /* the initial state: what belongs to no slot never changes */
	uint32_t *next;
	uint32_t *scratch;
	model_emit *emit;
	void *arg;
	struct model model;
};

/* The test fails if that is not possible. Not to be moved afterwards. */
void numbered_open(struct numbered *n, const struct world *world, const struct learnt *learnt);
void numbered_close(struct numbered *n);

#endif
