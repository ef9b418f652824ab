/* SPDX-License-Identifier: MIT */
/* A virtual CPU (Linux: arch/arm/include/asm/kvm_host.h), reduced to what a world switch handles. */
#ifndef ASM_KVM_HOST_H
#define ASM_KVM_HOST_H

#include <asm/asm-offsets.h>
#include <asm/fpstate.h>
#include <asm/kvm_asm.h>
#include <asm/ptrace.h>

typedef struct vfp_hard_struct kvm_cpu_context_t;

struct arch_timer_kvm {
	u32 enabled;
	u64 cntvoff;
};

struct vgic_dist {
	u32 vctrl_base; /* address of the GICH registers; 0: there is no VGIC */
};

struct kvm_arch {
	u64 vttbr; /* VMID; there is no stage-2 table */
	struct arch_timer_kvm timer;
	struct vgic_dist vgic;
};

/* A virtual machine. */
struct kvm {
	struct kvm_arch arch;
};

CHECK_OFFSET(struct kvm, arch.vttbr, KVM_VTTBR);
CHECK_OFFSET(struct kvm, arch.timer.enabled, KVM_TIMER_ENABLED);
CHECK_OFFSET(struct kvm, arch.timer.cntvoff, KVM_TIMER_CNTVOFF);
CHECK_OFFSET(struct kvm, arch.vgic.vctrl_base, KVM_VGIC_VCTRL);
_Static_assert(sizeof(struct kvm) == KVM_SIZE, "see layout.h");

enum { VGIC_NR_LR = 4 }; /* list registers: as Cortex-A15 has them */

struct vgic_v2_cpu_if {
	u32 vgic_hcr;
	u32 vgic_vmcr;
	u32 vgic_misr;
	u32 vgic_eisr[2];
	u32 vgic_elrsr[2];
	u32 vgic_apr;
	u32 vgic_lr[VGIC_NR_LR];
};

struct vgic_cpu {
	u32 nr_lr;
	struct vgic_v2_cpu_if vgic_v2;
	u32 pad;
};

CHECK_OFFSET(struct vgic_cpu, nr_lr, VGIC_CPU_NR_LR);
CHECK_OFFSET(struct vgic_cpu, vgic_v2.vgic_hcr, VGIC_V2_CPU_HCR);
CHECK_OFFSET(struct vgic_cpu, vgic_v2.vgic_vmcr, VGIC_V2_CPU_VMCR);
CHECK_OFFSET(struct vgic_cpu, vgic_v2.vgic_misr, VGIC_V2_CPU_MISR);
CHECK_OFFSET(struct vgic_cpu, vgic_v2.vgic_eisr, VGIC_V2_CPU_EISR);
CHECK_OFFSET(struct vgic_cpu, vgic_v2.vgic_elrsr, VGIC_V2_CPU_ELRSR);
CHECK_OFFSET(struct vgic_cpu, vgic_v2.vgic_apr, VGIC_V2_CPU_APR);
CHECK_OFFSET(struct vgic_cpu, vgic_v2.vgic_lr, VGIC_V2_CPU_LR);

struct arch_timer_cpu {
	u32 cntv_ctl;
	u64 cntv_cval;
};

struct kvm_regs {
	struct pt_regs usr_regs; /* as USR mode sees them */
	u32 svc_regs[3];         /* sp, lr, spsr */
	u32 abt_regs[3];
	u32 und_regs[3];
	u32 irq_regs[3];
	u32 fiq_regs[8]; /* r8-r12 before these */
};

/* What Hyp mode found out about the exit. */
struct kvm_vcpu_fault_info {
	u32 hsr;
	u32 hxfar;
	u32 hpfar;
	u32 hyp_pc;
};

struct kvm_vcpu_arch {
	bool vfp_dirty;                      /* for variants: the FP registers are the guest's */
	kvm_cpu_context_t *host_cpu_context; /* where this CPU's host FP state goes */
	u32 host_fpexc;                      /* for variants */
	u32 hcptr;                           /* for variants: a shadow of HCPTR */
	u32 scratch[4];                      /* for variants that nobody has thought of yet */
	u32 midr;
	u32 hcr;
	u32 irq_lines; /* virtual interrupts, as bits of HCR */
	struct kvm_vcpu_fault_info fault;
	u32 pad;
	u32 cp15[NR_CP15_REGS];
	struct kvm_regs regs;
	struct vgic_cpu vgic_cpu;
	struct arch_timer_cpu timer_cpu;
	struct vfp_hard_struct vfp_guest;
};

struct kvm_vcpu {
	int cpu; /* where it is loaded; -1: nowhere */
	u32 vcpu_id;
	struct kvm *kvm;
	struct kvm_vcpu_arch arch;
};

CHECK_OFFSET(struct kvm_vcpu, cpu, VCPU_CPU);
CHECK_OFFSET(struct kvm_vcpu, vcpu_id, VCPU_ID);
CHECK_OFFSET(struct kvm_vcpu, arch.vfp_dirty, VCPU_VFP_DIRTY);
CHECK_OFFSET(struct kvm_vcpu, arch.host_cpu_context, VCPU_VFP_HOST);
CHECK_OFFSET(struct kvm_vcpu, arch.host_fpexc, VCPU_VFP_HOST_FPEXC);
CHECK_OFFSET(struct kvm_vcpu, arch.hcptr, VCPU_HCPTR);
CHECK_OFFSET(struct kvm_vcpu, arch.scratch, VCPU_SCRATCH);
CHECK_OFFSET(struct kvm_vcpu, kvm, VCPU_KVM);
CHECK_OFFSET(struct kvm_vcpu, arch.midr, VCPU_MIDR);
CHECK_OFFSET(struct kvm_vcpu, arch.hcr, VCPU_HCR);
CHECK_OFFSET(struct kvm_vcpu, arch.irq_lines, VCPU_IRQ_LINES);
CHECK_OFFSET(struct kvm_vcpu, arch.fault.hsr, VCPU_HSR);
CHECK_OFFSET(struct kvm_vcpu, arch.fault.hxfar, VCPU_HxFAR);
CHECK_OFFSET(struct kvm_vcpu, arch.fault.hpfar, VCPU_HPFAR);
CHECK_OFFSET(struct kvm_vcpu, arch.fault.hyp_pc, VCPU_HYP_PC);
CHECK_OFFSET(struct kvm_vcpu, arch.cp15, VCPU_CP15);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.usr_regs, VCPU_USR_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.usr_regs.ARM_pc, VCPU_PC);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.usr_regs.ARM_cpsr, VCPU_CPSR);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.svc_regs, VCPU_SVC_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.abt_regs, VCPU_ABT_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.und_regs, VCPU_UND_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.irq_regs, VCPU_IRQ_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.regs.fiq_regs, VCPU_FIQ_REGS);
CHECK_OFFSET(struct kvm_vcpu, arch.vgic_cpu, VCPU_VGIC_CPU);
CHECK_OFFSET(struct kvm_vcpu, arch.timer_cpu.cntv_ctl, VCPU_TIMER_CNTV_CTL);
CHECK_OFFSET(struct kvm_vcpu, arch.timer_cpu.cntv_cval, VCPU_TIMER_CNTV_CVAL);
CHECK_OFFSET(struct kvm_vcpu, arch.vfp_guest, VCPU_VFP_GUEST);
_Static_assert(sizeof(struct kvm_vcpu) == VCPU_SIZE, "see layout.h");

extern struct kvm kvm_vms[NR_VCPUS];
extern struct kvm_vcpu kvm_vcpus[NR_VCPUS];
extern kvm_cpu_context_t kvm_host_cpu_state[NR_CPUS];

/* What a variant may override. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu);
u64 __kvm_vcpu_run(struct kvm_vcpu *vcpu);

/*
 * Calls function in Hyp mode with the arguments behind it: at most three words, and none but what registers hold. The
 * result, a u64 as in Linux, is in r0 and r1.
 */
u64 kvm_call_hyp(void *function, ...);

/* In the series of 2015, for kvm_arch_vcpu_put(): stores the guest's FP state, loads the host's. */
void kvm_restore_host_vfp_state(struct kvm_vcpu *vcpu);

/* What the rest of the kernel calls. */
void kvm_sched_out(struct kvm_vcpu *vcpu);
void kvm_sched_in(struct kvm_vcpu *vcpu, u32 cpu);

enum kvm_ioctl { KVM_RUN, KVM_ONE_REG };
void kvm_vcpu_ioctl(enum kvm_ioctl ioctl);
void kvm_arch_vcpu_ioctl_one_reg(struct kvm_vcpu *vcpu);
void kvm_init_vcpu(struct kvm_vcpu *vcpu, u32 id);

#endif
