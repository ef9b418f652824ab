/* SPDX-License-Identifier: MIT */
/*
 * A4: a thread is preempted while its FP instruction is done in software
 *
 * "[ARM] 5440/1: Fix VFP state corruption due to preemption during VFP exceptions", George Davis, 2009-04-01 (f2255be8126e).
 *
 * What the VFP hands back was done in software with preemption enabled. Whoever ran in between left other registers, and another
 * exceptional instruction, or, since a switch turns the VFP off, none at all: then the software's next access to the VFP is UNDEFINED in the
 * kernel. In 2009 the kernel repaired that as if a user had trapped, and went on with what it found; today nobody
 * handles it. Mended: preemption stays disabled until it is done.
 *
 * Both twins have what mended A22.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>
#include <world.h>

#ifdef BROKEN
void VFP_bounce(u32 trigger, u32 fpexc, struct pt_regs *regs)
{
	preempt_enable();
	fmxr(FPEXC, fpexc & ~(u32)(FPEXC_EX | FPEXC_DEX | FPEXC_FP2V));
	if (fpexc & FPEXC_EX) {
		trigger = fmrx(FPINST);
		regs->ARM_pc -= 4;
	}
	world_fp(FP_EMULATED, trigger);
}
#endif
