/* SPDX-License-Identifier: MIT */
/* Mode and status bits, and the frame that exception entry leaves on the kernel stack (struct pt_regs). */
#ifndef ASM_PTRACE_H
#define ASM_PTRACE_H

#define USR_MODE 0x10
#define FIQ_MODE 0x11
#define IRQ_MODE 0x12
#define SVC_MODE 0x13
#define ABT_MODE 0x17
#define HYP_MODE 0x1a
#define UND_MODE 0x1b
#define SYSTEM_MODE 0x1f
#define MODE_MASK 0x1f
#define PSR_T_BIT 0x20
#define PSR_F_BIT 0x40
#define PSR_I_BIT 0x80
#define PSR_A_BIT 0x100
#define PSR_E_BIT 0x200

/* Data accesses follow the image's endianness from the first instruction on. */
#ifdef __ARMEB__
#define PSR_ENDSTATE PSR_E_BIT
#else
#define PSR_ENDSTATE 0
#endif

#define S_R0 0
#define S_SP 52
#define S_LR 56
#define S_PC 60
#define S_PSR 64
#define S_OLD_R0 68
#define S_FRAME_SIZE 72

#ifndef __ASSEMBLER__

#include <linux/types.h>

struct pt_regs {
	u32 uregs[18];
};

#define ARM_cpsr uregs[16]
#define ARM_pc uregs[15]
#define ARM_lr uregs[14]
#define ARM_sp uregs[13]
#define ARM_r0 uregs[0]
#define ARM_ORIG_r0 uregs[17]

CHECK_OFFSET(struct pt_regs, ARM_sp, S_SP);
CHECK_OFFSET(struct pt_regs, ARM_pc, S_PC);
CHECK_OFFSET(struct pt_regs, ARM_cpsr, S_PSR);
_Static_assert(sizeof(struct pt_regs) == S_FRAME_SIZE, "see entry.S");

#endif

#endif
