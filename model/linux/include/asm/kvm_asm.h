/* SPDX-License-Identifier: MIT */
/* Why __kvm_vcpu_run() came back. */
#ifndef ASM_KVM_ASM_H
#define ASM_KVM_ASM_H

#define ARM_EXCEPTION_IRQ 5
#define ARM_EXCEPTION_HVC 7

#endif
