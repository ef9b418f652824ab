/* SPDX-License-Identifier: MIT */
/* Which word of a machine belongs to which slot. */
#ifndef LAZYSWITCH_MODEL_WORLD_LAYOUT_MAP_H
#define LAZYSWITCH_MODEL_WORLD_LAYOUT_MAP_H

#include "world.h"

/* Fills in slots, slot_of and the layout of a machine. Returns 0, or -1 with `e` filled in. */
int layout_map(struct world *w, struct error *e);

#endif
