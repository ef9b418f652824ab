/* SPDX-License-Identifier: MIT */
/*
 * A7: a dead thread is cleared away too late
 *
 * "ARM: Convert VFP/Crunch/XscaleCP thread_release() to exit_thread()", Russell King, 2009-12-18 (797245f5da54).
 *
 * Whoever dropped the last reference to a dead thread, perhaps on another CPU, cleared the pointer of the CPU that the thread had
 * last run on, if it still named it: a test and then a write, with no lock. That CPU could load another thread's registers
 * in between; with the pointer gone they were not saved at the next switch. Mended: the thread does it itself when it exits, on
 * its own CPU.
 *
 * Here the last reference is dropped when the memory is wanted for a child.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>

#ifdef BROKEN
void vfp_thread_exit(struct thread_info *thread)
{
	(void)thread;
}

void vfp_thread_copy(struct thread_info *thread)
{
	struct thread_info *parent = current_thread_info();

	if (vfp_current_hw_state[thread->cpu] == &thread->vfpstate)
		vfp_current_hw_state[thread->cpu] = NULL;

	vfp_sync_hwstate(parent);
	vfp_copy_hard(&thread->vfpstate.hard, &parent->vfpstate.hard);
	thread->vfpstate.hard.cpu = NR_CPUS;
}
#endif
