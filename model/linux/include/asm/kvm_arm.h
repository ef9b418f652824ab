/* SPDX-License-Identifier: MIT */
/* Bits of the Hyp registers (ARM ARM, B4.1). */
#ifndef ASM_KVM_ARM_H
#define ASM_KVM_ARM_H

#define HCR_VM 1
#define HCR_FMO (1 << 3)
#define HCR_IMO (1 << 4)
#define HCR_AMO (1 << 5)
#define HCR_GUEST_MASK (HCR_VM | HCR_FMO | HCR_IMO | HCR_AMO)

#define HSTR_T(x) (1 << (x))

#define HCPTR_TCP(x) (1 << (x))
#define HCPTR_TTA (1 << 20)

#define HDCR_TPM (1 << 6)
#define HDCR_TPMCR (1 << 5)

#define HSR_EC_SHIFT 26
#define HSR_EC_CP_0_13 0x07
#define HSR_EC_HVC 0x12

#endif
