/* SPDX-License-Identifier: MIT */
/*
 * FP instructions that the VFP hands back, to be done in software (Linux: VFP_bounce() in arch/arm/vfp/vfpmodule.c). Some
 * implementations do so one instruction late: FPEXC.EX is set, FPINST holds the instruction, and the next one is UNDEFINED.
 */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/vfp.h>
#include <world.h>

/* Preemption is disabled by vfp_support_entry() and enabled here. */
__weak void VFP_bounce(u32 trigger, u32 fpexc, struct pt_regs *regs)
{
	if (!(fpexc & (FPEXC_EX | FPEXC_DEX)))
		world_panic(PANIC_SIGILL); /* vfp_raise_exceptions(): nobody knows what it wants */
	fmxr(FPEXC, fpexc & ~(u32)(FPEXC_EX | FPEXC_DEX | FPEXC_FP2V));
	if (fpexc & FPEXC_EX) {
		trigger = fmrx(FPINST);
		regs->ARM_pc -= 4; /* what was UNDEFINED now has done nothing yet */
	}
	world_fp(FP_EMULATED, trigger); /* vfp_emulate_instruction() */
	preempt_enable();
}
