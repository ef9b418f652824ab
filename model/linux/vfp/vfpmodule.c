/* SPDX-License-Identifier: MIT */
/* The host's lazy VFP switch, the part in C (Linux: arch/arm/vfp/vfpmodule.c, SMP). */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/neon.h>
#include <asm/vfp.h>

/*
 * Whose state the registers of each CPU hold, or held last; believed only if the thread agrees (its
 * vfpstate.cpu). Kept while FPEXC.EN is clear.
 */
union vfp_state *vfp_current_hw_state[NR_CPUS];

void vfp_save_state(union vfp_state *location, u32 fpexc);

static bool vfp_state_in_hw(u32 cpu, struct thread_info *thread)
{
	return thread->vfpstate.hard.cpu == cpu && vfp_current_hw_state[cpu] == &thread->vfpstate;
}

/* Linux: vfp_thread_flush(), for a thread that has not run yet. */
void vfp_init_thread(struct thread_info *thread)
{
	thread->vfpstate.hard.fpexc = FPEXC_EN;
	thread->vfpstate.hard.fpscr = FPSCR_ROUND_NEAREST;
	thread->vfpstate.hard.cpu = NR_CPUS;
}

/* On the way to `next`, interrupts off (Linux: vfp_notifier(), THREAD_NOTIFY_SWITCH). */
__weak void vfp_thread_switch(struct thread_info *next)
{
	u32 fpexc = fmrx(FPEXC);
	u32 cpu = next->cpu;

	/*
	 * On SMP the registers are saved as soon as their thread is switched out: it may
	 * run elsewhere next.
	 */
	if ((fpexc & FPEXC_EN) && vfp_current_hw_state[cpu])
		vfp_save_state(vfp_current_hw_state[cpu], fpexc);

	/* The next user of FP will trap. */
	fmxr(FPEXC, fpexc & ~(u32)FPEXC_EN);
}

__weak void kernel_neon_begin(void)
{
	struct thread_info *thread = current_thread_info();
	u32 cpu = get_cpu();
	u32 fpexc = fmrx(FPEXC) | FPEXC_EN;

	fmxr(FPEXC, fpexc);
	if (vfp_state_in_hw(cpu, thread))
		vfp_save_state(&thread->vfpstate, fpexc);
	vfp_current_hw_state[cpu] = NULL;
}

__weak void kernel_neon_end(void)
{
	fmxr(FPEXC, fmrx(FPEXC) & ~(u32)FPEXC_EN);
	put_cpu();
}
