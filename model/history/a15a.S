/* SPDX-License-Identifier: MIT */
/*
 * A15a: two CPUs remember one thread
 *
 * "ARM: vfp: fix a hole in VFP thread migration", Russell King, 2011-07-09 (f8f2a8522a88), first hole.
 *
 * A CPU remembered whose registers it held, and nobody else did. A thread noted the CPU that had saved it last; on the way to a thread
 * that had been saved elsewhere, its new CPU forgot whatever it remembered. That did not help the CPU that the thread had left: it
 * still remembered it. When the thread had been stopped by ptrace on the other CPU, its tracer on this one took the old
 * registers for the thread's and saved them over the newer ones. Mended: CPU and thread must both say so.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/vfpmacros.h>

#ifdef BROKEN
/* Saves the registers, and which CPU they were in; forgets what was here if the next thread comes from elsewhere. */
	.section .text.vfp_thread_switch, "ax"
ENTRY(vfp_thread_switch)
	push	{r4 - r7, lr}
	mov	r4, r0
	ldr	r5, [r4, #TI_CPU]
	ldr	r6, =vfp_current_hw_state
	VFPFMRX	r7, FPEXC
	ldr	r0, [r6, r5, lsl #2]
	tst	r7, #FPEXC_EN
	cmpne	r0, #0
	beq	1f
	str	r5, [r0, #VFP_CPU]
	mov	r1, r7
	bl	vfp_save_state
1:	ldr	r0, [r4, #(TI_VFPSTATE + VFP_CPU)]
	cmp	r0, r5
	movne	r0, #0
	strne	r0, [r6, r5, lsl #2]
	bic	r7, r7, #FPEXC_EN
	VFPFMXR	FPEXC, r7
	pop	{r4 - r7, pc}
	.pool
ENDPROC(vfp_thread_switch)

/* Believes this CPU. */
	.section .text.vfp_sync_hwstate, "ax"
ENTRY(vfp_sync_hwstate)
	push	{r4, r5, lr}
	get_thread_info r4
	inc_preempt_count r4, r1
	ldr	r1, [r4, #TI_CPU]
	ldr	r2, =vfp_current_hw_state
	ldr	r2, [r2, r1, lsl #2]
	add	r0, r0, #TI_VFPSTATE
	cmp	r2, r0
	bne	1f
	VFPFMRX	r5, FPEXC
	orr	r1, r5, #FPEXC_EN
	VFPFMXR	FPEXC, r1
	bl	vfp_save_state
	VFPFMXR	FPEXC, r5
1:	dec_preempt_count r4, r1
	pop	{r4, r5, pc}
	.pool
ENDPROC(vfp_sync_hwstate)

#define ONE_WAY
#undef WEAK
#define WEAK ENTRY
#include <vfp/vfphw.S>
#endif
