/* SPDX-License-Identifier: MIT */
/* The end of a run that violates `stuck` because it never ends. */
#ifndef LAZYSWITCH_TRACES_LIVELOCK_H
#define LAZYSWITCH_TRACES_LIVELOCK_H

#include "model/world/machine.h"

/*
 * The machine has made the `n` steps of `round`: can it make them again and again, for ever, and is that a livelock?
 * That is so if no step makes progress, each CPU makes one of them or cannot go on by itself at some point, and
 * the machine comes back, word for word, to where it was; or to where only words differ that the steps do not
 * depend on. Tries: the machine is as it was afterwards, but the record of its last step is not. False when
 * out of memory.
 */
bool livelock(struct machine *m, const struct model_label *round, size_t n);

#endif
