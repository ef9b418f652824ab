/* SPDX-License-Identifier: MIT */
/* A21, the part in assembly: softirqs are disabled, too, before anything is looked at. */
#include <linux/linkage.h>
#include <asm/assembler.h>

#ifndef BROKEN
	.macro	bh_disable
	get_thread_info r3
	ldr	r4, [r3, #TI_PREEMPT]
	add	r4, r4, #0x200
	str	r4, [r3, #TI_PREEMPT]
	.endm

	.macro	bh_enable, ti, tmp
	ldr	\tmp, [\ti, #TI_PREEMPT]
	sub	\tmp, \tmp, #0x200
	sub	\tmp, \tmp, #1
	str	\tmp, [\ti, #TI_PREEMPT]
	.endm

#define VFP_LOCK bh_disable
#define VFP_UNLOCK bh_enable
#undef WEAK
#define WEAK ENTRY
#include <vfp/vfphw.S>
#endif
