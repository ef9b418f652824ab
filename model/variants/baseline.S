/* SPDX-License-Identifier: MIT */
/*
 * Mainline before the series (v4.3): the guest's first FP access after each entry traps and switches the registers,
 * every exit after that switches them back. Linked into every image; other variants override it.
 */
#ifndef ENTRY_POINT
#define ENTRY_POINT WEAK
#endif
#include <kvm/into_guest.S>

	VFPFMRX	r2, FPEXC
	push	{r2}
#ifndef NO_ENABLE
	orr	r2, r2, #FPEXC_EN		@ or the guest would see UNDEF where we want the trap
	VFPFMXR	FPEXC, r2
#endif
	set_hcptr vmentry, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))

#include <kvm/out_of_guest.S>

	set_hcptr vmexit, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11)), after_vfp_restore
	switch_vfp_to_host
after_vfp_restore:
	pop	{r2}
	VFPFMXR	FPEXC, r2

#include <kvm/vectors.S>

	set_hcptr vmtrap, (HCPTR_TCP(10) | HCPTR_TCP(11))
	switch_vfp_to_guest

#include <kvm/repeat.S>
