/* SPDX-License-Identifier: MIT */
/* A virtual CPU (Linux: arch/arm/include/asm/kvm_host.h), reduced to what a world switch handles. */
#ifndef ASM_KVM_HOST_H
#define ASM_KVM_HOST_H

#include <asm/fpstate.h>

typedef struct vfp_hard_struct kvm_cpu_context_t;

struct kvm_banked_regs {
	u32 sp, lr, spsr;
};

struct kvm_regs {
	u32 r[13], sp, lr; /* as USR mode sees them */
	u32 pc, cpsr;
	struct kvm_banked_regs svc, abt, und, irq;
};

struct kvm_vcpu_arch {
	bool vfp_dirty;                      /* for variants: the FP registers are the guest's */
	kvm_cpu_context_t *host_cpu_context; /* where this CPU's host FP state goes */
	u32 host_fpexc;                      /* for variants */
	u32 hcptr;                           /* for variants: a shadow of HCPTR */
	u32 scratch[4];                      /* for variants that nobody has thought of yet */
	u32 hcr;
	u32 hsr;
	u64 vttbr;
	u32 cp15[NR_VCPU_CP15];
	struct kvm_regs regs;
	u32 pad;
	struct vfp_hard_struct vfp_guest;
};

struct kvm_vcpu {
	int cpu; /* where it is loaded; -1: nowhere */
	u32 vcpu_id;
	struct kvm_vcpu_arch arch;
};

CHECK_OFFSET(struct kvm_vcpu, cpu, VCPU_CPU);
CHECK_OFFSET(struct kvm_vcpu, arch.vfp_dirty, VCPU_VFP_DIRTY);
CHECK_OFFSET(struct kvm_vcpu, arch.host_cpu_context, VCPU_VFP_HOST);
CHECK_OFFSET(struct kvm_vcpu, arch.host_fpexc, VCPU_VFP_HOST_FPEXC);
CHECK_OFFSET(struct kvm_vcpu, arch.hcptr, VCPU_HCPTR);
CHECK_OFFSET(struct kvm_vcpu, arch.scratch, VCPU_SCRATCH);
CHECK_OFFSET(struct kvm_vcpu, arch.hcr, VCPU_HCR);
CHECK_OFFSET(struct kvm_vcpu, arch.hsr, VCPU_HSR);
CHECK_OFFSET(struct kvm_vcpu, arch.vttbr, VCPU_VTTBR);
CHECK_OFFSET(struct kvm_vcpu, arch.cp15, VCPU_CP15);
CHECK_OFFSET(struct kvm_vcpu, arch.regs, VCPU_USR_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.pc, VCPU_PC);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.cpsr, VCPU_CPSR);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.svc, VCPU_SVC_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.irq, VCPU_IRQ_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.vfp_guest, VCPU_VFP_GUEST);
_Static_assert(sizeof(struct kvm_vcpu) == VCPU_SIZE, "see layout.h");

extern struct kvm_vcpu kvm_vcpus[NR_VCPUS];
extern kvm_cpu_context_t kvm_host_cpu_state[NR_CPUS];

/* What a variant may override. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu);
extern char __kvm_hyp_vector[];
int __kvm_vcpu_run(struct kvm_vcpu *vcpu);

/* What the rest of the kernel calls. */
void kvm_sched_out(struct kvm_vcpu *vcpu);
void kvm_sched_in(struct kvm_vcpu *vcpu, u32 cpu);

enum kvm_ioctl { KVM_RUN, KVM_ONE_REG };
void kvm_vcpu_ioctl(enum kvm_ioctl ioctl);
void kvm_arch_vcpu_ioctl_one_reg(struct kvm_vcpu *vcpu);
void kvm_init_vcpu(struct kvm_vcpu *vcpu, u32 id);

#endif
