/* SPDX-License-Identifier: MIT */
/*
 * v3-byte, safe from kernel-mode NEON: before the kernel takes the registers for itself, a loaded vCPU gives back
 * those that are its guest's. Entries and exits cost what they cost in v3; kernel_neon_begin() costs a load and a
 * compare more, and, where it meets a guest's registers, the switch that vcpu_put would have made.
 */
#define LOAD_DIRTY ldrb
#include "v3.S"

#include <world.h>

/* void kernel_neon_begin(void): as the kernel's own, but for the three lines that look at the vCPU */
	.section .text.kernel_neon_begin, "ax"
ENTRY(kernel_neon_begin)
	push	{r4 - r7, lr}
	get_thread_info r4
	inc_preempt_count r4, r1
	ldr	r0, [r4, #TI_PREEMPT_NOTIFIER]	@ the vCPU that this thread has loaded
	cmp	r0, #0
	blne	kvm_give_back_vfp
	ldr	r5, [r4, #TI_CPU]
	VFPFMRX	r1, FPEXC
	orr	r1, r1, #FPEXC_EN
	VFPFMXR	FPEXC, r1
	ldr	r6, =vfp_current_hw_state
	ldr	r0, [r6, r5, lsl #2]
#ifdef CONFIG_SMP
	add	r2, r4, #TI_VFPSTATE
	ldr	r3, [r2, #VFP_CPU]
	cmp	r0, r2				@ vfp_state_in_hw()
	cmpeq	r3, r5
	bleq	vfp_save_state
#else
	cmp	r0, #0				@ whoever it is
	blne	vfp_save_state
#endif
	mov	r2, #0
	str	r2, [r6, r5, lsl #2]
	pop	{r4 - r7, pc}
	.pool
ENDPROC(kernel_neon_begin)

/* The registers back to the host, as in vcpu_put, but the vCPU stays loaded: its next FP access traps again. */
kvm_give_back_vfp:
	ldrb	r2, [vcpu, #VCPU_VFP_DIRTY]
	cmp	r2, #0
	bxeq	lr
	world	WORLD_KVM_ENTER
	push	{r4 - r7}
	switch_vfp_to_host
	mov	r2, #0
	strb	r2, [vcpu, #VCPU_VFP_DIRTY]
	pop	{r4 - r7}
	restore_host_fpexc
	world	WORLD_KVM_LEAVE
	bx	lr
