/* SPDX-License-Identifier: MIT */
/*
 * A24: a trap that has been cleared still traps
 *
 * "arm: KVM: force execution of HCPTR access on VM exit", Marc Zyngier, 2015-03 (85e84ba31039), found by Vikram Sethi.
 *
 * A write of HCPTR need not act before a context synchronisation event. The exit path cleared the traps and touched FPEXC next, with
 * none in between, and so did the handler of the guest's first FP access: a trap from Hyp to Hyp, where nobody handles it.
 * Mended: ISB in both places.
 */
#ifdef BROKEN
#define HCPTR_BARRIER
#endif
#define ENTRY_POINT ENTRY
#include "../variants/baseline.S"
