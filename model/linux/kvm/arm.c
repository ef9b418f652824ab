/* SPDX-License-Identifier: MIT */
/* The vCPU and its run loop (Linux: arch/arm/kvm/arm.c and virt/kvm/kvm_main.c). */
#include <boot_params.h>
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_host.h>
#include <asm/neon.h>
#include <asm/ptrace.h>
#include <world.h>

struct kvm kvm_vms[NR_VCPUS] __ro_after_init;
struct kvm_vcpu kvm_vcpus[NR_VCPUS];
kvm_cpu_context_t kvm_host_cpu_state[NR_CPUS];

/* Its processor is number 0 of a cluster that no real one is in. */
#define GUEST_MPIDR (1u << 31 | 1u << 8)

extern char guest_choose[], guest_vectors[];

__weak void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	vcpu->cpu = cpu;
	vcpu->arch.host_cpu_context = &kvm_host_cpu_state[cpu];
}

__weak void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

/* The world brackets: from here on FPEXC is KVM's to change, and no business of the host's VFP code. */
static void arch_vcpu_load(struct kvm_vcpu *vcpu, u32 cpu)
{
	world_call(WORLD_KVM_ENTER);
	kvm_arch_vcpu_load(vcpu, (int)cpu);
	world_call(WORLD_KVM_LEAVE);
}

static void arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	world_call(WORLD_KVM_ENTER);
	kvm_arch_vcpu_put(vcpu);
	world_call(WORLD_KVM_LEAVE);
}

/* The preempt notifier: interrupts off when out, on when in; preemption disabled in both. */
void kvm_sched_out(struct kvm_vcpu *vcpu)
{
	arch_vcpu_put(vcpu);
}

void kvm_sched_in(struct kvm_vcpu *vcpu, u32 cpu)
{
	arch_vcpu_load(vcpu, cpu);
}

/* vcpu->mutex; 1: locked */
u32 kvm_vcpu_mutex[NR_VCPUS] __attribute__((section(".bss.kvm_vcpu_mutex")));

int __kvm_mutex_trylock(u32 *mutex);

/*
 * Takes the vCPU that user space names for this thread alone; NULL if another has it: then user space tries
 * again, as it does when a signal cuts the wait short. Unless vCPUs change hands nobody else ever wants it.
 */
static struct kvm_vcpu *vcpu_lock(void)
{
	struct thread_info *thread = current_thread_info();
	u32 id;

	if (!boot_params.handover)
		return thread->vcpu;
	id = world_pick_vcpu();
	preempt_disable();
	if (__kvm_mutex_trylock(&kvm_vcpu_mutex[id]))
		thread->vcpu = &kvm_vcpus[id];
	preempt_enable();
	return thread->vcpu;
}

static void vcpu_unlock(struct kvm_vcpu *vcpu)
{
	if (!boot_params.handover)
		return;
	preempt_disable();
	current_thread_info()->vcpu = NULL;
	kvm_vcpu_mutex[vcpu->vcpu_id] = 0;
	preempt_enable();
}

static void vcpu_load(struct kvm_vcpu *vcpu)
{
	u32 cpu = get_cpu();

	current_thread_info()->preempt_notifier = vcpu;
	arch_vcpu_load(vcpu, cpu);
	put_cpu();
}

static void vcpu_put(struct kvm_vcpu *vcpu)
{
	preempt_disable();
	arch_vcpu_put(vcpu);
	current_thread_info()->preempt_notifier = NULL;
	preempt_enable();
}

/* Returns false if user space must see to it. May sleep, may use NEON, is preemptible. */
static bool handle_exit(int exception)
{
	if (exception != ARM_EXCEPTION_IRQ && exception != ARM_EXCEPTION_HVC)
		world_panic(PANIC_HYP); /* something went wrong in Hyp mode itself */
	kernel_path_with_neon();
	return exception == ARM_EXCEPTION_IRQ || !world_ask(ASK_USERSPACE);
}

static void kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int exception;

	do {
		preempt_disable();
		local_irq_disable();
		if (world_ask(ASK_SIGNAL)) {
			local_irq_enable();
			preempt_enable();
			return;
		}
		exception = (int)kvm_call_hyp(__kvm_vcpu_run, vcpu);
		local_irq_enable(); /* here the host takes the interrupt that ended the run */
		preempt_enable();
	} while (handle_exit(exception));
}

void kvm_vcpu_ioctl(enum kvm_ioctl ioctl)
{
	struct kvm_vcpu *vcpu = vcpu_lock();

	if (!vcpu)
		return;
	vcpu_load(vcpu);
	if (ioctl == KVM_RUN)
		kvm_arch_vcpu_ioctl_run(vcpu);
	else
		kvm_arch_vcpu_ioctl_one_reg(vcpu);
	vcpu_put(vcpu);
	vcpu_unlock(vcpu);
}

/* Every vCPU has a struct kvm to itself: what the vCPUs of one VM share is constant. */
static struct kvm *kvm_init_vm(u32 id)
{
	struct kvm *kvm = &kvm_vms[id];

	kvm->arch.vttbr = (u64)(id + 1) << 48; /* VMID */
	kvm->arch.timer.enabled = 1;
	kvm->arch.vgic.vctrl_base = GICH_BASE;
	return kvm;
}

void kvm_init_vcpu(struct kvm_vcpu *vcpu, u32 id)
{
	vcpu->cpu = -1;
	vcpu->vcpu_id = id;
	vcpu->kvm = kvm_init_vm(id);
	vcpu->arch.hcr = HCR_GUEST_MASK;
	vcpu->arch.cp15[c0_MPIDR] = GUEST_MPIDR;
	vcpu->arch.cp15[c1_CPACR] = 0xf << 20; /* the guest kernel has given itself CP10 and CP11 */
	vcpu->arch.cp15[c12_VBAR] = (u32)guest_vectors;
	vcpu->arch.vgic_cpu.nr_lr = VGIC_NR_LR;
	vcpu->arch.regs.usr_regs.ARM_pc = (u32)guest_choose;
	vcpu->arch.regs.usr_regs.ARM_cpsr = SVC_MODE | PSR_ENDSTATE;
}
