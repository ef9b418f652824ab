/* SPDX-License-Identifier: MIT */
/*
 * A15a: two CPUs remember one thread
 *
 * "ARM: vfp: fix a hole in VFP thread migration", Russell King, 2011-07-09 (f8f2a8522a88), first hole.
 *
 * A CPU remembered whose registers it held, and nobody else did. A thread noted the CPU that had saved it last; on the way to a thread
 * that had been saved elsewhere, its new CPU forgot whatever it remembered. That did not help the CPU that the thread had left: it
 * still remembered it. When the thread had been stopped by ptrace on the other CPU, its tracer on this one took the old
 * registers for the thread's and saved them over the newer ones. Mended: CPU and thread must both say so.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>

#ifdef BROKEN
void vfp_thread_switch(struct thread_info *next)
{
	u32 fpexc = fmrx(FPEXC), cpu = next->cpu;
	union vfp_state *last = vfp_current_hw_state[cpu];

	if ((fpexc & FPEXC_EN) && last) {
		vfp_save_state(last, fpexc);
		last->hard.cpu = cpu;
	}
	if (next->vfpstate.hard.cpu != cpu)
		vfp_current_hw_state[cpu] = NULL;
	fmxr(FPEXC, fpexc & ~(u32)FPEXC_EN);
}

void vfp_sync_hwstate(struct thread_info *thread)
{
	u32 cpu = get_cpu();

	if (vfp_current_hw_state[cpu] == &thread->vfpstate) {
		u32 fpexc = fmrx(FPEXC);

		fmxr(FPEXC, fpexc | FPEXC_EN);
		vfp_save_state(&thread->vfpstate, fpexc | FPEXC_EN);
		fmxr(FPEXC, fpexc);
	}
	put_cpu();
}
#endif
