/* SPDX-License-Identifier: MIT */
/* What a CPU can do next, by where it stands. */
#ifndef LAZYSWITCH_MODEL_WORLD_ACTIONS_H
#define LAZYSWITCH_MODEL_WORLD_ACTIONS_H

#include "machine.h"

/* Fills in what the machine's current CPU can do; returns how many. */
unsigned actions_possible(struct machine *m, enum world_action actions[ACTIONS]);

/* What the CPU executes for an action: a symbol of the image. The list ends with a NULL symbol. */
struct program {
	enum world_action action;
	bool guest;
	const char *symbol;
};
extern const struct program actions_programs[];

/* The address of an action's program; 0: none. */
uint32_t actions_program(const struct world *w, enum world_action action, bool guest);

/* Does the CPU stand, in user mode or in a guest, before an FP instruction that trapped and is to be
 * repeated? */
bool actions_at_retry(const struct machine *m);

/* Does the CPU stand before an FP instruction of a user thread? */
bool actions_at_user_fp(const struct machine *m);

/* Does the CPU stand at the WFI of its idle task? */
bool actions_at_idle(const struct machine *m);

#endif
