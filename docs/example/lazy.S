/* SPDX-License-Identifier: MIT */
/* An example: the guest's FP registers stay in the CPU until vcpu_put, with flag and FPEXC in fields of its own. */
#include <kvm/into_guest.S>

	ldr	r2, [vcpu, #VCPU_LAZY_DIRTY]
	cmp	r2, #0
	bne	lazy_entered			@ the registers are the guest's: no trap, and EN is its own
	VFPFMRX	r2, FPEXC
	str	r2, [vcpu, #VCPU_LAZY_FPEXC]
	orr	r2, r2, #FPEXC_EN		@ or FP accesses would be UNDEFINED, not trapped
	VFPFMXR	FPEXC, r2
	set_hcptr vmentry, (HCPTR_TCP(10) | HCPTR_TCP(11))
lazy_entered:
	set_hcptr vmentry, HCPTR_TTA

#include <kvm/out_of_guest.S>

	set_hcptr vmexit, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))
	ldr	r2, [vcpu, #VCPU_LAZY_DIRTY]
	cmp	r2, #0
	bne	lazy_left
	ldr	r2, [vcpu, #VCPU_LAZY_FPEXC]
	VFPFMXR	FPEXC, r2
lazy_left:

#include <kvm/vectors.S>

	set_hcptr vmtrap, (HCPTR_TCP(10) | HCPTR_TCP(11))
	mov	r2, #1
	str	r2, [vcpu, #VCPU_LAZY_DIRTY]
	switch_vfp_to_guest

#include <kvm/repeat.S>

/* void lazy_switch_to_host(struct kvm_vcpu *vcpu): for lazy.c */
	.section .text.lazy_switch_to_host, "ax"
ENTRY(lazy_switch_to_host)
	push	{r4 - r7}
	switch_vfp_to_host
	pop	{r4 - r7}
	ldr	r2, [vcpu, #VCPU_LAZY_FPEXC]
	VFPFMXR	FPEXC, r2
	bx	lr
ENDPROC(lazy_switch_to_host)
