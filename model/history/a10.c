/* SPDX-License-Identifier: MIT */
/*
 * A10: a signal handler computes in the registers of what it interrupts
 *
 * "ARM: 6051/1: VFP: preserve the HW context when calling signal handlers", Imre Deak, 2010-04-11 (82c6f5a5b3e9).
 *
 * The signal frame had no room for FP registers: a handler that used them changed those of the code that it interrupted.
 * Mended: they are saved to the frame, and loaded from there.
 */
#include <asm/vfp.h>

#ifdef BROKEN
void vfp_preserve_user_clear_hwstate(struct vfp_hard_struct *frame)
{
	(void)frame;
}

void vfp_restore_user_hwstate(const struct vfp_hard_struct *frame)
{
	(void)frame;
}
#endif
