/* SPDX-License-Identifier: MIT */
/*
 * A26: the world switch in C leaves out a barrier
 *
 * arch/arm/kvm/hyp/switch.c of 4.6 to 5.6, when the 32-bit host was removed: no bug was ever reported. It notes whether the guest has used FP,
 * clears HCPTR, switches the registers back if it has, and writes the host's FPEXC. There is no context synchronisation event between
 * the write of HCPTR and that of FPEXC. The mended form is ours: an ISB.
 */
#define ENTRY_POINT ENTRY
#include <kvm/into_guest.S>

	VFPFMRX	r2, FPEXC
	push	{r2}
	tst	r2, #FPEXC_EN
	bne	enabled
	orr	r2, r2, #FPEXC_EN
	VFPFMXR	FPEXC, r2
	isb
enabled:
	set_hcptr vmentry, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))

#include <kvm/out_of_guest.S>

	mrc	p15, 4, r8, c1, c1, 2		@ HCPTR: __vfp_enabled()
	mov	r2, #0
	mcr	p15, 4, r2, c1, c1, 2		@ __deactivate_traps()
#ifndef BROKEN
	isb
#endif
	tst	r8, #(HCPTR_TCP(10) | HCPTR_TCP(11))
	bne	after_vfp_restore
	switch_vfp_to_host
after_vfp_restore:
	pop	{r2}
	VFPFMXR	FPEXC, r2

#include <kvm/vectors.S>

	set_hcptr vmtrap, (HCPTR_TCP(10) | HCPTR_TCP(11))
	switch_vfp_to_guest

#include <kvm/repeat.S>
