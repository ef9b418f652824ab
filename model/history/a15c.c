/* SPDX-License-Identifier: MIT */
/*
 * A15c: a new program gets the registers of the one before it
 *
 * "ARM: vfp: fix a hole in VFP thread migration", Russell King, 2011-07-09 (f8f2a8522a88), third hole.
 *
 * exec cleared the thread's whole state, and with it the number of the last CPU that had loaded it: zero, which is a CPU. If the
 * thread had used FP on CPU 0 before, and that CPU's pointer still named it, the two agreed: back on CPU 0 the new program
 * went on with the registers of the old one. Mended: a number that is no CPU.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>

void vfp_thread_flush(struct thread_info *thread)
{
	u32 cpu = get_cpu();

	if (vfp_current_hw_state[cpu] == &thread->vfpstate)
		vfp_current_hw_state[cpu] = NULL;
	fmxr(FPEXC, fmrx(FPEXC) & ~(u32)FPEXC_EN);
	put_cpu();

	vfp_clear_hard(&thread->vfpstate.hard);
	thread->vfpstate.hard.fpexc = FPEXC_EN;
#ifdef BROKEN
	thread->vfpstate.hard.cpu = 0;
#else
	thread->vfpstate.hard.cpu = NR_CPUS;
#endif
}
