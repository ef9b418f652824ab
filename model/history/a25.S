/* SPDX-License-Identifier: MIT */
/*
 * A25: UNDEFINED comes before the trap
 *
 * "arm64: KVM: Optimize arm64 skip 30-50% vfp/simd save/restore on exits", Mario Smarduch, 2015 (33c76a0b8126), as it was before its
 * maintainers repaired it for 32-bit guests.
 *
 * With FPEXC.EN clear an FP instruction of the guest is UNDEFINED, and its kernel gets it before HCPTR is even looked at. If the hypervisor
 * leaves EN as the host had it, a guest that has enabled FP finds it disabled, and the trap that would load its registers
 * never comes. Mended: EN is set while the traps are.
 */
#ifdef BROKEN
#define NO_ENABLE
#endif
#define ENTRY_POINT ENTRY
#include "../variants/baseline.S"
