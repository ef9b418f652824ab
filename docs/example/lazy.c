/* SPDX-License-Identifier: MIT */
/* The other half of the example: vcpu_put. With -D CARELESS it forgets that it has put the registers back. */
#include <asm/asm-offsets.h>
#include <asm/kvm_host.h>

#define lazy_dirty(vcpu) (*(u32 *)((char *)(vcpu) + VCPU_LAZY_DIRTY))

void lazy_switch_to_host(struct kvm_vcpu *vcpu);

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
	if (!lazy_dirty(vcpu))
		return;
	lazy_switch_to_host(vcpu);
#ifndef CARELESS
	lazy_dirty(vcpu) = 0;
#endif
}
