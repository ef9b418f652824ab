/* SPDX-License-Identifier: MIT */
/*
 * What user threads and guests can do: one short program each, from which the world picks. A thread that is free to
 * choose waits at user_choose (a guest at guest_choose); the world sets PC to the program it picks, which ends by
 * coming back. FP instructions stand for whole computations: see WORLD in docs/theory.md.
 */
#include <linux/linkage.h>
#include <asm/vfp.h>
#include <world.h>
#include <syscall.h>

	.arch_extension virt
	.fpu	neon-vfpv4

	.section .text.user, "ax"
ENTRY(user_fp)				@ looks at every FP register, then gives every one a new value
	vadd.f64	d0, d0, d0
	b	user_choose
ENDPROC(user_fp)

ENTRY(user_kvm_run)
	mov	r7, #SYS_KVM_RUN
	svc	#0
	b	user_choose
ENDPROC(user_kvm_run)

ENTRY(user_neon)
	mov	r7, #SYS_NEON
	svc	#0
	b	user_choose
ENDPROC(user_neon)

ENTRY(user_choose)
	b	user_choose
ENDPROC(user_choose)

	.section .text.guest, "ax"
	.balign	32
ENTRY(guest_vectors)
	b	.				@ reset
	b	guest_und
	b	.				@ SVC
	b	.				@ prefetch abort
	b	.				@ data abort
	b	.
	b	.				@ IRQ: goes to Hyp
	b	.				@ FIQ: goes to Hyp
ENDPROC(guest_vectors)

ENTRY(guest_und)			@ the guest kernel's own handler: skips the instruction
	movs	pc, lr
ENDPROC(guest_und)

ENTRY(guest_fp)
	vadd.f64	d0, d0, d0
	b	guest_choose
ENDPROC(guest_fp)

ENTRY(guest_fpexc)			@ looks at FPEXC, then turns FP on or off
	vmrs	r0, fpexc
	eor	r0, r0, #FPEXC_EN
	vmsr	fpexc, r0
	b	guest_choose
ENDPROC(guest_fpexc)

ENTRY(guest_exit)			@ anything that its hypervisor must emulate; comes back behind itself
	hvc	#0
ENDPROC(guest_exit)
ENTRY(guest_choose)
	b	guest_choose
ENDPROC(guest_choose)
