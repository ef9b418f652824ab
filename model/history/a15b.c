/* SPDX-License-Identifier: MIT */
/*
 * A15b: a child at a dead thread's address
 *
 * "ARM: vfp: fix a hole in VFP thread migration", Russell King, 2011-07-09 (f8f2a8522a88), second hole.
 *
 * A child was a copy of its parent, the number of the parent's last CPU included, at the address of a thread that had died. A CPU
 * that the dead thread had left for another before it exited still remembered that address; if it was the parent's last CPU, too, the child
 * found the dead thread's registers there. Mended: a child has no last CPU.
 */
#include <asm/vfp.h>

#ifdef BROKEN
void vfp_thread_copy(struct thread_info *thread)
{
	struct thread_info *parent = current_thread_info();

	vfp_sync_hwstate(parent);
	vfp_copy_hard(&thread->vfpstate.hard, &parent->vfpstate.hard);
	thread->vfpstate.hard.cpu = parent->vfpstate.hard.cpu;
}
#endif
