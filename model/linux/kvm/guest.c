/* SPDX-License-Identifier: MIT */
/* What user space reads and writes of a vCPU's FP state (Linux: vfp_get_reg() and vfp_set_reg(),
 * arch/arm/kvm/coproc.c). */
#include <asm/kvm_host.h>
#include <asm/vfp.h>
#include <world.h>

/* Linux takes one register a call; here one call does them all. */
void kvm_arch_vcpu_ioctl_one_reg(struct kvm_vcpu *vcpu)
{
	if (!world_ask(ASK_WRITE)) {
		world_fp(FP_VCPU_PEEKED, vcpu->vcpu_id);
		return;
	}
	vcpu->arch.vfp_guest.fpexc = world_ask(ASK_ENABLE) ? FPEXC_EN : 0;
	world_fp(FP_VCPU_POKED, vcpu->vcpu_id);
}
