/* SPDX-License-Identifier: MIT */
/*
 * A17: a signal frame is loaded while the registers are live
 *
 * "ARM: 7306/1: vfp: flush thread hwstate before restoring context from sigframe", Dave Martin, 2012.
 *
 * The thread's save area was filled from the frame first, and the registers declared void afterwards. A switch in between saved the
 * handler's registers over what had been filled in. Mended: the other way round. (7307/1 and 7308/1: the same in ptrace. PowerPC and
 * others had it, too.)
 */
#include <asm/vfp.h>

void vfp_restore_user_hwstate(const struct vfp_hard_struct *frame)
{
	struct thread_info *thread = current_thread_info();
	struct vfp_hard_struct *hard = &thread->vfpstate.hard;

#ifdef BROKEN
	vfp_copy_hard(hard, frame);
	vfp_flush_hwstate(thread);
#else
	vfp_flush_hwstate(thread);
	vfp_copy_hard(hard, frame);
#endif
	hard->fpexc = (hard->fpexc | FPEXC_EN) & ~(u32)(FPEXC_EX | FPEXC_FP2V);
}
