/* SPDX-License-Identifier: MIT */
/* The kernel's calls to the world: model/linux/include/world.h. */
#ifndef LAZYSWITCH_MODEL_WORLD_PORTS_H
#define LAZYSWITCH_MODEL_WORLD_PORTS_H

#include "machine.h"

/* BKPT #number has been executed: answers in the core's registers. */
void ports_call(struct machine *m, uint32_t number);

/* BKPT #number is about to be executed: must the step end first? */
bool ports_visible(struct machine *m, uint32_t number);

#endif
