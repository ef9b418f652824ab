/* SPDX-License-Identifier: MIT */
/* The end of a run that violates `stuck` without anybody seeing it. */
#ifndef LAZYSWITCH_TRACES_STANDSTILL_H
#define LAZYSWITCH_TRACES_STANDSTILL_H

#include "model/world/machine.h"

/*
 * Is there nothing that any CPU could do, or nothing that would change anything? Tries every step: the
 * machine is as it was afterwards, but the record of its last step is not. False when out of memory.
 */
bool standstill(struct machine *m);

#endif
