/* SPDX-License-Identifier: MIT */
/*
 * v5 and v6 of the series: the vCPU has a shadow of HCPTR, and that is the dirty flag, too. vcpu_load saves the host's
 * FPEXC, sets EN and arms the traps in the shadow; the trap handler clears them there; "dirty" means that they are
 * clear. vcpu_put switches the registers back when dirty, and always restores the host's FPEXC.
 */
#include <kvm/into_guest.S>

	ldr	r2, [vcpu, #VCPU_HCPTR]
	mcr	p15, 4, r2, c1, c1, 2

#include <kvm/out_of_guest.S>

	set_hcptr vmexit, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))

#include <kvm/vectors.S>

	set_hcptr vmtrap, (HCPTR_TCP(10) | HCPTR_TCP(11))
	str	r3, [vcpu, #VCPU_HCPTR]		@ what set_hcptr wrote
	switch_vfp_to_guest

#include <kvm/repeat.S>

/* void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu): SVC mode, preemption disabled */
	.section .text.kvm_arch_vcpu_load, "ax"
ENTRY(kvm_arch_vcpu_load)
	vcpu_loaded_on r1
	save_host_fpexc
	ldr	r2, =(HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))
	str	r2, [vcpu, #VCPU_HCPTR]
	bx	lr
	.pool
ENDPROC(kvm_arch_vcpu_load)

/* void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu): SVC mode, preemption disabled */
	.section .text.kvm_arch_vcpu_put, "ax"
ENTRY(kvm_arch_vcpu_put)
	vcpu_loaded_nowhere
	ldr	r2, [vcpu, #VCPU_HCPTR]
	tst	r2, #(HCPTR_TCP(10) | HCPTR_TCP(11))
	bne	kvm_arch_vcpu_put_fpexc
	push	{r4 - r7}
	switch_vfp_to_host
	pop	{r4 - r7}
kvm_arch_vcpu_put_fpexc:
	restore_host_fpexc
	bx	lr
	.pool
ENDPROC(kvm_arch_vcpu_put)
