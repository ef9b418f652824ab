/* SPDX-License-Identifier: MIT */
/*
 * The host's lazy VFP switch, the part in assembly (Linux: arch/arm/vfp/vfphw.S, VFPv3 and later).
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/vfpmacros.h>

/* Does a thread know which CPU has loaded its state? Not before 2011, and without CONFIG_SMP there is nothing to know. */
#if defined(CONFIG_SMP) && !defined(ONE_WAY)
#define TWO_WAY
#endif

/* What else than preemption must be kept away, and until when: nothing. Kernels of 2023 disable softirqs. */
#ifndef VFP_LOCK
#define VFP_LOCK
#define VFP_UNLOCK dec_preempt_count
#endif

/*
 * A user thread executed an FP instruction that is UNDEFINED.
 *
 *  r0  = the instruction
 *  r2  = address behind it
 *  r9  = where to go on if it can be repeated
 *  r10 = this thread's vfp_state
 *  r11 = this CPU's number
 *  lr  = where to go on if it cannot be helped
 *  sp  = struct pt_regs
 *
 * Preemption is disabled by the caller and enabled here.
 */
	.section .text.vfp_support_entry, "ax"
WEAK(vfp_support_entry)
	VFP_LOCK
	VFPFMRX	r1, FPEXC
	tst	r1, #FPEXC_EN
	bne	look_for_VFP_exceptions		@ enabled already: then it is something else

	ldr	r3, =vfp_current_hw_state
	orr	r1, r1, #FPEXC_EN
	ldr	r4, [r3, r11, lsl #2]
	cmp	r4, r10				@ does this CPU hold this thread's state,
#ifdef TWO_WAY
	bne	vfp_reload_hw
	ldr	r5, [r10, #VFP_CPU]
	cmp	r5, r11				@ and is it the newest?
#endif
	beq	vfp_hw_state_valid

vfp_reload_hw:
	bic	r5, r1, #FPEXC_EX
	VFPFMXR	FPEXC, r5			@ enable it, with no exception pending, to touch the registers
#ifndef CONFIG_SMP
	cmp	r4, #0				@ nobody saved the old owner's registers when it was switched out
	beq	2f
	VFPFSTMIA r4, r5
	VFPFMRX	r5, FPSCR
	tst	r1, #FPEXC_EX
	beq	1f
	VFPFMRX	r6, FPINST
	tst	r1, #FPEXC_FP2V
	beq	1f
	VFPFMRX	r8, FPINST2
1:	stmia	r4, {r1, r5, r6, r8}
2:
#endif
	str	r10, [r3, r11, lsl #2]
#ifdef TWO_WAY
	str	r11, [r10, #VFP_CPU]
#endif
	mov	r4, r10
	VFPFLDMIA r4, r5
	ldmia	r4, {r1, r5, r6, r8}		@ FPEXC, FPSCR, FPINST, FPINST2
	tst	r1, #FPEXC_EX
	beq	1f
	VFPFMXR	FPINST, r6
	tst	r1, #FPEXC_FP2V
	beq	1f
	VFPFMXR	FPINST2, r8
1:	VFPFMXR	FPSCR, r5

vfp_hw_state_valid:
	tst	r1, #FPEXC_EX
	bne	process_exception		@ it has been pending since the thread was here last
	VFPFMXR	FPEXC, r1
	sub	r2, r2, #4
	str	r2, [sp, #S_PC]			@ repeat the instruction
	get_thread_info r10
	VFP_UNLOCK r10, r4
	bx	r9

look_for_VFP_exceptions:
	tst	r1, #(FPEXC_EX | FPEXC_DEX)
	bne	process_exception
	get_thread_info r10
	VFP_UNLOCK r10, r4
	bx	lr

process_exception:
	mov	r2, sp
	mov	lr, r9
	b	VFP_bounce			@ enables preemption
	.pool
ENDPROC(vfp_support_entry)

/* void vfp_save_state(union vfp_state *location, u32 fpexc): needs FPEXC.EN */
	.section .text.vfp_save_state, "ax"
WEAK(vfp_save_state)
	VFPFSTMIA r0, r2
	VFPFMRX	r2, FPSCR
	tst	r1, #FPEXC_EX
	beq	1f
	VFPFMRX	r3, FPINST
	tst	r1, #FPEXC_FP2V
	beq	1f
	VFPFMRX	r12, FPINST2
1:	stmia	r0, {r1, r2, r3, r12}
	bx	lr
ENDPROC(vfp_save_state)
