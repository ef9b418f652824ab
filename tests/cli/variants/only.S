/* SPDX-License-Identifier: MIT */
/* The baseline with one mistake, which violates one property and no other: -D and its name. */
#include <kvm/into_guest.S>

	VFPFMRX	r2, FPEXC
	push	{r2}
	orr	r2, r2, #FPEXC_EN
	VFPFMXR	FPEXC, r2
	set_hcptr vmentry, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))

#include <kvm/out_of_guest.S>

	set_hcptr vmexit, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11)), after_vfp_restore
#ifdef FP_LOST_SAVED			/* what the guest had when it came, before what it has now */
	ldr	r2, [vcpu, #VCPU_SCRATCH]
	str	r2, [vcpu, #VCPU_VFP_GUEST]
#endif
#ifdef FP_LOST				/* saves nothing but FPEXC */
	VFPFMRX	r2, FPEXC
	str	r2, [vcpu, #(VCPU_VFP_GUEST + VFP_FPEXC)]
	orr	r2, r2, #FPEXC_EN
	VFPFMXR	FPEXC, r2
	ldr	r7, [vcpu, #VCPU_VFP_HOST]
	restore_vfp_state r7
#else
	switch_vfp_to_host
#endif
#ifdef FP_LEAK_SAVED			/* into the host's context, which nobody will read before it is written */
	ldr	r2, [vcpu, #VCPU_VFP_GUEST]
	ldr	r3, [vcpu, #VCPU_VFP_HOST]
	str	r2, [r3]
#endif
#ifdef FPEXC_GUEST
	ldr	r2, [vcpu, #(VCPU_VFP_GUEST + VFP_FPEXC)]
	orr	r2, r2, #FPEXC_FP2V
	str	r2, [vcpu, #(VCPU_VFP_GUEST + VFP_FPEXC)]
#endif
after_vfp_restore:
	pop	{r2}
#ifdef FPEXC_HOST
	orr	r2, r2, #FPEXC_FP2V
#endif
	VFPFMXR	FPEXC, r2

#include <kvm/vectors.S>

#ifndef STUCK				/* or else nothing happens, and the guest traps again */
	set_hcptr vmtrap, (HCPTR_TCP(10) | HCPTR_TCP(11))
#ifdef FP_LEAK				/* the first time, if the registers hold a thread's data, it stays there */
	ldr	r7, [vcpu, #VCPU_VFP_HOST]
	store_vfp_state r7
	ldr	r2, [vcpu, #VCPU_SCRATCH]
	mov	r3, #1
	str	r3, [vcpu, #VCPU_SCRATCH]
	cmp	r2, #0
	bne	load_guest
	mrc	p15, 0, r2, c0, c0, 5		@ MPIDR
	and	r2, r2, #0xff
	ldr	r3, =vfp_current_hw_state
	ldr	r2, [r3, r2, lsl #2]
	cmp	r2, #0
	ldrne	r2, [vcpu, #(VCPU_VFP_GUEST + VFP_FPEXC)]
	bne	load_fpexc
load_guest:
	add	r7, vcpu, #VCPU_VFP_GUEST
	restore_vfp_state r7
	b	loaded
load_fpexc:
	VFPFMXR	FPEXC, r2
loaded:
#else
	switch_vfp_to_guest
#endif
#ifdef FP_LOST_SAVED
	ldr	r2, [vcpu, #VCPU_VFP_GUEST]
	str	r2, [vcpu, #VCPU_SCRATCH]
#endif
#endif

#include <kvm/repeat.S>
