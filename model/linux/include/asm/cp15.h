/* SPDX-License-Identifier: MIT */
/* Bits of SCTLR (ARM ARM, B4.1.130). */
#ifndef ASM_CP15_H
#define ASM_CP15_H

#define CR_M (1 << 0)
#define CR_A (1 << 1)
#define CR_C (1 << 2)
#define CR_Z (1 << 11)
#define CR_I (1 << 12)
#define CR_V (1 << 13)
#define CR_EE (1 << 25)
#define CR_TRE (1 << 28)
#define CR_AFE (1 << 29)
#define CR_TE (1 << 30)

#endif
