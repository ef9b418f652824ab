/* SPDX-License-Identifier: MIT */
/* No laziness at all: every entry loads the guest's registers, every exit the host's. HCPTR never traps FP. */
#include <kvm/interrupts_head.S>
#include <world.h>

	.macro	vfp_vmentry
	set_hcptr vmentry, HCPTR_TTA
	switch_vfp_to_guest
	.endm

	.macro	vfp_vmexit
	set_hcptr vmexit, HCPTR_TTA
	switch_vfp_to_host
	.endm

	.macro	vfp_vmtrap
	b	hyp_panic
	.endm

#include <kvm/world_switch.S>
