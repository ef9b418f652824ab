/* SPDX-License-Identifier: MIT */
/*
 * Which registers and condition flags may still be read: a backward data-flow analysis over the decoded code.
 * What it calls dead may be moved (an exception saves and restores every register), but not looked at.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_LIVENESS_H
#define LAZYSWITCH_MODEL_WORLD_LIVENESS_H

#include "../cpu/image.h"

/*
 * Returns, for each instruction word of the code, what is live just before it: bits 0 to 14 for R0-R14, and
 * N, Z, C and V where CPSR has them; to be freed with free(). NULL when out of memory.
 *
 * Sound for any code: a call continues at its target, a return at any place behind a call of the image,
 * whatever calling convention the code follows; where the target is not known, everything is live.
 */
uint32_t *liveness(const struct image *image);

#endif
