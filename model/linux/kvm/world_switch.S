/* SPDX-License-Identifier: MIT */
/*
 * The world switch: host to guest and back, and the Hyp vectors (Linux: arch/arm/kvm/interrupts.S, around v4.3).
 *
 * A variant includes this file after it has said, in three macros, what it does with the FP unit. In each, r0 is the
 * vCPU, Hyp mode, interrupts masked:
 *
 *	vfp_vmentry	on the way into the guest; r2-r12 are free; also sets the HCPTR traps
 *	vfp_vmexit	on the way out; r2-r12 are free, r1 is not; also clears the HCPTR traps
 *	vfp_vmtrap	at an FP access of the guest that HCPTR trapped, which will be repeated; r3-r7 are free, r2 too
 *
 * ENTRY_POINT is ENTRY, or WEAK in the variant that all images contain.
 */
#ifndef ENTRY_POINT
#define ENTRY_POINT ENTRY
#endif

/* int __kvm_vcpu_run(struct kvm_vcpu *vcpu), through HVC; returns the exit code */
	.section .text.hyp, "ax"
ENTRY_POINT(__kvm_vcpu_run)
	mcr	p15, 4, vcpu, c13, c0, 2	@ HTPIDR
	save_host_regs
	load_guest_cp15
	vfp_vmentry
	configure_hyp_role vmentry
	set_hstr vmentry
	set_hdcr vmentry
	set_vttbr vmentry
	restore_guest_regs
	clrex
	eret

/* r0 = vCPU, r1 = exit code, the guest's r0-r2 on the stack */
__kvm_vcpu_return:
	save_guest_regs
	set_vttbr vmexit
	set_hstr vmexit
	set_hdcr vmexit
	vfp_vmexit
	configure_hyp_role vmexit
	load_host_cp15
	restore_host_regs
	clrex
	mov	r0, r1
	bx	lr
	.pool
ENDPROC(__kvm_vcpu_run)

	.balign	32
ENTRY_POINT(__kvm_hyp_vector)
	b	hyp_panic			@ reset
	b	hyp_panic			@ undefined instruction in Hyp
	b	hyp_panic			@ HVC in Hyp
	b	hyp_panic			@ prefetch abort in Hyp
	b	hyp_panic			@ data abort in Hyp
	b	hyp_hvc				@ HVC, or a trap
	b	hyp_irq
	b	hyp_panic			@ FIQ
ENDPROC(__kvm_hyp_vector)

hyp_panic:
	mov	r0, #PANIC_HYP
	world	WORLD_PANIC

hyp_hvc:
	push	{r0, r1, r2}
	mrc	p15, 4, r1, c5, c2, 0		@ HSR
	lsr	r2, r1, #HSR_EC_SHIFT
	cmp	r2, #HSR_EC_HVC
	bne	guest_trap
	mrrc	p15, 6, r0, r2, c2		@ VTTBR
	lsr	r2, r2, #16
	ands	r2, r2, #0xff			@ VMID
	bne	guest_trap

	/* The host calls: r0 = function, r1-r3 = its arguments. LR is the user's own in Hyp mode. */
	pop	{r0, r1, r2}
	push	{lr}
	mrs	lr, SPSR
	push	{lr}
	mov	lr, r0
	mov	r0, r1
	mov	r1, r2
	mov	r2, r3
	blx	lr
	pop	{lr}
	msr	SPSR_cxsf, lr
	pop	{lr}
	eret

guest_trap:
	load_vcpu
	str	r1, [vcpu, #VCPU_HSR]
	cmp	r2, #HSR_EC_CP_0_13
	beq	switch_to_guest_vfp
	mov	r1, #ARM_EXCEPTION_HVC
	b	__kvm_vcpu_return

hyp_irq:
	push	{r0, r1, r2}
	mov	r1, #ARM_EXCEPTION_IRQ
	load_vcpu
	b	__kvm_vcpu_return

switch_to_guest_vfp:
	push	{r3 - r7}
	vfp_vmtrap
	pop	{r3 - r7}
	pop	{r0 - r2}
	clrex
	eret
	.pool
