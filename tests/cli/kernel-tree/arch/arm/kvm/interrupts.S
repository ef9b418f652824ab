/* SPDX-License-Identifier: MIT */
/*
 * Stands in for arch/arm/kvm/interrupts.S of a kernel tree, which may not be here: our own text of the same shape. LAZY
 * makes it a variant as the series of 2015 does, WITHOUT_ISB one as kernels were before 2015.
 */
#include <linux/linkage.h>
#include <linux/const.h>
#include <asm/unified.h>
#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/asm-offsets.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_arm.h>
#include <asm/vfpmacros.h>
#include "interrupts_head.S"

#ifndef CONFIG_VFPv3
#error "the configuration is missing"
#endif

	.text
#ifdef LAZY
/* void kvm_restore_host_vfp_state(struct kvm_vcpu *vcpu): in SVC mode */
ENTRY(kvm_restore_host_vfp_state)
	push	{r4-r7}
	add	r7, vcpu, #VCPU_VFP_GUEST
	store_vfp_state r7
	ldr	r7, [vcpu, #VCPU_VFP_HOST]
	restore_vfp_state r7
	ldr	r3, [vcpu, #VCPU_VFP_HOST_FPEXC]
	VFPFMXR	FPEXC, r3
	mov	r3, #0
	strb	r3, [vcpu, #VCPU_VFP_DIRTY]
	pop	{r4-r7}
	bx	lr
ENDPROC(kvm_restore_host_vfp_state)

.macro	skip_if_dirty reg, label
	ldr	\reg, [vcpu, #VCPU_VFP_DIRTY]	@ stored as a byte, tested as a word
	cmp	\reg, #1
	beq	\label
.endm
#endif

	.pushsection	.hyp.text, "ax"

__kvm_hyp_code_start:
	.globl	__kvm_hyp_code_start

/* Nobody calls these here; Linux does. */
ENTRY(__kvm_tlb_flush_vmid_ipa)
	dsb	ishst
	add	r0, r0, #KVM_VTTBR
	ldrd	r2, r3, [r0]
	mcrr	p15, 6, rr_lo_hi(r2, r3), c2	@ VTTBR
	isb
	mcr	p15, 0, r0, c8, c3, 0		@ TLBIALLIS
	dsb	ish
	isb
	mov	r2, #0
	mcrr	p15, 6, r2, r2, c2		@ VTTBR
	isb
	bx	lr
ENDPROC(__kvm_tlb_flush_vmid_ipa)

ENTRY(__kvm_flush_vm_context)
	mcr	p15, 4, r0, c8, c3, 4		@ TLBIALLNSNHIS
	mcr	p15, 0, r0, c7, c1, 0		@ ICIALLUIS
	dsb	ish
	isb
	bx	lr
ENDPROC(__kvm_flush_vm_context)

ENTRY(__kvm_vcpu_run)
	mcr	p15, 4, vcpu, c13, c0, 2	@ HTPIDR
	save_host_regs
	restore_vgic_state
	restore_timer_state
	push	{lr}
	read_cp15_state to_stack
	write_cp15_state to_vcpu
#ifdef LAZY
	skip_if_dirty r7, guest_has_fp
	VFPFMRX	r2, FPEXC
	str	r2, [vcpu, #VCPU_VFP_HOST_FPEXC]
	orr	r2, r2, #FPEXC_EN
	VFPFMXR	FPEXC, r2
	set_hcptr vmentry, (HCPTR_TCP(10) | HCPTR_TCP(11))
guest_has_fp:
	set_hcptr vmentry, HCPTR_TTA
#else
	VFPFMRX	r2, FPEXC
	push	{r2}
	orr	r2, r2, #FPEXC_EN
	VFPFMXR	FPEXC, r2
	set_hcptr vmentry, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))
#endif
	configure_hyp_role vmentry
	set_hstr vmentry
	set_hdcr vmentry
	ldr	r1, [vcpu, #VCPU_MIDR]
	mcr	p15, 4, r1, c0, c0, 0		@ VPIDR
	ldr	r1, [vcpu, #CP15_OFFSET(c0_MPIDR)]
	mcr	p15, 4, r1, c0, c0, 5		@ VMPIDR
	ldr	r1, [vcpu, #VCPU_KVM]
	add	r1, r1, #KVM_VTTBR
	ldrd	r2, r3, [r1]
	mcrr	p15, 6, rr_lo_hi(r2, r3), c2	@ VTTBR
	restore_guest_regs
	clrex
	eret

__kvm_vcpu_return:
	save_guest_regs
	mov	r2, #0
	mov	r3, #0
	mcrr	p15, 6, r2, r3, c2		@ VTTBR
	set_hstr vmexit
	set_hdcr vmexit
#ifdef LAZY
	set_hcptr vmexit, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11))
	skip_if_dirty r2, host_fpexc_later
	ldr	r2, [vcpu, #VCPU_VFP_HOST_FPEXC]
	VFPFMXR	FPEXC, r2
host_fpexc_later:
#else
	set_hcptr vmexit, (HCPTR_TTA | HCPTR_TCP(10) | HCPTR_TCP(11)), after_vfp_restore
	add	r7, vcpu, #VCPU_VFP_GUEST
	store_vfp_state r7
	add	r7, vcpu, #VCPU_VFP_HOST
	ldr	r7, [r7]
	restore_vfp_state r7
after_vfp_restore:
	pop	{r2}
	VFPFMXR	FPEXC, r2
#endif
	configure_hyp_role vmexit
	mrc	p15, 0, r2, c0, c0, 0		@ MIDR
	mcr	p15, 4, r2, c0, c0, 0
	mrc	p15, 0, r2, c0, c0, 5		@ MPIDR
	mcr	p15, 4, r2, c0, c0, 5
	read_cp15_state to_vcpu
	write_cp15_state to_stack
	pop	{lr}
	save_timer_state
	save_vgic_state
	restore_host_regs
	clrex
#ifdef CONFIG_CPU_ENDIAN_BE8
	mov	r0, #0
#else
	mov	r0, r1
	mov	r1, #0
#endif
	bx	lr
ENDPROC(__kvm_vcpu_run)

	.popsection

ENTRY(kvm_call_hyp)
	hvc	#0
	bx	lr
ENDPROC(kvm_call_hyp)

	.pushsection	.hyp.text, "ax"

/* An exception that should not have been. */
.macro	bad_exception code, message
	push	{r0-r2}
	mov	r1, #\code
	ldr	r2, =\message
	b	give_up
.endm

/* With r1 = why, r2 = a message: the guest's run ends, or, without a guest, the host panics. */
give_up:
	load_vcpu
	push	{r3, r4}
	mrrc	p15, 6, r3, r4, c2		@ VTTBR
	ubfx	r4, r4, #16, #8
	teq	r4, #0
	pop	{r3, r4}
	beq	5f
	cmp	r1, #ARM_EXCEPTION_DATA_ABORT
	mrceq	p15, 4, r2, c6, c0, 0		@ HDFAR
	streq	r2, [vcpu, #VCPU_HxFAR]
	b	__kvm_vcpu_return
5:	mov	r0, r2
	mrs	r1, ELR_hyp
	ldr	r2, =BSYM(panic)
	msr	ELR_hyp, r2
	mrs	r3, cpsr
	bic	r3, r3, #MODE_MASK
	orr	r3, r3, #SVC_MODE
THUMB(	orr	r3, r3, #PSR_T_BIT	)
	msr	spsr_cxsf, r3
	clrex
	eret

	.align	5
__kvm_hyp_vector:
	.globl	__kvm_hyp_vector
	W(b)	hyp_reset
	W(b)	hyp_undef
	W(b)	hyp_svc
	W(b)	hyp_pabt
	W(b)	hyp_dabt
	W(b)	hyp_hvc
	W(b)	hyp_irq
	W(b)	hyp_fiq

	.align
hyp_reset:
	b	hyp_reset
	.align
hyp_undef:
	bad_exception ARM_EXCEPTION_UNDEFINED, und_die_str
	.align
hyp_svc:
	bad_exception ARM_EXCEPTION_HVC, svc_die_str
	.align
hyp_pabt:
	bad_exception ARM_EXCEPTION_PREF_ABORT, pabt_die_str
	.align
hyp_dabt:
	bad_exception ARM_EXCEPTION_DATA_ABORT, dabt_die_str

	.align
hyp_hvc:
	push	{r0, r1, r2}
	mrrc	p15, 6, r0, r1, c2		@ VTTBR
	mrc	p15, 4, r2, c5, c2, 0		@ HSR
	ubfx	r1, r1, #16, #8
	lsr	r0, r2, #HSR_EC_SHIFT
	cmp	r1, #0
	beq	host_call
	cmp	r0, #HSR_EC_CP_0_13
	bne	guest_trap

switch_to_guest_vfp:
	load_vcpu
	push	{r3-r7}
	set_hcptr vmtrap, (HCPTR_TCP(10) | HCPTR_TCP(11))
#ifdef LAZY
	mov	r1, #1
	strb	r1, [vcpu, #VCPU_VFP_DIRTY]
#endif
	add	r7, vcpu, #VCPU_VFP_HOST
	ldr	r7, [r7]
	store_vfp_state r7
	add	r7, vcpu, #VCPU_VFP_GUEST
	restore_vfp_state r7
	pop	{r3-r7}
	pop	{r0-r2}
	eret

/* r0 = a function, r1-r3 = its arguments; -1 asks where the vectors are. In Hyp mode LR is the user's own. */
host_call:
	pop	{r0, r1, r2}
	cmp	r0, #-1
	bne	4f
	mrc	p15, 4, r0, c12, c0, 0		@ HVBAR
	eret
4:	mrs	r12, SPSR
	push	{r12, lr}
	mov	r12, r0
	mov	r0, r1
	mov	r1, r2
	mov	r2, r3
THUMB(	orr	r12, #1)
	blx	r12
	pop	{r12, lr}
	msr	SPSR_csxf, r12
	eret

/* r0 = exception class, r2 = HSR. An abort also leaves the address, and the page of the guest's that it is in. */
guest_trap:
	push	{r3, r4}
	mov	r1, r0
	load_vcpu
	str	r2, [vcpu, #VCPU_HSR]
	cmp	r1, #HSR_EC_DABT
	mrceq	p15, 4, r3, c6, c0, 0		@ HDFAR
	beq	1f
	cmp	r1, #HSR_EC_IABT
	bne	3f
	mrc	p15, 4, r3, c6, c0, 2		@ HIFAR
1:	str	r3, [vcpu, #VCPU_HxFAR]
	mrc	p15, 4, r4, c6, c0, 4		@ HPFAR
	and	r1, r2, #HSR_FSC_TYPE
	cmp	r1, #FSC_PERM
	bne	2f
	mcr	p15, 0, r3, c7, c8, 0		@ ATS1CPR; nobody cares for PAR here
	isb
	mrrc	p15, 0, r1, r4, c7		@ PAR
	lsr	r4, r1, #12
	lsl	r4, r4, #4
2:	str	r4, [vcpu, #VCPU_HPFAR]
3:	pop	{r3, r4}
	mov	r1, #ARM_EXCEPTION_HVC
	b	__kvm_vcpu_return

	.align
hyp_irq:
	push	{r0, r1, r2}
	mov	r1, #ARM_EXCEPTION_IRQ
	load_vcpu
	b	__kvm_vcpu_return

	.align
hyp_fiq:
	b	hyp_fiq

	.ltorg

__kvm_hyp_code_end:
	.globl	__kvm_hyp_code_end

	.popsection

	.pushsection ".rodata"
und_die_str:
	.ascii	"not an instruction in Hyp mode, at %#08x\n"
svc_die_str:
	.ascii	"an HVC in Hyp mode, at %#08x\n"
pabt_die_str:
	.ascii	"no instruction in Hyp mode, at %#08x\n"
dabt_die_str:
	.ascii	"no data in Hyp mode, at %#08x\n"
	.popsection
