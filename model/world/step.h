/* SPDX-License-Identifier: MIT */
/* The choices of a step. */
#ifndef LAZYSWITCH_MODEL_WORLD_STEP_H
#define LAZYSWITCH_MODEL_WORLD_STEP_H

#include "machine.h"

/* Asks the next question of the step; the answer is that of the label given, or 0 behind its end. */
unsigned step_choose(struct machine *m, enum world_question question, unsigned alternatives);

/* The same for alternatives that mean something: CPUs, actions, tasks, as the question says. */
unsigned step_choose_from(struct machine *m, enum world_question question, const uint32_t *meanings,
                          unsigned alternatives);

/* The same, but with one alternative there is nothing to ask; that is noted in m->forced. */
unsigned step_choose_if_any(struct machine *m, enum world_question question, const uint32_t *meanings,
                            unsigned alternatives);

/* Tells whoever watches; `cpu` and `pc` are filled in. */
void step_tell(struct machine *m, struct watch watch);

#endif
