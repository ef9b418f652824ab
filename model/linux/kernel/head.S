/* SPDX-License-Identifier: MIT */
/*
 * Every CPU starts here, in Hyp mode, as a boot loader leaves it for a kernel that is to be a KVM host. It gives Hyp
 * mode KVM's vectors and a stack, drops to SVC mode on the stack of its idle task and enters C.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>

	.arch_extension virt

	.section .text.head, "ax"
ENTRY(_start)
	mrc	p15, 0, r4, c0, c0, 5		@ MPIDR
	and	r4, r4, #0xff

	ldr	r0, =__kvm_hyp_vector
	mcr	p15, 4, r0, c12, c0, 0		@ HVBAR
	ldr	r0, =kvm_arm_hyp_stack
	add	r1, r4, #1
	mov	r2, #HYP_STACK_SIZE
	mla	sp, r1, r2, r0
	mov	r0, #0
	mcr	p15, 4, r0, c1, c1, 0		@ HCR
	mcr	p15, 4, r0, c1, c1, 2		@ HCPTR
	mcr	p15, 4, r0, c1, c1, 3		@ HSTR
	mcrr	p15, 6, r0, r0, c2		@ VTTBR: VMID 0 is the host
	mcrr	p15, 4, r0, r0, c14		@ CNTVOFF
	mrc	p15, 0, r0, c0, c0, 0		@ MIDR
	mcr	p15, 4, r0, c0, c0, 0		@ VPIDR
	mov	r0, #3				@ the host may use the physical timer, and its counter
	mcr	p15, 4, r0, c14, c1, 0		@ CNTHCTL

	mov	r0, #(SVC_MODE | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT | PSR_ENDSTATE)
	msr	spsr_cxsf, r0
	adr	r0, 1f
	msr	elr_hyp, r0
	eret

1:	ldr	r0, =vector_table
	mcr	p15, 0, r0, c12, c0, 0		@ VBAR
	mov	r0, #(0xf << 20)		@ CP10 and CP11 for everybody
	mcr	p15, 0, r0, c1, c0, 2		@ CPACR
	isb
	ldr	r0, =thread_union
	mov	r1, #THREAD_SIZE
	mla	sp, r4, r1, r0
	ldr	r1, =THREAD_START_SP
	add	sp, sp, r1
	mov	r0, r4
	bl	start_kernel
	b	.
	.pool
ENDPROC(_start)

	.section .bss.kvm_arm_hyp_stack, "aw", %nobits
	.balign	8
	.global	kvm_arm_hyp_stack
	.type	kvm_arm_hyp_stack, %object
kvm_arm_hyp_stack:
	.space	NR_CPUS * HYP_STACK_SIZE
	.size	kvm_arm_hyp_stack, . - kvm_arm_hyp_stack
