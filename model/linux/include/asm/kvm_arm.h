/* SPDX-License-Identifier: MIT */
/* Bits of the Hyp registers (ARM ARM, B4.1). */
#ifndef ASM_KVM_ARM_H
#define ASM_KVM_ARM_H

/* HCR */
#define HCR_VM 1
#define HCR_SWIO (1 << 1)
#define HCR_PTW (1 << 2)
#define HCR_FMO (1 << 3)
#define HCR_IMO (1 << 4)
#define HCR_AMO (1 << 5)
#define HCR_VF (1 << 6)
#define HCR_VI (1 << 7)
#define HCR_VA (1 << 8)
#define HCR_FB (1 << 9)
#define HCR_BSU_IS (1 << 10)
#define HCR_BSU (3 << 10)
#define HCR_DC (1 << 12)
#define HCR_TWI (1 << 13)
#define HCR_TWE (1 << 14)
#define HCR_TID0 (1 << 15)
#define HCR_TID1 (1 << 16)
#define HCR_TID2 (1 << 17)
#define HCR_TID3 (1 << 18)
#define HCR_TSC (1 << 19)
#define HCR_TIDCP (1 << 20)
#define HCR_TAC (1 << 21)
#define HCR_TSW (1 << 22)
#define HCR_TPC (1 << 23)
#define HCR_TPU (1 << 24)
#define HCR_TTLB (1 << 25)
#define HCR_TVM (1 << 26)
#define HCR_TGE (1 << 27)
#define HCR_VIRT_EXCP_MASK (HCR_VA | HCR_VI | HCR_VF)
/* Less than Linux sets: what it traps beside interrupts, our guests do not do. */
#define HCR_GUEST_MASK (HCR_VM | HCR_FMO | HCR_IMO | HCR_AMO)

#define HSTR_T(x) (1 << (x))
#define HSTR_TTEE (1 << 16)
#define HSTR_TJDBX (1 << 17)

#define HCPTR_TCP(x) (1 << (x))
#define HCPTR_TCP_MASK 0x3fff
#define HCPTR_TASE (1 << 15)
#define HCPTR_TTA (1 << 20)
#define HCPTR_TCPAC (1 << 31)

#define HDCR_HPMN_MASK 0x1f
#define HDCR_TPMCR (1 << 5)
#define HDCR_TPM (1 << 6)
#define HDCR_HPME (1 << 7)
#define HDCR_TDE (1 << 8)
#define HDCR_TDA (1 << 9)
#define HDCR_TDOSA (1 << 10)
#define HDCR_TDRA (1 << 11)

/* HSR: exception class, and, for aborts, the fault status */
#define HSR_EC_SHIFT 26
#define HSR_EC_UNKNOWN 0x00
#define HSR_EC_WFI 0x01
#define HSR_EC_CP15_32 0x03
#define HSR_EC_CP15_64 0x04
#define HSR_EC_CP14_MR 0x05
#define HSR_EC_CP14_LS 0x06
#define HSR_EC_CP_0_13 0x07
#define HSR_EC_CP10_ID 0x08
#define HSR_EC_JAZELLE 0x09
#define HSR_EC_BXJ 0x0a
#define HSR_EC_CP14_64 0x0c
#define HSR_EC_SVC_HYP 0x11
#define HSR_EC_HVC 0x12
#define HSR_EC_SMC 0x13
#define HSR_EC_IABT 0x20
#define HSR_EC_IABT_HYP 0x21
#define HSR_EC_DABT 0x24
#define HSR_EC_DABT_HYP 0x25

#define HSR_FSC 0x3f
#define HSR_FSC_TYPE 0x3c
#define FSC_FAULT 0x04
#define FSC_ACCESS 0x08
#define FSC_PERM 0x0c

#endif
