/* SPDX-License-Identifier: MIT */
/*
 * Stands in for arch/arm/vfp/vfphw.S of a kernel tree, which may not be here: our own text of the same shape. OLD includes
 * what trees until 3.14 include; DEBUG prints; FORGET_LOAD is a mistake that a test makes.
 */
#include <linux/init.h>
#include <linux/linkage.h>
#include <asm/thread_info.h>
#include <asm/vfpmacros.h>
#include <linux/kern_levels.h>
#ifdef OLD
#include "../kernel/entry-header.S"
#else
#include <asm/assembler.h>
#include <asm/asm-offsets.h>
#endif

.macro	say text, value
#ifdef DEBUG
	push	{r0-r3, ip, lr}
	mov	r1, \value
	ldr	r0, =3f
	bl	printk
	pop	{r0-r3, ip, lr}
	.pushsection .rodata, "a"
3:	.ascii	KERN_DEBUG "VFP: \text %08x\n"
	.byte	0
	.popsection
#endif
.endm

.macro	leave where
#ifdef OLD
#ifdef CONFIG_PREEMPT_COUNT
	get_thread_info r10
	ldr	r4, [r10, #TI_PREEMPT]
	sub	r4, r4, #1
	str	r4, [r10, #TI_PREEMPT]
#endif
	mov	pc, \where
#else
	dec_preempt_count_ti r10, r4
	ret	\where
#endif
.endm

/* Stores the registers in the state at r4, which moves; r1 = FPEXC. */
.macro	store_state
	VFPFSTMIA r4, r5
	VFPFMRX	r5, FPSCR
	tst	r1, #FPEXC_EX
	beq	1f
	VFPFMRX	r6, FPINST
	tst	r1, #FPEXC_FP2V
	VFPFMRX	r8, FPINST2, ne
1:	stm	r4, {r1, r5, r6, r8}
.endm

/* r0 = instruction, r2 = address behind it, r9 = good return, r10 = this thread's state, r11 = CPU, lr = bad return */
ENTRY(vfp_support_entry)
	say	"state", r10
	ldr	r3, [sp, #S_PSR]
	and	r3, r3, #MODE_MASK
	cmp	r3, #USR_MODE
	bne	vfp_kmode_exception
	VFPFMRX	r1, FPEXC
	tst	r1, #FPEXC_EN
	bne	not_lazy

	ldr	r3, owners
	orr	r1, r1, #FPEXC_EN
	ldr	r4, [r3, r11, lsl #2]
	teq	r4, r10
#ifdef CONFIG_SMP
	ldreq	ip, [r10, #VFP_CPU]
	teqeq	ip, r11
#endif
	beq	has_registers

	bic	r5, r1, #FPEXC_EX
	VFPFMXR	FPEXC, r5
#ifdef CONFIG_SMP
	str	r11, [r10, #VFP_CPU]
#else
	cmp	r4, #0
	beq	load
	say	"old state", r4
	store_state
load:
#endif
	str	r10, [r3, r11, lsl #2]
	mov	r4, r10
#ifdef FORGET_LOAD
	add	r4, r4, #VFP_FPEXC
#else
	VFPFLDMIA r4, r5
#endif
	ldm	r4, {r1, r5, r6, r8}
	tst	r1, #FPEXC_EX
	beq	1f
	VFPFMXR	FPINST, r6
	tst	r1, #FPEXC_FP2V
	VFPFMXR	FPINST2, r8, ne
1:	VFPFMXR	FPSCR, r5

has_registers:
	tst	r1, #FPEXC_EX
	bne	bounce
	sub	r2, r2, #4
	VFPFMXR	FPEXC, r1
	str	r2, [sp, #S_PC]
	leave	r9

not_lazy:
	tst	r1, #(FPEXC_EX | FPEXC_DEX)
	bne	bounce
	VFPFMRX	r5, FPSCR
	tst	r5, #FPSCR_IXE
	bne	bounce
	leave	lr

bounce:
	mov	lr, r9
	mov	r2, sp
	b	VFP_bounce
ENDPROC(vfp_support_entry)

/* void vfp_save_state(union vfp_state *location, u32 fpexc) */
ENTRY(vfp_save_state)
	push	{r4-r6, r8}
	mov	r4, r0
	store_state
	pop	{r4-r6, r8}
#ifdef OLD
	mov	pc, lr
#else
	ret	lr
#endif
ENDPROC(vfp_save_state)

	.align
owners:	.word	vfp_current_hw_state

/* What the bounce code of Linux calls: a table of short pieces of code. */
ENTRY(vfp_get_float)
	add	pc, pc, r0, lsl #3
	nop
	.irp	n, 0, 1, 2, 3
1:	mrc	p10, 0, r0, c\n, c0, 0
	mov	pc, lr
	.org	1b + 8
1:	mrc	p10, 0, r0, c\n, c0, 4
	mov	pc, lr
	.org	1b + 8
	.endr
ENDPROC(vfp_get_float)

ENTRY(vfp_put_double)
	add	pc, pc, r2, lsl #3
	nop
	.irp	n, 0, 1, 2, 3
1:	fmdrr	d\n, r0, r1
	mov	pc, lr
	.org	1b + 8
	.endr
	.irp	n, 0, 1, 2, 3
1:	mcrr	p11, 3, r0, r1, c\n
	mov	pc, lr
	.org	1b + 8
	.endr
ENDPROC(vfp_put_double)
