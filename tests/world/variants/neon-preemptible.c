/* SPDX-License-Identifier: MIT */
/*
 * A wrong kernel_neon_begin(), for the tests: it leaves preemption enabled, so that the section can be
 * interrupted between any two of its accesses, and go on with somebody else's registers, or elsewhere.
 */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/neon.h>
#include <asm/vfp.h>

void vfp_save_state(union vfp_state *location, u32 fpexc);

void kernel_neon_begin(void)
{
	struct thread_info *thread = current_thread_info();
	u32 cpu = smp_processor_id();
	u32 fpexc = fmrx(FPEXC) | FPEXC_EN;

	fmxr(FPEXC, fpexc);
	if (thread->vfpstate.hard.cpu == cpu && vfp_current_hw_state[cpu] == &thread->vfpstate)
		vfp_save_state(&thread->vfpstate, fpexc);
	vfp_current_hw_state[cpu] = NULL;
}

void kernel_neon_end(void)
{
	fmxr(FPEXC, fmrx(FPEXC) & ~(u32)FPEXC_EN);
}
