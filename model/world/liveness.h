/* SPDX-License-Identifier: MIT */
/*
 * Which registers, and whether the condition flags, may still be read: a backward data-flow analysis over the
 * decoded code. It knows nothing of calling conventions: whatever is live behind some call is live at every
 * return. What it calls dead may be moved (an exception saves and restores every register), but not looked
 * at.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_LIVENESS_H
#define LAZYSWITCH_MODEL_WORLD_LIVENESS_H

#include "../cpu/image.h"

/*
 * For each instruction word of the code, counted from image->code_start: bits 0-14 and INSN_FLAGS for what is
 * live before it. The caller frees it. NULL when out of memory.
 */
uint32_t *liveness(const struct image *image);

#endif
