/* SPDX-License-Identifier: MIT */
/*
 * Patch 2/3 of the series of 2015, v3, as posted: the guest's registers stay in the CPU over exits, and vcpu_put
 * switches back if the dirty flag is set. Each entry with a clean flag saves the host's FPEXC and sets EN; each exit
 * with a clean flag restores it.
 *
 * The variants that differ from it in one thing define that thing and include this file.
 */
#ifndef LOAD_DIRTY
#define LOAD_DIRTY ldr				/* as posted: a byte is stored, a word is tested */
#endif

#include <kvm/interrupts_head.S>

	.macro	vfp_inlazy_mode, reg, label
	LOAD_DIRTY \reg, [vcpu, #VCPU_VFP_DIRTY]
	cmp	\reg, #1
	beq	\label
	.endm

#ifndef SAVE_HOST_FPEXC
#define SAVE_HOST_FPEXC save_host_fpexc
#endif
#ifndef RESTORE_HOST_FPEXC
#define RESTORE_HOST_FPEXC restore_host_fpexc
#endif
#ifndef CLEAR_TRAPS
#define CLEAR_TRAPS set_hcptr vmtrap, (HCPTR_TCP(10) | HCPTR_TCP(11))
#endif

	.macro	nothing
	.endm

#include <kvm/into_guest.S>

	vfp_inlazy_mode r7, skip_guest_vfp_trap
	SAVE_HOST_FPEXC
	set_hcptr vmentry, (HCPTR_TCP(10) | HCPTR_TCP(11))
skip_guest_vfp_trap:
	set_hcptr vmentry, HCPTR_TTA

#include <kvm/out_of_guest.S>

	set_hcptr vmexit, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))
	vfp_inlazy_mode r2, skip_restore_host_fpexc
	RESTORE_HOST_FPEXC
skip_restore_host_fpexc:

#include <kvm/vectors.S>

	CLEAR_TRAPS
	mov	r2, #1
	strb	r2, [vcpu, #VCPU_VFP_DIRTY]
	switch_vfp_to_guest

#include <kvm/repeat.S>

#ifndef NO_PUT
/* void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu): SVC mode, preemption disabled */
	.section .text.kvm_arch_vcpu_put, "ax"
ENTRY(kvm_arch_vcpu_put)
	vcpu_loaded_nowhere
	ldrb	r2, [vcpu, #VCPU_VFP_DIRTY]
	cmp	r2, #0
#ifdef PUT_FPEXC_ALWAYS
	beq	kvm_arch_vcpu_put_fpexc
#else
	bxeq	lr
#endif
	push	{r4 - r7}
	switch_vfp_to_host
	mov	r2, #0
	strb	r2, [vcpu, #VCPU_VFP_DIRTY]
	pop	{r4 - r7}
kvm_arch_vcpu_put_fpexc:
	restore_host_fpexc
	bx	lr
	.pool
ENDPROC(kvm_arch_vcpu_put)
#endif
