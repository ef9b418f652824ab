/* SPDX-License-Identifier: MIT */
/* The other half: v3's vcpu_put in C. With -DFORGETFUL it leaves the dirty flag set; POLICY_HEADER needs a
 * -I. */
#include <asm/kvm_host.h>
#ifdef POLICY_HEADER
#include <policy.h>
#endif

void switch_to_host(struct kvm_vcpu *vcpu);

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
	if (!vcpu->arch.vfp_dirty)
		return;
	switch_to_host(vcpu);
#ifndef FORGETFUL
	vcpu->arch.vfp_dirty = false;
#endif
}
