/* SPDX-License-Identifier: MIT */
/*
 * The world as a transition system without any of the cleverness of collapsed.h:
 * a state is the whole machine, word for word; every step is executed. Slow and
 * large; what the other one is checked against.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_PLAIN_H
#define LAZYSWITCH_MODEL_WORLD_PLAIN_H

#include "machine.h"

struct plain;

/*
 * The world must outlive it, and so must `learnt`, which comes from a search of the collapsed system and
 * decides where steps end. Returns NULL with `e` filled in when out of memory.
 */
struct plain *plain_new(const struct world *world, const struct learnt *learnt, struct error *e);
void plain_free(struct plain *p);

/* The interface for engines; borrowed, valid as long as `p`. */
const struct model *plain_model(struct plain *p);

#endif
