/* SPDX-License-Identifier: MIT */
/*
 * The reviewer's proposal: nothing but HCPTR at entry and exit. vcpu_load saves the host's FPEXC and sets EN, once;
 * vcpu_put always restores FPEXC, and the registers if they are the guest's.
 */
#define LOAD_DIRTY ldrb
#define SAVE_HOST_FPEXC nothing
#define RESTORE_HOST_FPEXC nothing
#ifndef PUT_ONLY_IF_DIRTY
#define PUT_FPEXC_ALWAYS
#endif
#include "v3.S"

/* void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu): SVC mode, preemption disabled */
	.section .text.kvm_arch_vcpu_load, "ax"
ENTRY(kvm_arch_vcpu_load)
	str	r1, [vcpu, #VCPU_CPU]
	ldr	r2, =kvm_host_cpu_state
	mov	r3, #VFP_STATE_SIZE
	mla	r2, r1, r3, r2
	str	r2, [vcpu, #VCPU_VFP_HOST]
	save_host_fpexc
	bx	lr
	.pool
ENDPROC(kvm_arch_vcpu_load)
