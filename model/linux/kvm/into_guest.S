/* SPDX-License-Identifier: MIT */
/*
 * The world switch: host to guest and back, and the Hyp vectors (Linux: arch/arm/kvm/interrupts.S, around v4.3). It comes
 * in four pieces, because what a variant does with the FP unit goes between them; a variant reads, from top to bottom:
 *
 *	#include <kvm/into_guest.S>	__kvm_vcpu_run: the host's registers are saved
 *	... on the way into the guest, r2-r12 are free; also sets the HCPTR traps
 *	#include <kvm/out_of_guest.S>	the guest runs, and comes back
 *	... on the way out, r2-r12 are free, r1 is not; also clears the HCPTR traps
 *	#include <kvm/vectors.S>	the host's registers are restored; the Hyp vectors
 *	... at an FP access of the guest that HCPTR trapped, r2-r7 are free
 *	#include <kvm/repeat.S>		the guest repeats the instruction
 *
 * r0 is the vCPU in all three; Hyp mode, interrupts masked. ENTRY_POINT is ENTRY, or WEAK in the variant that all images
 * contain.
 */
#include <kvm/interrupts_head.S>
#include <world.h>

#ifndef ENTRY_POINT
#define ENTRY_POINT ENTRY
#endif

/* u64 __kvm_vcpu_run(struct kvm_vcpu *vcpu), through HVC; returns the exit code */
	.section .text.hyp, "ax"
ENTRY_POINT(__kvm_vcpu_run)
	mcr	p15, 4, vcpu, c13, c0, 2	@ HTPIDR
	save_host_regs
	load_guest_cp15
