/* SPDX-License-Identifier: MIT */
/* Whether the condition flags can still be read: a backward data-flow analysis over the decoded image. */
#ifndef LAZYSWITCH_MODEL_WORLD_FLAGS_H
#define LAZYSWITCH_MODEL_WORLD_FLAGS_H

#include <stdint.h>

#include "../cpu/image.h"

/* A set of condition flags: bits 31 to 28 of CPSR, as bits 3 to 0. */
enum { FLAG_V = 1, FLAG_C = 2, FLAG_Z = 4, FLAG_N = 8, FLAGS_ALL = 15 };

/*
 * Returns an array with, for each instruction word of the code, the set of flags that are live just before
 * it, to be freed with free(); NULL when out of memory.
 *
 * Sound for any code: a call continues at its target, a return at any place behind a call of the image,
 * whatever calling convention the code follows; where the target is not known, the flags are live.
 */
uint8_t *flags_live(const struct image *image);

#endif
