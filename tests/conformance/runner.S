/* SPDX-License-Identifier: MIT */
/*
 * The bare-metal side: enters each case with its state, gets control back in Hyp mode, writes the state over the
 * case's, and in the end hands all cases to the host by semihosting. It starts in Hyp mode, has no stack, and keeps
 * two registers of a case in HIFAR and HDFAR, which no case may use.
 */
#include "../../traces/board/bare.S"
#include "layout.h"

	.arch	armv7ve
	.fpu	neon-vfpv4
	.arch_extension virt
	.text
	.balign	32
	.global	_start
_start:
	b	start

	.org	RUNNER_HYP_VECTORS - RUNNER
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	b	entry_\n
	.endr

	.org	RUNNER_VECTORS - RUNNER
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	hvc	#0x100 + \n
	.endr

	.org	RUNNER_STOP - RUNNER
	b	entry_8

	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8
entry_\n:
	mcr	p15, 4, r0, c6, c0, 2		@ HIFAR
	mov	r0, #\n
	b	save
	.endr

start:
	set_byte_order
	isb
	ldr	r0, =CASES
	ldr	r4, [r0, #HEAD_COUNT * 4]
	add	r0, r0, #HEAD_WORDS * 4
	b	next

	/* r0 = the case, r4 = how many are left; both are kept in memory while a case runs. */
next:
	cmp	r4, #0
	beq	done
	ldr	r1, =current
	stm	r1, {r0, r4}

	ldr	r1, [r0, #W_WINDOW * 4]
	ldr	r2, [r0, #W_WINDOW_BYTES * 4]
	add	r3, r0, #STATE_WORDS * 4
	bl	copy

	mov	r1, #0				@ nothing may trap while the FP registers are loaded
	mcr	p15, 4, r1, c1, c1, 2		@ HCPTR
	isb
	mov	r1, #1 << 30
	vmsr	fpexc, r1
	add	r1, r0, #W_D * 4
	vldmia	r1!, {d0 - d15}
	vldmia	r1, {d16 - d31}
	ldr	r1, [r0, #W_FPSCR * 4]
	vmsr	fpscr, r1
	ldr	r1, [r0, #W_FPEXC * 4]
	vmsr	fpexc, r1

	add	r2, r0, #W_CP15 * 4
#define CP15(name, opc1, crn, crm, opc2) ldr r1, [r2], #4; mcr p15, opc1, r1, c##crn, c##crm, opc2;
#include "cp15.def"
#undef CP15
	ldr	r1, [r0, #W_CPACR * 4]
	mcr	p15, 0, r1, c1, c0, 2
	ldr	r1, [r0, #W_HCR * 4]
	mcr	p15, 4, r1, c1, c1, 0
	ldr	r1, [r0, #W_HSTR * 4]
	mcr	p15, 4, r1, c1, c1, 3
	ldr	r1, [r0, #W_HDCR * 4]
	mcr	p15, 4, r1, c1, c1, 1
	ldr	r1, [r0, #W_HSR * 4]
	mcr	p15, 4, r1, c5, c2, 0
	ldr	r1, [r0, #W_VBAR * 4]
	mcr	p15, 0, r1, c12, c0, 0
	ldr	r1, [r0, #W_HVBAR * 4]
	mcr	p15, 4, r1, c12, c0, 0

	add	r2, r0, #W_R_FIQ * 4
	.irp	reg, r8_fiq, r9_fiq, r10_fiq, r11_fiq, r12_fiq, SP_usr, SP_svc, SP_abt, SP_und, SP_irq, SP_fiq
	ldr	r1, [r2], #4
	msr	\reg, r1
	.endr
	ldr	sp, [r2], #4
	ldr	lr, [r2], #4			@ Hyp mode's is User mode's
	.irp	reg, LR_svc, LR_abt, LR_und, LR_irq, LR_fiq, SPSR_svc, SPSR_abt, SPSR_und, SPSR_irq, SPSR_fiq
	ldr	r1, [r2], #4
	msr	\reg, r1
	.endr
	ldr	r1, [r0, #W_PC * 4]
	msr	ELR_hyp, r1
	ldr	r1, [r0, #W_CPSR * 4]
	msr	SPSR_cxsf, r1
	ldr	r1, [r0, #W_HCPTR * 4]
	mcr	p15, 4, r1, c1, c1, 2
	clrex
	ldm	r0, {r0 - r12}
	eret

	/* Hyp mode; r0 = vector, HIFAR = the case's r0 */
save:
	mcr	p15, 4, r1, c6, c0, 0		@ HDFAR
	ldr	r1, =current
	ldr	r1, [r1]
	str	r0, [r1, #W_VECTOR * 4]
	mrc	p15, 4, r0, c6, c0, 2
	str	r0, [r1], #8
	stm	r1, {r2 - r12}
	mrc	p15, 4, r2, c6, c0, 0
	str	r2, [r1, #-4]
	sub	r0, r1, #8

	add	r2, r0, #W_R_FIQ * 4
	.irp	reg, r8_fiq, r9_fiq, r10_fiq, r11_fiq, r12_fiq, SP_usr, SP_svc, SP_abt, SP_und, SP_irq, SP_fiq
	mrs	r1, \reg
	str	r1, [r2], #4
	.endr
	mov	r1, sp
	str	r1, [r2], #4
	str	lr, [r2], #4
	.irp	reg, LR_svc, LR_abt, LR_und, LR_irq, LR_fiq, SPSR_svc, SPSR_abt, SPSR_und, SPSR_irq, SPSR_fiq
	mrs	r1, \reg
	str	r1, [r2], #4
	.endr
	mrs	r1, SPSR
	str	r1, [r2], #4
	mrs	r1, ELR_hyp
	str	r1, [r2], #4
	mrs	r1, CPSR
	str	r1, [r0, #W_CPSR * 4]

	mrc	p15, 4, r1, c1, c1, 2
	str	r1, [r0, #W_HCPTR * 4]
	mrc	p15, 0, r1, c1, c0, 2
	str	r1, [r0, #W_CPACR * 4]
	mrc	p15, 4, r1, c1, c1, 0
	str	r1, [r0, #W_HCR * 4]
	mrc	p15, 4, r1, c1, c1, 3
	str	r1, [r0, #W_HSTR * 4]
	mrc	p15, 4, r1, c1, c1, 1
	str	r1, [r0, #W_HDCR * 4]
	mrc	p15, 4, r1, c5, c2, 0
	str	r1, [r0, #W_HSR * 4]
	mrc	p15, 0, r1, c12, c0, 0
	str	r1, [r0, #W_VBAR * 4]
	mrc	p15, 4, r1, c12, c0, 0
	str	r1, [r0, #W_HVBAR * 4]
	add	r2, r0, #W_CP15 * 4
#define CP15(name, opc1, crn, crm, opc2) mrc p15, opc1, r1, c##crn, c##crm, opc2; str r1, [r2], #4;
#include "cp15.def"
#undef CP15

	mov	r1, #0
	mcr	p15, 4, r1, c1, c1, 2
	mcr	p15, 4, r1, c1, c1, 0		@ HCR
	isb
	vmrs	r1, fpexc
	str	r1, [r0, #W_FPEXC * 4]
	mov	r1, #1 << 30
	vmsr	fpexc, r1
	vmrs	r1, fpscr
	str	r1, [r0, #W_FPSCR * 4]
	add	r1, r0, #W_D * 4
	vstmia	r1!, {d0 - d15}
	vstmia	r1, {d16 - d31}

	add	r1, r0, #STATE_WORDS * 4
	ldr	r2, [r0, #W_WINDOW_BYTES * 4]
	ldr	r3, [r0, #W_WINDOW * 4]
	bl	copy

	ldr	r1, =current
	ldr	r4, [r1, #4]
	sub	r4, r4, #1
	ldr	r1, =CASES
	ldr	r1, [r1, #HEAD_STRIDE * 4]
	add	r0, r0, r1
	b	next

	/* to r1, r2 bytes (a multiple of 4) from r3 */
copy:
	cmp	r2, #0
	bxeq	lr
1:	ldr	r5, [r3], #4
	str	r5, [r1], #4
	subs	r2, r2, #4
	bne	1b
	bx	lr

done:
	ldr	r0, =CASES
	ldr	r6, [r0, #HEAD_TOTAL * 4]
	setend	le
	adr	r1, arguments
	adr	r2, console
	str	r2, [r1]
	mov	r2, #5				@ "wb"
	str	r2, [r1, #4]
	mov	r2, #3
	str	r2, [r1, #8]
	semihost SYS_OPEN
	adr	r1, arguments
	str	r0, [r1]
	mov	r2, #CASES & 0xff000000
	orr	r2, r2, #CASES & 0x00ff0000
	str	r2, [r1, #4]
	str	r6, [r1, #8]
	semihost SYS_WRITE
	mov	r1, #0x20000			@ ADP_Stopped_ApplicationExit
	orr	r1, r1, #0x26
	semihost SYS_EXIT
	b	.

console:
	.asciz	":tt"
	.balign	4
arguments:
	.space	12
current:
	.space	8
	.pool
