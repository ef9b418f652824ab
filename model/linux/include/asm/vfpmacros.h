/* SPDX-License-Identifier: MIT */
/* The VFP accessors of Linux's assembly: VMRS, VMSR and whole register file transfers. */
#ifndef ASM_VFPMACROS_H
#define ASM_VFPMACROS_H

#include <asm/vfp.h>

	.fpu	neon-vfpv4

	.macro	VFPFMRX, rd, sysreg, cond
	vmrs\cond	\rd, \sysreg
	.endm

	.macro	VFPFMXR, sysreg, rd, cond
	vmsr\cond	\sysreg, \rd
	.endm

	/* load D0-D31 from base and leave base behind them */
	.macro	VFPFLDMIA, base, tmp
	vldmia	\base!, {d0-d15}
	vldmia	\base!, {d16-d31}
	.endm

	/* store D0-D31 to base and leave base behind them */
	.macro	VFPFSTMIA, base, tmp
	vstmia	\base!, {d0-d15}
	vstmia	\base!, {d16-d31}
	.endm

#endif
