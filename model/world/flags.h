/* SPDX-License-Identifier: MIT */
/* Whether the condition flags can still be read: a backward data-flow analysis over the decoded image. */
#ifndef LAZYSWITCH_MODEL_WORLD_FLAGS_H
#define LAZYSWITCH_MODEL_WORLD_FLAGS_H

#include <stdbool.h>

#include "../cpu/image.h"

/*
 * Returns an array with, for each instruction word of the code, whether N, Z, C and V are live just before
 * it, to be freed with free(); NULL when out of memory.
 *
 * Sound for any code: a call continues at its target, a return at any place behind a call of the image,
 * whatever calling convention the code follows; where the target is not known, the flags are live.
 */
bool *flags_live(const struct image *image);

#endif
