/* SPDX-License-Identifier: MIT */
/* Helpers for assembly, with Linux's names. */
#ifndef ASM_ASSEMBLER_H
#define ASM_ASSEMBLER_H

#include <asm/asm-offsets.h>
#include <asm/ptrace.h>

/* For instructions that only one byte order needs. */
#ifdef __ARMEB__
#define ARM_BE8(code...) code
#else
#define ARM_BE8(code...)
#endif

	/* a return, or another jump to an address in a register */
	.macro	ret, reg
	bx	\reg
	.endm

	.macro	disable_irq
	cpsid	i
	.endm

	.macro	enable_irq
	cpsie	i
	.endm

	/* current_thread_info(): the bottom of the kernel stack */
	.macro	get_thread_info, rd
	mov	\rd, sp, lsr #11
	mov	\rd, \rd, lsl #11
	.endm

	.macro	inc_preempt_count, ti, tmp
	ldr	\tmp, [\ti, #TI_PREEMPT]
	add	\tmp, \tmp, #1
	str	\tmp, [\ti, #TI_PREEMPT]
	.endm

	.macro	dec_preempt_count, ti, tmp
	ldr	\tmp, [\ti, #TI_PREEMPT]
	sub	\tmp, \tmp, #1
	str	\tmp, [\ti, #TI_PREEMPT]
	.endm

	.macro	dec_preempt_count_ti, ti, tmp
	get_thread_info \ti
	dec_preempt_count \ti, \tmp
	.endm

#endif
