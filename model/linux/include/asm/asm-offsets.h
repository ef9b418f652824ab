/* SPDX-License-Identifier: MIT */
/*
 * Linux generates this file; here the offsets are written down once, in layout.h, for the world too. What follows are
 * offsets that no other part of the model needs.
 */
#ifndef ASM_OFFSETS_H
#define ASM_OFFSETS_H

#include <layout.h>

/* struct vgic_cpu, see asm/kvm_host.h */
#define VGIC_CPU_NR_LR 0
#define VGIC_V2_CPU_HCR 4
#define VGIC_V2_CPU_VMCR 8
#define VGIC_V2_CPU_MISR 12
#define VGIC_V2_CPU_EISR 16
#define VGIC_V2_CPU_ELRSR 24
#define VGIC_V2_CPU_APR 32
#define VGIC_V2_CPU_LR 36

/* Their names before there was another GIC (Linux until 3.16). */
#define VGIC_CPU_HCR VGIC_V2_CPU_HCR
#define VGIC_CPU_VMCR VGIC_V2_CPU_VMCR
#define VGIC_CPU_MISR VGIC_V2_CPU_MISR
#define VGIC_CPU_EISR VGIC_V2_CPU_EISR
#define VGIC_CPU_ELRSR VGIC_V2_CPU_ELRSR
#define VGIC_CPU_APR VGIC_V2_CPU_APR
#define VGIC_CPU_LR VGIC_V2_CPU_LR

#endif
