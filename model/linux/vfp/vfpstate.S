/* SPDX-License-Identifier: MIT */
/* What is done with whole states in memory, and to be allowed to touch the registers. */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/vfpmacros.h>

/* void vfp_enable(void) */
	.section .text.vfp_enable, "ax"
ENTRY(vfp_enable)
	mrc	p15, 0, r0, c1, c0, 2		@ CPACR
	orr	r0, r0, #(0xf << 20)
	mcr	p15, 0, r0, c1, c0, 2
	isb
	bx	lr
ENDPROC(vfp_enable)

/* void vfp_copy_hard(struct vfp_hard_struct *to, const struct vfp_hard_struct *from) */
	.section .text.vfp_copy_hard, "ax"
ENTRY(vfp_copy_hard)
	push	{r4 - r11}
	mov	r12, #8
1:	ldmia	r1!, {r4 - r11}
	stmia	r0!, {r4 - r11}
	subs	r12, r12, #1
	bne	1b
	ldm	r1, {r4 - r7}			@ FPEXC, FPSCR, FPINST, FPINST2
	stm	r0, {r4 - r7}
	pop	{r4 - r11}
	bx	lr
ENDPROC(vfp_copy_hard)

/* void vfp_clear_hard(struct vfp_hard_struct *hard) */
	.section .text.vfp_clear_hard, "ax"
ENTRY(vfp_clear_hard)
	push	{r4 - r9}
	.irp	reg, r2, r3, r4, r5, r6, r7, r8, r9
	mov	\reg, #0
	.endr
	mov	r12, #8
1:	stmia	r0!, {r2 - r9}
	subs	r12, r12, #1
	bne	1b
	stm	r0, {r2 - r5}
	pop	{r4 - r9}
	bx	lr
ENDPROC(vfp_clear_hard)
