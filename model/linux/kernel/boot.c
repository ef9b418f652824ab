/* SPDX-License-Identifier: MIT */
/* From reset to the idle loop; CPU 0 makes the threads and vCPUs first. */
#include <boot_params.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <asm/kvm_host.h>
#include <asm/ptrace.h>
#include <asm/vfp.h>

struct boot_params boot_params __ro_after_init;

extern char user_choose[];
void vfp_init_thread(struct thread_info *thread);

static struct thread_info *init_task(u32 task)
{
	struct thread_info *thread = &thread_union[task].thread_info;

	thread->task = task;
	thread->preempt_count = 1;
	vfp_init_thread(thread);
	return thread;
}

void copy_thread(struct thread_info *thread)
{
	u32 *regs = &((union thread_union *)thread)->stack[(THREAD_START_SP - S_OLD_R0) / 4];

	regs[S_PC / 4] = (u32)user_choose;
	regs[S_PSR / 4] = USR_MODE | PSR_ENDSTATE;
	thread->preempt_count = 1; /* schedule_tail() enables preemption */
	thread->cpu_context.sp = (u32)regs;
	thread->cpu_context.pc = (u32)ret_from_fork;
}

static void boot_thread(u32 number, u32 plain)
{
	struct thread_info *thread = init_task(NR_CPUS + number);

	if (!boot_params.handover && number >= plain && number - plain < boot_params.vcpus)
		thread->vcpu = &kvm_vcpus[number - plain];
	if (number >= boot_params.threads - boot_params.unborn)
		on_cpu[thread->task] = ON_CPU_DEAD;
	copy_thread(thread);
}

void __attribute__((noreturn)) cpu_idle(void);

void __attribute__((noreturn)) start_kernel(u32 cpu)
{
	struct thread_info *idle = init_task(cpu);

	idle->cpu = cpu;
	on_cpu[cpu] = cpu + 1;
	if (cpu == 0) {
		u32 plain = boot_params.threads - boot_params.unborn - boot_params.vcpus;

		for (u32 i = 0; i < boot_params.vcpus; i++)
			kvm_init_vcpu(&kvm_vcpus[i], i);
		for (u32 i = 0; i < boot_params.threads; i++)
			boot_thread(i, plain);
	}
	cpu_idle();
}
