/* SPDX-License-Identifier: MIT */
/*
 * What user threads and guests can do: one short program each, from which the world picks. A thread that is free to
 * choose waits at user_choose (a guest at guest_choose); the world sets PC to the program it picks, which ends by
 * coming back. FP instructions stand for whole computations: see WORLD in docs/explanation/theory.md.
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

	.macro	system_call name, number
ENTRY(\name)
	mov	r7, #\number
	svc	#0
	b	user_choose
ENDPROC(\name)
	.endm

	system_call user_kvm_run, SYS_KVM_RUN
	system_call user_one_reg, SYS_ONE_REG
	system_call user_neon, SYS_NEON
	system_call user_fork, SYS_FORK
	system_call user_exec, SYS_EXEC
	system_call user_exit, SYS_EXIT
	system_call user_stop, SYS_STOP
	system_call user_ptrace, SYS_PTRACE
	system_call user_kill, SYS_KILL
	system_call user_sigreturn, SYS_SIGRETURN
	system_call user_suspend, SYS_SUSPEND

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
