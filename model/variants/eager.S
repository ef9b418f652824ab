/* SPDX-License-Identifier: MIT */
/* No laziness at all: every entry loads the guest's registers, every exit the host's. HCPTR never traps FP. */
#include <kvm/into_guest.S>

	set_hcptr vmentry, HCPTR_TTA
	switch_vfp_to_guest

#include <kvm/out_of_guest.S>

	set_hcptr vmexit, HCPTR_TTA
	switch_vfp_to_host

#include <kvm/vectors.S>

	b	hyp_panic

#include <kvm/repeat.S>
