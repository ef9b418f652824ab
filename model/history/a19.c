/* SPDX-License-Identifier: MIT */
/*
 * A19: exec is preempted while it clears the registers
 *
 * "ARM: vfp: ensure that thread flushing works if preempted" (19dad35fe08c), sibling of 7417/1, "ensure preemption is disabled
 * when enabling VFP access", 2012-05-11, which is about code that runs once, before there are users.
 *
 * The new program's state was cleared in memory while the old one's registers were still enabled: a switch in between saved them
 * over it. Mended: disable first, on one CPU.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>

static void disable(struct thread_info *thread)
{
	u32 cpu = get_cpu();

	if (vfp_current_hw_state[cpu] == &thread->vfpstate)
		vfp_current_hw_state[cpu] = NULL;
	fmxr(FPEXC, fmrx(FPEXC) & ~(u32)FPEXC_EN);
	put_cpu();
}

void vfp_thread_flush(struct thread_info *thread)
{
#ifndef BROKEN
	disable(thread);
#endif
	vfp_clear_hard(&thread->vfpstate.hard);
	thread->vfpstate.hard.fpexc = FPEXC_EN;
	thread->vfpstate.hard.cpu = NR_CPUS;
#ifdef BROKEN
	disable(thread);
#endif
}
