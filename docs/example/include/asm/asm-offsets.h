/* SPDX-License-Identifier: MIT */
/* The kernel's offsets, and those of the fields that this variant adds to the vCPU. */
#include_next <asm/asm-offsets.h>

#define VCPU_LAZY_FPEXC VCPU_SCRATCH       /* the host's FPEXC while the guest's is in the register */
#define VCPU_LAZY_DIRTY (VCPU_SCRATCH + 4) /* the FP registers are the guest's: a word, not a byte */
