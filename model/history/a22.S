/* SPDX-License-Identifier: MIT */
/*
 * A22: the kernel's own store bounces
 *
 * raspberrypi/linux issue 859, mended in pull request 1841, Schulze, 2015.
 *
 * The VFP of the ARM1176 hands an instruction that it cannot do back late: FPEXC.EX is set, and the next FP instruction is UNDEFINED,
 * whoever executes it. A thread that is switched out in between has its registers stored by the kernel, with EX still set: that
 * store is the next FP instruction, and in the kernel nobody handles it. Mended: EX is cleared before the registers are
 * touched; the saved FPEXC and FPINST still say what is pending.
 *
 * Linux 4.3, as modelled, is the broken one. A Cortex-A15 never sets EX.
 */
#include <linux/linkage.h>
#include <asm/vfpmacros.h>

#ifndef BROKEN
	.section .text.vfp_save_state, "ax"
ENTRY(vfp_save_state)
	VFPFMRX	r3, FPINST
	VFPFMRX	r12, FPINST2
	bic	r2, r1, #FPEXC_EX
	VFPFMXR	FPEXC, r2
	VFPFSTMIA r0, r2
	VFPFMRX	r2, FPSCR
	stmia	r0, {r1, r2, r3, r12}
	VFPFMXR	FPEXC, r1
	bx	lr
ENDPROC(vfp_save_state)
#endif
