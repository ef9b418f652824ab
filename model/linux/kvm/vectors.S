/* SPDX-License-Identifier: MIT */
/* The third piece of the world switch: see into_guest.S. */
	configure_hyp_role vmexit
	load_host_cp15
	restore_host_regs
	clrex
#ifdef __ARMEB__
	mov	r0, #0				@ the high word of a u64; r1 has the low one
#else
	mov	r0, r1
	mov	r1, #0
#endif
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
