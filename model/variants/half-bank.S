/* SPDX-License-Identifier: MIT */
/* v3 that takes the register file for the VFPv3-D16 one: D16-D31 are nobody's. */
#define LOAD_DIRTY ldrb
#define STORE_VFP_REGS store_half
#define LOAD_VFP_REGS load_half

	.macro	store_half, base, tmp
	vstmia	\base!, {d0-d15}
	add	\base, \base, #128
	.endm

	.macro	load_half, base, tmp
	vldmia	\base!, {d0-d15}
	add	\base, \base, #128
	.endm

#include "v3.S"
