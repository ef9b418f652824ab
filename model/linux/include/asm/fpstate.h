/* SPDX-License-Identifier: MIT */
/* One context's FP state in memory (Linux: arch/arm/include/asm/fpstate.h). */
#ifndef ASM_FPSTATE_H
#define ASM_FPSTATE_H

#include <layout.h>
#include <linux/types.h>

#ifndef __ASSEMBLER__

struct vfp_hard_struct {
	u64 fpregs[32];
	u32 fpexc;
	u32 fpscr;
	u32 fpinst;
	u32 fpinst2;
	u32 cpu; /* where it was loaded last; NR_CPUS: nowhere */
};

union vfp_state {
	struct vfp_hard_struct hard;
};

CHECK_OFFSET(struct vfp_hard_struct, fpexc, VFP_FPEXC);
CHECK_OFFSET(struct vfp_hard_struct, fpscr, VFP_FPSCR);
CHECK_OFFSET(struct vfp_hard_struct, fpinst2, VFP_FPINST2);
CHECK_OFFSET(struct vfp_hard_struct, cpu, VFP_CPU);
_Static_assert(sizeof(union vfp_state) == VFP_STATE_SIZE, "see layout.h");

extern union vfp_state *vfp_current_hw_state[NR_CPUS];

#endif
#endif
