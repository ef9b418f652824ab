/* SPDX-License-Identifier: MIT */
/*
 * The monitor: lets one core at a time go on, from one stop to the next, as the schedule says, and tells its state at each
 * stop by semihosting. It lives in Hyp mode beside the kernel under test, which does not know of it: a core comes here
 * by an instruction that the monitor has put where it is to stop, and goes back with every register as it was, or as the
 * schedule wants it. No stack; what is kept is found relative to PC, since only one core at a time goes through.
 */
#include "bare.S"
#include "layout.h"

	.arch	armv7ve
	.fpu	neon-vfpv4
	.arch_extension virt
	.arch_extension sec
	.text
	.global	_start
_start:
	b	start

/* HVC, or a branch in Hyp mode: every register is the kernel's. */
stop:
	str	r0, kept_r0
	mrs	r0, cpsr
	str	r0, kept_cpsr
	mrc	p15, 0, r0, c0, c0, 5		@ MPIDR
	and	r0, r0, #7
	lsl	r0, r0, #FRAME_SHIFT
	orr	r0, r0, #BOARD_FRAMES & 0xff000000
	orr	r0, r0, #BOARD_FRAMES & 0x00ff0000
	stmib	r0, {r1 - r12}
	ldr	r1, kept_r0
	str	r1, [r0]
	b	save

kept_r0:
	.word	0
kept_cpsr:
	.word	0
kept_pc:
	.word	0
turn:
	.word	0				@ the one that is on, or next
turns_left:
	.word	0
saved:						@ of the turn: address and word for each patch
	.space	PATCHES_MAX * 8

	/* what happens to every register that is banked, in the order of a state from W_R_FIQ on */
	.macro	banked operation
	.irp	reg, r8_fiq, r9_fiq, r10_fiq, r11_fiq, r12_fiq, SP_usr, SP_svc, SP_abt, SP_und, SP_irq, SP_fiq
	\operation \reg
	.endr
	.endm
	.macro	banked_links operation
	.irp	reg, LR_svc, LR_abt, LR_und, LR_irq, LR_fiq, SPSR_svc, SPSR_abt, SPSR_und, SPSR_irq, SPSR_fiq
	\operation \reg
	.endr
	.endm
	.macro	store_banked reg
	mrs	r1, \reg
	str	r1, [r2], #4
	.endm
	.macro	load_banked reg
	ldr	r1, [r2], #4
	msr	\reg, r1
	.endm
	.macro	store_system word, opc1, crn, crm, opc2
	mrc	p15, \opc1, r1, \crn, \crm, \opc2
	str	r1, [r0, #\word * 4]
	.endm
	.macro	load_system word, opc1, crn, crm, opc2
	ldr	r1, [r0, #\word * 4]
	mcr	p15, \opc1, r1, \crn, \crm, \opc2
	.endm

/* r0 = the frame, which has R0-R12 */
save:
	add	r2, r0, #W_R_FIQ * 4
	banked	store_banked
	mov	r1, sp
	str	r1, [r2], #4
	str	lr, [r2], #4			@ Hyp mode's is User mode's
	banked_links store_banked
	mrs	r1, spsr
	str	r1, [r2], #4
	mrs	r1, ELR_hyp
	str	r1, [r2], #4

	ldr	r3, turn
	ldr	r3, [r3, #T_KIND * 4]
	cmp	r3, #KIND_PL1
	ldrlo	r2, turn			@ Hyp mode: where it was told to stop
	ldrlo	r1, [r2, #T_STOP * 4]
	ldrlo	r2, kept_cpsr
	mrseq	r1, ELR_hyp
	mrseq	r2, spsr
	mrshi	r1, LR_svc
	mrshi	r2, SPSR_svc
	subhs	r1, r1, #4
	str	r1, [r0, #W_PC * 4]
	str	r2, [r0, #W_CPSR * 4]

	store_system W_HCPTR, 4, c1, c1, 2
	store_system W_CPACR, 0, c1, c0, 2
	store_system W_HCR, 4, c1, c1, 0
	store_system W_HSR, 4, c5, c2, 0
	store_system W_VBAR, 0, c12, c0, 0
	store_system W_HVBAR, 4, c12, c0, 0
	mov	r1, #0				@ Hyp mode may use FP, too
	mcr	p15, 4, r1, c1, c1, 2
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

	adr	r1, saved			@ the instructions that belong there
	mov	r4, #PATCHES_MAX
1:	ldm	r1!, {r2, r3}
	cmp	r2, #0
	strne	r3, [r2]
	subs	r4, r4, #1
	bne	1b
	bl	synchronise

/* r0 = the frame of the core whose turn it was */
tell:
	mov	r1, r0
	mov	r2, #STATE_WORDS * 4
	bl	write
	ldr	r5, turn
	ldr	r1, [r5, #T_DUMP * 4]
	ldr	r2, [r5, #T_DUMP_BYTES * 4]
	bl	write

	ldr	r1, [r5, #T_PATCHES * 4]
	ldr	r2, [r5, #T_CHANGES * 4]
	add	r1, r1, r2
	add	r5, r5, #TURN_WORDS * 4
	add	r5, r5, r1, lsl #3
	ldr	r1, turns_left
	subs	r1, r1, #1
	beq	finish
	str	r1, turns_left
	dmb
	str	r5, turn
	dmb
	sev

/* Until it is this core's turn. */
wait:
	mrc	p15, 0, r0, c0, c0, 5
	and	r0, r0, #7
	ldr	r5, turn
	cmp	r5, #0
	beq	2f
	ldr	r1, [r5, #T_CPU * 4]
	cmp	r0, r1
	beq	go
2:	wfe
	b	wait

/* r0 = the core, r5 = its turn */
go:
	lsl	r0, r0, #FRAME_SHIFT
	orr	r0, r0, #BOARD_FRAMES & 0xff000000
	orr	r0, r0, #BOARD_FRAMES & 0x00ff0000
	ldr	r4, [r5, #T_PATCHES * 4]
	ldr	r6, [r5, #T_CHANGES * 4]
	add	r5, r5, #TURN_WORDS * 4
	add	r7, r5, r4, lsl #3		@ changes lie behind patches

1:	subs	r6, r6, #1
	blo	2f
	ldm	r7!, {r2, r3}
	cmp	r2, #STATE_WORDS
	strlo	r3, [r0, r2, lsl #2]
	strhs	r3, [r2]
	b	1b

2:	ldr	r1, turn
	ldr	r1, [r1, #T_KIND * 4]
	cmp	r1, #KIND_NONE
	beq	tell
	adr	r1, saved
	mov	r6, #PATCHES_MAX
	mov	r2, #0
3:	subs	r4, r4, #1
	blo	4f
	ldm	r5!, {r2, r3}
	ldr	r7, [r2]
	str	r3, [r2]
	stm	r1!, {r2, r7}
	sub	r6, r6, #1
	b	3b
4:	mov	r2, #0
5:	subs	r6, r6, #1
	stmhs	r1!, {r2, r7}
	bhs	5b
	bl	synchronise

	add	r1, r0, #W_D * 4
	vldmia	r1!, {d0 - d15}
	vldmia	r1, {d16 - d31}
	ldr	r1, [r0, #W_FPSCR * 4]
	vmsr	fpscr, r1
	ldr	r1, [r0, #W_FPEXC * 4]
	vmsr	fpexc, r1
	load_system W_CPACR, 0, c1, c0, 2
	load_system W_HSR, 4, c5, c2, 0
	load_system W_HCPTR, 4, c1, c1, 2
	isb
	add	r2, r0, #W_R_FIQ * 4
	banked	load_banked
	ldr	sp, [r2], #4
	ldr	lr, [r2], #4
	banked_links load_banked
	ldr	r1, [r0, #W_CPSR * 4]
	ldr	r2, [r0, #W_PC * 4]
	and	r3, r1, #0x1f
	cmp	r3, #0x1a
	beq	6f
	msr	SPSR_cxsf, r1
	msr	ELR_hyp, r2
	ldm	r0, {r0 - r12}
	eret

6:	str	r2, kept_pc			@ Hyp mode: its own SPSR and ELR stay as they are
	ldr	r2, [r0, #(W_SPSR + 5) * 4]
	msr	SPSR_cxsf, r2
	ldr	r2, [r0, #W_ELR_HYP * 4]
	msr	ELR_hyp, r2
	ldr	r2, [r0]
	str	r2, kept_r0
	msr	CPSR_cxsf, r1
	ldmib	r0, {r1 - r12}
	ldr	r0, kept_r0
	ldr	pc, kept_pc

/* Instructions have been written. */
synchronise:
	dsb
	mov	r1, #0
	mcr	p15, 0, r1, c7, c1, 0		@ ICIALLUIS
	mcr	p15, 0, r1, c7, c1, 6		@ BPIALLIS
	dsb
	isb
	bx	lr

/* r2 bytes from r1 */
write:
	cmp	r2, #0
	bxeq	lr
	setend	le
	adr	r3, arguments
	ldr	r4, handle
	stm	r3, {r4}
	str	r1, [r3, #4]
	str	r2, [r3, #8]
	mov	r1, r3
	semihost SYS_WRITE
#ifdef __ARMEB__
	setend	be
#endif
	bx	lr

finish:
	ldr	r0, =BOARD_SCHEDULE
	ldr	r1, [r0, #H_RAM * 4]
	ldr	r2, [r0, #H_RAM_BYTES * 4]
	bl	write
	mov	r1, #0x20000			@ ADP_Stopped_ApplicationExit
	orr	r1, r1, #0x26
	semihost SYS_EXIT
	b	.

arguments:
	.space	12
handle:
	.word	0
console:
	.asciz	":tt"
	.balign	4

#define VTCR_GIBS (1 << 31 | 1 << 6)		/* RES1; the first level is of blocks of 1 GiB */
#define PSCI_CPU_ON 0x84000003

start:
	set_byte_order
	ldr	r1, =VTCR_GIBS
	mcr	p15, 4, r1, c2, c1, 2		@ VTCR
	mov	r1, #0				@ the model's cores come out of reset with 0 in what the kernel saves
	.irp	crm, 0, 1
	mcr	p15, 0, r1, c5, c\crm, 0
	mcr	p15, 0, r1, c5, c\crm, 1
	.endr
	mcr	p15, 0, r1, c6, c0, 0
	mcr	p15, 0, r1, c6, c0, 2
	mcr	p15, 0, r1, c10, c2, 0
	mcr	p15, 0, r1, c10, c2, 1
	mcr	p15, 0, r1, c3, c0, 0
	mcr	p15, 4, r1, c1, c1, 1		@ HDCR: no counters
	mcr	p15, 4, r1, c1, c1, 2		@ HCPTR
	isb
	mov	r1, #1 << 30
	vmsr	fpexc, r1
	mrc	p15, 0, r0, c0, c0, 5
	ands	r8, r0, #7
	bne	wait

	ldr	r0, =BOARD_SCHEDULE
	ldr	r6, [r0, #H_COPIES * 4]
	ldr	r7, [r0, #H_CPUS * 4]
	ldr	r9, [r0, #H_TURNS * 4]
	add	r5, r0, #HEAD_WORDS * 4
1:	subs	r6, r6, #1
	blo	3f
	ldm	r5!, {r1 - r3}
2:	ldr	r4, [r2], #4
	str	r4, [r1], #4
	subs	r3, r3, #4
	bhi	2b
	b	1b
3:	str	r9, turns_left

	setend	le
	adr	r1, arguments
	adr	r2, console
	str	r2, [r1]
	mov	r2, #5				@ "wb"
	str	r2, [r1, #4]
	mov	r2, #3
	str	r2, [r1, #8]
	semihost SYS_OPEN
	str	r0, handle
#ifdef __ARMEB__
	setend	be
#endif

	mov	r6, #1
4:	cmp	r6, r7
	bhs	5f
	ldr	r0, =PSCI_CPU_ON
	mov	r1, r6
	ldr	r2, =BOARD_MONITOR
	mov	r3, #0
	smc	#0
	add	r6, r6, #1
	b	4b
5:	str	r5, turn
	b	wait
	.pool
