/* SPDX-License-Identifier: MIT */
#ifndef ASM_VFP_H
#define ASM_VFP_H

#define FPEXC_EX (1 << 31)
#define FPEXC_EN (1 << 30)
#define FPEXC_DEX (1 << 29)
#define FPEXC_FP2V (1 << 28)

#define FPSCR_IXE (1 << 12)
#define FPSCR_ROUND_NEAREST (0 << 22)

#if !defined(__ASSEMBLER__) && defined(__arm__)

#define fmrx(_vfp_)                                                                                                  \
	({                                                                                                           \
		unsigned int __v;                                                                                    \
		asm volatile(".fpu vfpv3\n\tvmrs %0, " #_vfp_ : "=r"(__v) : : "cc", "memory");                       \
		__v;                                                                                                 \
	})

#define fmxr(_vfp_, _var_) asm volatile(".fpu vfpv3\n\tvmsr " #_vfp_ ", %0" : : "r"(_var_) : "cc", "memory")

#endif
#endif
