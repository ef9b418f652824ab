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
	vcpu_loaded_on r1
	save_host_fpexc
	bx	lr
	.pool
ENDPROC(kvm_arch_vcpu_load)
