/* SPDX-License-Identifier: MIT */
/* What KVM's C and its assembly share (Linux: arch/arm/include/asm/kvm_asm.h). */
#ifndef ASM_KVM_ASM_H
#define ASM_KVM_ASM_H

/* Where each CP15 register of a guest is in kvm_vcpu_arch.cp15[]; 64-bit ones take two words. */
#define c0_MPIDR 1
#define c0_CSSELR 2
#define c1_SCTLR 3
#define c1_ACTLR 4
#define c1_CPACR 5
#define c2_TTBR0 6
#define c2_TTBR0_high 7
#define c2_TTBR1 8
#define c2_TTBR1_high 9
#define c2_TTBCR 10
#define c3_DACR 11
#define c5_DFSR 12
#define c5_IFSR 13
#define c5_ADFSR 14
#define c5_AIFSR 15
#define c6_DFAR 16
#define c6_IFAR 17
#define c7_PAR 18
#define c7_PAR_high 19
#define c9_L2CTLR 20
#define c10_PRRR 21
#define c10_NMRR 22
#define c12_VBAR 23
#define c13_CID 24
#define c13_TID_URW 25
#define c13_TID_URO 26
#define c13_TID_PRIV 27
#define c14_CNTKCTL 28
#define c10_AMAIR0 29
#define c10_AMAIR1 30
#define NR_CP15_REGS 32 /* even, so that what follows is aligned */

/* Why __kvm_vcpu_run() came back. */
#define ARM_EXCEPTION_RESET 0
#define ARM_EXCEPTION_UNDEFINED 1
#define ARM_EXCEPTION_SOFTWARE 2
#define ARM_EXCEPTION_PREF_ABORT 3
#define ARM_EXCEPTION_DATA_ABORT 4
#define ARM_EXCEPTION_IRQ 5
#define ARM_EXCEPTION_FIQ 6
#define ARM_EXCEPTION_HVC 7

/*
 * A 64-bit value loaded by LDRD has its low word in the first register, or, big endian, in the second; MRRC and MCRR
 * always want the low word first.
 */
#ifdef __ARMEB__
#define rr_lo_hi(a1, a2) a2, a1
#else
#define rr_lo_hi(a1, a2) a1, a2
#endif

#ifndef __ASSEMBLER__
extern char __kvm_hyp_vector[], __kvm_hyp_code_start[], __kvm_hyp_code_end[];
#endif

#endif
