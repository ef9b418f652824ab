/* SPDX-License-Identifier: MIT */
/* Registers of the GIC's virtual interface control block (GIC architecture specification 2.0, 5.3), by offset. */
#ifndef LINUX_IRQCHIP_ARM_GIC_H
#define LINUX_IRQCHIP_ARM_GIC_H

#define GICH_HCR 0x00
#define GICH_VTR 0x04
#define GICH_VMCR 0x08
#define GICH_MISR 0x10
#define GICH_EISR0 0x20
#define GICH_EISR1 0x24
#define GICH_ELRSR0 0x30
#define GICH_ELRSR1 0x34
#define GICH_ELSR0 GICH_ELRSR0
#define GICH_ELSR1 GICH_ELRSR1
#define GICH_APR 0xf0
#define GICH_LR0 0x100

#endif
