/* SPDX-License-Identifier: MIT */
/*
 * A11: suspend saves the registers of the wrong thread
 *
 * "ARM: vfp: Always save VFP state in vfp_pm_suspend", Colin Cross, 2011 (24b35521b8dd).
 *
 * Without CONFIG_SMP: one thread uses FP; the switch to another only turns the VFP off; that one suspends the system. The hook of A5
 * looked at the enable bit, found it clear, and saved nothing: the first thread's registers were lost with the power. Mended:
 * if the pointer names somebody, save, whatever the bit says. (On SMP that is wrong: A12.)
 */
#include <asm/vfp.h>

void vfp_pm_suspend(void)
{
	struct thread_info *thread = current_thread_info();
	u32 fpexc = fmrx(FPEXC), cpu = thread->cpu;

	if (fpexc & FPEXC_EN) {
		vfp_save_state(&thread->vfpstate, fpexc);
		fmxr(FPEXC, fpexc & ~(u32)FPEXC_EN);
	}
#ifndef BROKEN
	else if (vfp_current_hw_state[cpu]) {
		fmxr(FPEXC, fpexc | FPEXC_EN);
		vfp_save_state(vfp_current_hw_state[cpu], fpexc);
		fmxr(FPEXC, fpexc);
	}
#endif
	vfp_current_hw_state[cpu] = NULL;
}
