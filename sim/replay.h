/* SPDX-License-Identifier: MIT */
/*
 * One run of a system, step by step, on the machine itself: no canonical form, no
 * stored contents, no remembered steps. A counterexample that replays here does
 * not rest on any of them.
 */
#ifndef LAZYSWITCH_SIM_REPLAY_H
#define LAZYSWITCH_SIM_REPLAY_H

#include "model/world/machine.h"

/* Who follows a replay; any function may be NULL. */
struct replay_watcher {
	void *arg;
	/* Everything that happens inside a step, as it happens. */
	void (*event)(void *arg, struct machine *m, const struct watch *watch);
	/* The machine after boot (step 0), then after each step. */
	void (*step)(void *arg, struct machine *m, size_t number);
};

/*
 * Boots the system and makes the steps of a trace. `learnt` comes from the search that found it (it decides
 * where steps end). Returns 0 if every step was possible and the last one violates `property` (an enum
 * world_property, or -1 if none is expected); then, if `violation` is not NULL, it says what was seen.
 * Otherwise -1, with `e` filled in.
 */
int replay(const struct world *world, const struct learnt *learnt, const struct model_label *trace,
           size_t length, int property, const struct replay_watcher *watcher, struct violation *violation,
           struct error *e);

#endif
