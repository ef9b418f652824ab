/* SPDX-License-Identifier: MIT */
/* A world switch that never enters the guest, with code that is never executed. */
#include <linux/linkage.h>
#include <asm/kvm_asm.h>

	.section .hyp.text, "ax"
ENTRY(__kvm_vcpu_run)
	mov	r0, #ARM_EXCEPTION_IRQ
	cmp	r0, #ARM_EXCEPTION_IRQ
	beq	1f
	mov	r1, #0
	mov	r2, #0
1:	movne	r0, #0
	bx	lr
ENDPROC(__kvm_vcpu_run)

ENTRY(nobody_calls_it)
	mov	r0, #0
	bx	lr
ENDPROC(nobody_calls_it)
