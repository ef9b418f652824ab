/* SPDX-License-Identifier: MIT */
/* The host's lazy VFP switch, the part in C (Linux: arch/arm/vfp/vfpmodule.c). */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/neon.h>
#include <asm/vfp.h>

/*
 * Whose state the registers of each CPU hold, or held last; believed only if the thread agrees (its
 * vfpstate.cpu). Kept while FPEXC.EN is clear.
 */
__weak union vfp_state *vfp_current_hw_state[NR_CPUS];

/* Does this CPU hold the thread's state, and is it the newest? */
static bool vfp_state_in_hw(u32 cpu, struct thread_info *thread)
{
#ifdef CONFIG_SMP
	if (thread->vfpstate.hard.cpu != cpu)
		return false;
#endif
	return vfp_current_hw_state[cpu] == &thread->vfpstate;
}

static void vfp_disable(void)
{
	fmxr(FPEXC, fmrx(FPEXC) & ~(u32)FPEXC_EN);
}

/* What the thread's next FP instruction finds is what is in memory. */
static void vfp_force_reload(u32 cpu, struct thread_info *thread)
{
	if (vfp_state_in_hw(cpu, thread)) {
		vfp_disable();
		vfp_current_hw_state[cpu] = NULL;
	}
#ifdef CONFIG_SMP
	thread->vfpstate.hard.cpu = NR_CPUS;
#endif
}

/* For a thread that has not run yet. */
__weak void vfp_init_thread(struct thread_info *thread)
{
	thread->vfpstate.hard.fpexc = FPEXC_EN;
	thread->vfpstate.hard.fpscr = FPSCR_ROUND_NEAREST;
	thread->vfpstate.hard.cpu = NR_CPUS;
}

/* THREAD_NOTIFY_SWITCH: on the way to `next`, interrupts off. */
__weak void vfp_thread_switch(struct thread_info *next)
{
	u32 fpexc = fmrx(FPEXC);
#ifdef CONFIG_SMP
	u32 cpu = next->cpu;

	/*
	 * On SMP the registers are saved as soon as their thread is switched out: it may
	 * run elsewhere next.
	 */
	if ((fpexc & FPEXC_EN) && vfp_current_hw_state[cpu])
		vfp_save_state(vfp_current_hw_state[cpu], fpexc);
#else
	(void)next;
#endif

	/* The next user of FP will trap. */
	fmxr(FPEXC, fpexc & ~(u32)FPEXC_EN);
}

/* THREAD_NOTIFY_COPY: a child gets its parent's registers. */
__weak void vfp_thread_copy(struct thread_info *thread)
{
	struct thread_info *parent = current_thread_info();

	vfp_sync_hwstate(parent);
	vfp_copy_hard(&thread->vfpstate.hard, &parent->vfpstate.hard);
	thread->vfpstate.hard.cpu = NR_CPUS;
}

/*
 * THREAD_NOTIFY_FLUSH: a new program starts with registers of its own, all zero. Disable first: if we are
 * preempted while we clear the state, the switch must not save the old registers over it.
 */
__weak void vfp_thread_flush(struct thread_info *thread)
{
	u32 cpu = get_cpu();

	if (vfp_current_hw_state[cpu] == &thread->vfpstate)
		vfp_current_hw_state[cpu] = NULL;
	vfp_disable();
	put_cpu();

	vfp_clear_hard(&thread->vfpstate.hard);
	thread->vfpstate.hard.fpexc = FPEXC_EN;
	thread->vfpstate.hard.cpu = NR_CPUS;
}

/* THREAD_NOTIFY_EXIT: the memory that the pointer names will be somebody else's. */
__weak void vfp_thread_exit(struct thread_info *thread)
{
	u32 cpu = get_cpu();

	if (vfp_current_hw_state[cpu] == &thread->vfpstate)
		vfp_current_hw_state[cpu] = NULL;
	put_cpu();
}

/* Afterwards the thread's newest state is in memory, too. */
__weak void vfp_sync_hwstate(struct thread_info *thread)
{
	u32 cpu = get_cpu();

	if (vfp_state_in_hw(cpu, thread)) {
		u32 fpexc = fmrx(FPEXC);

		fmxr(FPEXC, fpexc | FPEXC_EN);
		vfp_save_state(&thread->vfpstate, fpexc | FPEXC_EN);
		fmxr(FPEXC, fpexc);
	}
	put_cpu();
}

/* Afterwards what is in memory counts, and may be changed. */
__weak void vfp_flush_hwstate(struct thread_info *thread)
{
	u32 cpu = get_cpu();

	vfp_force_reload(cpu, thread);
	put_cpu();
}

/* Before a signal handler runs. Linux also clears the vector length and stride in FPSCR, which is data here.
 */
__weak void vfp_preserve_user_clear_hwstate(struct vfp_hard_struct *frame)
{
	struct thread_info *thread = current_thread_info();

	vfp_sync_hwstate(thread);
	vfp_copy_hard(frame, &thread->vfpstate.hard);
	vfp_flush_hwstate(thread);
}

/* When it has returned. */
__weak void vfp_restore_user_hwstate(const struct vfp_hard_struct *frame)
{
	struct thread_info *thread = current_thread_info();
	struct vfp_hard_struct *hard = &thread->vfpstate.hard;

	vfp_flush_hwstate(thread);
	vfp_copy_hard(hard, frame);
	hard->fpexc = (hard->fpexc | FPEXC_EN) &
	              ~(u32)(FPEXC_EX | FPEXC_FP2V); /* user space may have written anything */
}

/* CPU_DYING: runs on the CPU itself, last of all. */
__weak void vfp_cpu_dying(void)
{
	vfp_current_hw_state[smp_processor_id()] = NULL;
}

/* CPU_STARTING */
__weak void vfp_cpu_starting(void)
{
	vfp_enable();
}

/* CPU_PM_ENTER: interrupts off, in the idle task or in the thread that suspends the system. */
__weak void vfp_pm_suspend(void)
{
	struct thread_info *thread = current_thread_info();
	u32 fpexc = fmrx(FPEXC), cpu = thread->cpu;

	if (fpexc & FPEXC_EN) {
		vfp_save_state(&thread->vfpstate, fpexc);
		vfp_disable();
	}
#ifndef CONFIG_SMP
	else if (vfp_current_hw_state[cpu]) {
		fmxr(FPEXC, fpexc | FPEXC_EN);
		vfp_save_state(vfp_current_hw_state[cpu], fpexc);
		fmxr(FPEXC, fpexc);
	}
#endif
	vfp_current_hw_state[cpu] = NULL;
}

/* CPU_PM_EXIT, and CPU_PM_ENTER_FAILED */
__weak void vfp_pm_resume(void)
{
	vfp_enable();
	vfp_disable(); /* so that the next FP instruction traps and loads */
}

__weak void kernel_neon_begin(void)
{
	struct thread_info *thread = current_thread_info();
	u32 cpu = get_cpu();
	u32 fpexc = fmrx(FPEXC) | FPEXC_EN;

	fmxr(FPEXC, fpexc);
	if (vfp_state_in_hw(cpu, thread))
		vfp_save_state(&thread->vfpstate, fpexc);
#ifndef CONFIG_SMP
	else if (vfp_current_hw_state[cpu])
		vfp_save_state(vfp_current_hw_state[cpu], fpexc);
#endif
	vfp_current_hw_state[cpu] = NULL;
}

__weak void kernel_neon_end(void)
{
	vfp_disable();
	put_cpu();
}
