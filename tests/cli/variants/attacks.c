/* SPDX-License-Identifier: MIT */
/* Code that once got past the checker, as -D and a name: each is wrong in a way that a shortcut of the search hid. */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <asm/kvm_host.h>
#include <asm/vfp.h>

#ifdef LATE /* finishes vcpu_put behind the switch, when another CPU may have loaded the vCPU already */
void bug(void);

static struct kvm_vcpu **pending(u32 cpu)
{
	return (struct kvm_vcpu **)&kvm_host_cpu_state[cpu]
	        .cpu; /* a word of the CPU's own that nobody uses */
}

static void finish_put(u32 cpu)
{
	struct kvm_vcpu *vcpu = *pending(cpu);

	if (vcpu)
		vcpu->cpu = -1;
	*pending(cpu) = NULL;
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	finish_put((u32)cpu);
	vcpu->cpu = cpu;
	vcpu->arch.host_cpu_context = &kvm_host_cpu_state[cpu];
}

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	u32 cpu = smp_processor_id();

	if (vcpu->cpu != (int)cpu)
		bug();
	*pending(cpu) = vcpu;
}

void vfp_thread_switch(struct thread_info *next)
{
	u32 fpexc = fmrx(FPEXC), cpu = next->cpu;

	if (!next->preempt_notifier)
		finish_put(cpu);
	if ((fpexc & FPEXC_EN) && vfp_current_hw_state[cpu])
		vfp_save_state(vfp_current_hw_state[cpu], fpexc);
	fmxr(FPEXC, fpexc & ~(u32)FPEXC_EN);
}
#endif

#ifdef ONCE /* saves registers for the first signal only */
void vfp_preserve_user_clear_hwstate(struct vfp_hard_struct *frame)
{
	struct thread_info *thread = current_thread_info();

	vfp_sync_hwstate(thread);
	if (frame->fpexc == 0)
		vfp_copy_hard(frame, &thread->vfpstate.hard);
	vfp_flush_hwstate(thread);
}
#endif

#ifdef BORDER /* one access to two things that other CPUs touch, and a bug behind it */
void bug(void);

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct kvm_vcpu *other = &kvm_vcpus[!vcpu->vcpu_id];

	(void)*(volatile int *)&other->cpu;
	(void)*(volatile u32 *)&other->arch.vfp_guest.fpexc;
	vcpu->cpu = cpu;
	vcpu->arch.host_cpu_context = &kvm_host_cpu_state[cpu];
	asm volatile("ldm %0, {r2, r3}" : : "r"((u32 *)&vcpu->arch.vfp_guest - 1) : "r2", "r3", "memory");
	bug();
}
#endif

#ifdef ADDRESS /* leaves an address, which depends on who is who, where FP data should be */
void vfp_thread_switch(struct thread_info *next)
{
	u32 fpexc = fmrx(FPEXC), cpu = next->cpu;

	if ((fpexc & FPEXC_EN) && vfp_current_hw_state[cpu])
		vfp_save_state(vfp_current_hw_state[cpu], fpexc);
	fmxr(FPEXC, fpexc & ~(u32)FPEXC_EN);
	*(u32 *)&next->vfpstate.hard.fpregs[0] = (u32)&next->flags;
}
#endif

#ifdef PTRACE_4_3 /* as Linux had it until 4.7: the whole old state back behind the flush, last CPU and all */
void vfp_set(struct thread_info *thread)
{
	u32 cpu;

	vfp_sync_hwstate(thread);
	cpu = thread->vfpstate.hard.cpu;
	vfp_flush_hwstate(thread);
	thread->vfpstate.hard.cpu = cpu;
}
#endif
