/* SPDX-License-Identifier: MIT */
/* One source for ARM and Thumb-2 kernels. This one is ARM. */
#ifndef ASM_UNIFIED_H
#define ASM_UNIFIED_H

#ifdef __ASSEMBLER__

	.syntax unified

#define ARM(code...) code
#define THUMB(code...)
#define W(instruction) instruction
#define BSYM(symbol) symbol

#endif
#endif
