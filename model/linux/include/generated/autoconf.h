/* SPDX-License-Identifier: MIT */
/*
 * The kernel configuration, for code from a kernel tree, which the compiler gets with -include. CONFIG_SMP is not here:
 * it belongs to the configuration of the search.
 */
#ifndef GENERATED_AUTOCONF_H
#define GENERATED_AUTOCONF_H

#define CONFIG_ARM 1
#define CONFIG_MMU 1
#define CONFIG_CPU_V7 1
#define CONFIG_PREEMPT 1
#define CONFIG_PREEMPT_COUNT 1
#define CONFIG_VFP 1
#define CONFIG_VFPv3 1
#define CONFIG_NEON 1
#define CONFIG_KERNEL_MODE_NEON 1
#define CONFIG_KVM 1
#define CONFIG_KVM_ARM_HOST 1
#define CONFIG_KVM_ARM_VGIC 1
#define CONFIG_KVM_ARM_TIMER 1

#ifdef __ARMEB__
#define CONFIG_CPU_BIG_ENDIAN 1
#define CONFIG_CPU_ENDIAN_BE8 1
#endif

#ifndef __LINUX_ARM_ARCH__
#define __LINUX_ARM_ARCH__ 7
#endif

#endif
