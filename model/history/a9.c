/* SPDX-License-Identifier: MIT */
/*
 * A9: what is not in memory is thought to be
 *
 * "ARM: 6050/1: VFP: fix the SMP versions of vfp_{sync,flush}_hwstate", Imre Deak, 2010-04-11 (5c5cac63851f).
 *
 * Registers are saved at every switch, so these did nothing on SMP. True of every thread but the one that runs: its registers had
 * not been saved. Mended: for the current thread, if the VFP is enabled, save.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>

void vfp_sync_hwstate(struct thread_info *thread)
{
#ifdef BROKEN
	(void)thread;
#else
	u32 fpexc;

	(void)get_cpu();
	fpexc = fmrx(FPEXC);
	if (thread == current_thread_info() && (fpexc & FPEXC_EN))
		vfp_save_state(&thread->vfpstate, fpexc);
	put_cpu();
#endif
}
