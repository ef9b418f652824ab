/* SPDX-License-Identifier: MIT */
/*
 * A2: registers stay behind on another CPU
 *
 * "[ARM] 4111/1: Allow VFP to work with thread migration on SMP", Catalin Marinas, 2007-01-24 (c64284648948).
 *
 * Fully lazy: a switch only turns the VFP off, and the next user saves the registers of the last one. Right on one CPU (A1,
 * the design of 2006, which kernels without CONFIG_SMP still have). With two, a thread that moves leaves its registers on the
 * first CPU, and the second loads what is in memory, which is old. Mended: saved at every switch; only loading is lazy.
 * NuttX made the same discovery in 2023 (6f8cb7edd30).
 */
#include <linux/linkage.h>
#include <asm/vfpmacros.h>

#ifdef BROKEN
	.section .text.vfp_thread_switch, "ax"
ENTRY(vfp_thread_switch)
	VFPFMRX	r1, FPEXC
	bic	r1, r1, #FPEXC_EN
	VFPFMXR	FPEXC, r1
	bx	lr
ENDPROC(vfp_thread_switch)

#undef CONFIG_SMP
#undef WEAK
#define WEAK ENTRY
#include <vfp/vfphw.S>
#endif
