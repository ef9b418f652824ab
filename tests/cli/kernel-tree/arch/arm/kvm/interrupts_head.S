/* SPDX-License-Identifier: MIT */
/*
 * Stands in for a kernel tree's file of this name: not its text, but the same headers, names and constructs, and all that
 * a whole world switch has to move. See interrupts.S.
 */
#include <linux/irqchip/arm-gic.h>
#include <asm/assembler.h>

#define VCPU_USR_REG(number) (VCPU_USR_REGS + ((number) * 4))
#define VCPU_USR_SP VCPU_USR_REG(13)
#define VCPU_USR_LR VCPU_USR_REG(14)
#define CP15_OFFSET(index) (VCPU_CP15 + ((index) * 4))

vcpu	.req	r0

.equ	vmentry, 0
.equ	vmexit, 1
.equ	vmtrap, 2

/* Names that macros compare, and that mean nothing. */
.equ	to_stack, 0
.equ	to_vcpu, 1

.macro	load_vcpu
	mrc	p15, 4, vcpu, c13, c0, 2	@ HTPIDR
.endm

/* Banked registers: a mode's SP, LR and SPSR in r2-r4, and FIQ's eight in r2-r9. */
.macro	read_mode mode
	mrs	r2, SP_\mode
	mrs	r3, LR_\mode
	mrs	r4, SPSR_\mode
.endm

.macro	write_mode mode
	msr	SP_\mode, r2
	msr	LR_\mode, r3
	msr	SPSR_\mode, r4
.endm

.macro	read_fiq
	mrs	r2, r8_fiq
	mrs	r3, r9_fiq
	mrs	r4, r10_fiq
	mrs	r5, r11_fiq
	mrs	r6, r12_fiq
	mrs	r7, SP_fiq
	mrs	r8, LR_fiq
	mrs	r9, SPSR_fiq
.endm

.macro	write_fiq
	msr	r8_fiq, r2
	msr	r9_fiq, r3
	msr	r10_fiq, r4
	msr	r11_fiq, r5
	msr	r12_fiq, r6
	msr	SP_fiq, r7
	msr	LR_fiq, r8
	msr	SPSR_fiq, r9
.endm

.macro	save_host_regs
	push	{r4-r12}
	mrs	r2, ELR_hyp
	mrs	r3, SP_usr
	push	{r2, r3, lr}
	.irp	mode, irq, und, abt, svc
	read_mode \mode
	push	{r2-r4}
	.endr
	read_fiq
	push	{r2-r9}
.endm

.macro	restore_host_regs
	pop	{r2-r9}
	write_fiq
	.irp	mode, svc, abt, und, irq
	pop	{r2-r4}
	write_mode \mode
	.endr
	pop	{r2, r3, lr}
	msr	ELR_hyp, r2
	msr	SP_usr, r3
	pop	{r4-r12}
.endm

.macro	load_guest_mode mode, offset
	add	r1, vcpu, \offset
	ldm	r1, {r2-r4}
	write_mode \mode
.endm

.macro	store_guest_mode mode, offset
	read_mode \mode
	add	r5, vcpu, \offset
	stm	r5, {r2-r4}
.endm

/* The last thing before the guest runs: nothing is left of the host. */
.macro	restore_guest_regs
	load_guest_mode svc, #VCPU_SVC_REGS
	load_guest_mode abt, #VCPU_ABT_REGS
	load_guest_mode und, #VCPU_UND_REGS
	load_guest_mode irq, #VCPU_IRQ_REGS
	add	r1, vcpu, #VCPU_FIQ_REGS
	ldm	r1, {r2-r9}
	write_fiq
	ldr	r2, [vcpu, #VCPU_CPSR]
	ldr	r3, [vcpu, #VCPU_PC]
	msr	SPSR_cxsf, r2
	msr	ELR_hyp, r3
	ldr	lr, [vcpu, #VCPU_USR_LR]
	ldr	r2, [vcpu, #VCPU_USR_SP]
	msr	SP_usr, r2
	add	vcpu, vcpu, #VCPU_USR_REGS
	ldm	vcpu, {r0-r12}
.endm

/* r0-r2 of the guest are on the stack; r0 is the vCPU, r1 must survive. */
.macro	save_guest_regs
	add	r2, vcpu, #VCPU_USR_REG(3)
	stm	r2, {r3-r12}
	pop	{r6-r8}
	add	r2, vcpu, #VCPU_USR_REG(0)
	stm	r2, {r6-r8}
	mrs	r2, SP_usr
	str	r2, [vcpu, #VCPU_USR_SP]
	str	lr, [vcpu, #VCPU_USR_LR]
	mrs	r2, spsr
	mrs	r3, ELR_hyp
	str	r2, [vcpu, #VCPU_CPSR]
	str	r3, [vcpu, #VCPU_PC]
	store_guest_mode svc, #VCPU_SVC_REGS
	store_guest_mode abt, #VCPU_ABT_REGS
	store_guest_mode und, #VCPU_UND_REGS
	store_guest_mode irq, #VCPU_IRQ_REGS
	read_fiq
	add	r10, vcpu, #VCPU_FIQ_REGS
	stm	r10, {r2-r9}
.endm

/* CP15 in three groups, so that each fits r2-r12; the 64-bit ones in even pairs. */
.macro	cp15_group_a op, op64
	\op	p15, 0, r2, c13, c0, 1		@ CONTEXTIDR
	\op	p15, 0, r3, c13, c0, 2		@ TPIDRURW
	\op	p15, 0, r4, c13, c0, 3		@ TPIDRURO
	\op	p15, 0, r5, c13, c0, 4		@ TPIDRPRW
	\op	p15, 0, r6, c12, c0, 0		@ VBAR
	\op	p15, 2, r7, c0, c0, 0		@ CSSELR
	\op64	p15, 0, r8, r9, c2		@ TTBR0
	\op64	p15, 1, r10, r11, c2		@ TTBR1
	\op	p15, 0, r12, c1, c0, 2		@ CPACR
.endm

.macro	cp15_group_b op, op64
	\op	p15, 0, r2, c5, c0, 0		@ DFSR
	\op	p15, 0, r3, c5, c0, 1		@ IFSR
	\op	p15, 0, r4, c5, c1, 0		@ ADFSR
	\op	p15, 0, r5, c5, c1, 1		@ AIFSR
	\op	p15, 0, r6, c6, c0, 0		@ DFAR
	\op	p15, 0, r7, c6, c0, 2		@ IFAR
	\op64	p15, 0, r8, r9, c7		@ PAR
	\op	p15, 0, r10, c2, c0, 2		@ TTBCR
	\op	p15, 0, r11, c3, c0, 0		@ DACR
	\op	p15, 0, r12, c1, c0, 0		@ SCTLR
.endm

.macro	cp15_group_c op
	\op	p15, 0, r2, c10, c2, 0		@ PRRR
	\op	p15, 0, r3, c10, c2, 1		@ NMRR
	\op	p15, 0, r4, c10, c3, 0		@ AMAIR0
	\op	p15, 0, r5, c10, c3, 1		@ AMAIR1
	\op	p15, 0, r6, c14, c1, 0		@ CNTKCTL
.endm

/* Where each of a group is in the vCPU; `op` is ldr or str, `dual` ldrd or strd; uses lr for addresses. */
.macro	vcpu_group_a op, dual
	\op	r2, [vcpu, #CP15_OFFSET(c13_CID)]
	\op	r3, [vcpu, #CP15_OFFSET(c13_TID_URW)]
	\op	r4, [vcpu, #CP15_OFFSET(c13_TID_URO)]
	\op	r5, [vcpu, #CP15_OFFSET(c13_TID_PRIV)]
	\op	r6, [vcpu, #CP15_OFFSET(c12_VBAR)]
	\op	r7, [vcpu, #CP15_OFFSET(c0_CSSELR)]
	add	lr, vcpu, #CP15_OFFSET(c2_TTBR0)
	\dual	r8, r9, [lr]
	add	lr, vcpu, #CP15_OFFSET(c2_TTBR1)
	\dual	r10, r11, [lr]
	\op	r12, [vcpu, #CP15_OFFSET(c1_CPACR)]
.endm

.macro	vcpu_group_b op, dual
	\op	r2, [vcpu, #CP15_OFFSET(c5_DFSR)]
	\op	r3, [vcpu, #CP15_OFFSET(c5_IFSR)]
	\op	r4, [vcpu, #CP15_OFFSET(c5_ADFSR)]
	\op	r5, [vcpu, #CP15_OFFSET(c5_AIFSR)]
	\op	r6, [vcpu, #CP15_OFFSET(c6_DFAR)]
	\op	r7, [vcpu, #CP15_OFFSET(c6_IFAR)]
	add	lr, vcpu, #CP15_OFFSET(c7_PAR)
	\dual	r8, r9, [lr]
	\op	r10, [vcpu, #CP15_OFFSET(c2_TTBCR)]
	\op	r11, [vcpu, #CP15_OFFSET(c3_DACR)]
	\op	r12, [vcpu, #CP15_OFFSET(c1_SCTLR)]
.endm

.macro	vcpu_group_c op
	\op	r2, [vcpu, #CP15_OFFSET(c10_PRRR)]
	\op	r3, [vcpu, #CP15_OFFSET(c10_NMRR)]
	\op	r4, [vcpu, #CP15_OFFSET(c10_AMAIR0)]
	\op	r5, [vcpu, #CP15_OFFSET(c10_AMAIR1)]
	\op	r6, [vcpu, #CP15_OFFSET(c14_CNTKCTL)]
.endm

.macro	read_cp15_state where
	cp15_group_a mrc, mrrc
	.if	\where == to_vcpu
	vcpu_group_a str, strd
	.else
	push	{r2-r12}
	.endif
	cp15_group_b mrc, mrrc
	.if	\where == to_vcpu
	vcpu_group_b str, strd
	.else
	push	{r2-r12}
	.endif
	cp15_group_c mrc
	.if	\where == to_vcpu
	vcpu_group_c str
	.else
	push	{r2-r6}
	.endif
.endm

.macro	write_cp15_state where
	.if	\where == to_vcpu
	vcpu_group_c ldr
	.else
	pop	{r2-r6}
	.endif
	cp15_group_c mcr
	.if	\where == to_vcpu
	vcpu_group_b ldr, ldrd
	.else
	pop	{r2-r12}
	.endif
	cp15_group_b mcr, mcrr
	.if	\where == to_vcpu
	vcpu_group_a ldr, ldrd
	.else
	pop	{r2-r12}
	.endif
	cp15_group_a mcr, mcrr
.endm

/* The GIC's registers are little endian, whatever the kernel is. */
.macro	gich_to_vcpu register, offset
	ldr	r3, [r2, #\register]
ARM_BE8(rev	r3, r3)
	str	r3, [r11, #\offset]
.endm

.macro	vcpu_to_gich register, offset
	ldr	r3, [r11, #\offset]
ARM_BE8(rev	r3, r3)
	str	r3, [r2, #\register]
.endm

.macro	save_vgic_state
#ifdef CONFIG_KVM_ARM_VGIC
	ldr	r2, [vcpu, #VCPU_KVM]
	ldr	r2, [r2, #KVM_VGIC_VCTRL]
	cmp	r2, #0
	beq	9f
	add	r11, vcpu, #VCPU_VGIC_CPU
	gich_to_vcpu GICH_HCR, VGIC_V2_CPU_HCR
	gich_to_vcpu GICH_VMCR, VGIC_V2_CPU_VMCR
	gich_to_vcpu GICH_MISR, VGIC_V2_CPU_MISR
	gich_to_vcpu GICH_APR, VGIC_V2_CPU_APR
#ifdef CONFIG_CPU_ENDIAN_BE8
	gich_to_vcpu GICH_EISR1, VGIC_V2_CPU_EISR
	gich_to_vcpu GICH_EISR0, (VGIC_V2_CPU_EISR + 4)
#else
	gich_to_vcpu GICH_EISR0, VGIC_V2_CPU_EISR
	gich_to_vcpu GICH_EISR1, (VGIC_V2_CPU_EISR + 4)
#endif
	gich_to_vcpu GICH_ELRSR0, VGIC_V2_CPU_ELRSR
	mov	r3, #0
	str	r3, [r2, #GICH_HCR]
	add	r4, r2, #GICH_LR0
	add	r5, r11, #VGIC_V2_CPU_LR
	ldr	r6, [r11, #VGIC_CPU_NR_LR]
8:	ldr	r3, [r4], #4
ARM_BE8(rev	r3, r3)
	str	r3, [r5], #4
	subs	r6, r6, #1
	bne	8b
9:
#endif
.endm

.macro	restore_vgic_state
#ifdef CONFIG_KVM_ARM_VGIC
	ldr	r2, [vcpu, #VCPU_KVM]
	ldr	r2, [r2, #KVM_VGIC_VCTRL]
	cmp	r2, #0
	beq	9f
	add	r11, vcpu, #VCPU_VGIC_CPU
	vcpu_to_gich GICH_HCR, VGIC_CPU_HCR	@ by the older names
	vcpu_to_gich GICH_VMCR, VGIC_CPU_VMCR
	vcpu_to_gich GICH_APR, VGIC_CPU_APR
	add	r4, r2, #GICH_LR0
	add	r5, r11, #VGIC_CPU_LR
	ldr	r6, [r11, #VGIC_CPU_NR_LR]
8:	ldr	r3, [r5], #4
ARM_BE8(rev	r3, r3)
	str	r3, [r4], #4
	subs	r6, r6, #1
	bne	8b
9:
#endif
.endm

#define CNTHCTL_HOST 3
#define CNTHCTL_GUEST 1

.macro	set_cnthctl value
	mov	r2, #\value
	mcr	p15, 4, r2, c14, c1, 0		@ CNTHCTL
.endm

/* r4 = the VM; goes to the label if its timer is not used. */
.macro	load_timer_vm label
	ldr	r4, [vcpu, #VCPU_KVM]
	ldr	r5, [r4, #KVM_TIMER_ENABLED]
	teq	r5, #0
	beq	\label
.endm

.macro	save_timer_state
#ifdef CONFIG_KVM_ARM_TIMER
	mrc	p15, 0, r3, c14, c3, 1		@ CNTV_CTL
	mov	r2, #0
	mcr	p15, 0, r2, c14, c3, 1
	load_timer_vm 9f
	str	r3, [vcpu, #VCPU_TIMER_CNTV_CTL]
	isb
	mcrr	p15, 4, r2, r2, c14		@ CNTVOFF
	mrrc	p15, 3, rr_lo_hi(r6, r7), c14	@ CNTV_CVAL
	ldr	r5, =VCPU_TIMER_CNTV_CVAL
	strd	r6, r7, [vcpu, r5]
9:
#endif
	set_cnthctl CNTHCTL_HOST
.endm

.macro	restore_timer_state
	set_cnthctl CNTHCTL_GUEST
#ifdef CONFIG_KVM_ARM_TIMER
	load_timer_vm 9f
	ldr	r5, =VCPU_TIMER_CNTV_CVAL
	ldrd	r6, r7, [vcpu, r5]
	mcrr	p15, 3, rr_lo_hi(r6, r7), c14	@ CNTV_CVAL
	ldrd	r6, r7, [r4, #KVM_TIMER_CNTVOFF]
	mcrr	p15, 4, rr_lo_hi(r6, r7), c14	@ CNTVOFF
	isb
	ldr	r5, [vcpu, #VCPU_TIMER_CNTV_CTL]
	mcr	p15, 0, r5, c14, c3, 1		@ CNTV_CTL
9:
#endif
.endm

/* Sets bits of a Hyp trap register at entry, clears them otherwise: old value in r2, new one in r3. */
.macro	change_trap operation, mask, opc1, crn, crm, opc2
	mrc	p15, \opc1, r2, \crn, \crm, \opc2
	ldr	r3, =\mask
	.if	\operation == vmentry
	orr	r3, r2, r3
	.else
	bic	r3, r2, r3
	.endif
	mcr	p15, \opc1, r3, \crn, \crm, \opc2
.endm

.macro	set_hstr operation
	change_trap \operation, HSTR_T(15), 4, c1, c1, 3
.endm

.macro	set_hdcr operation
	change_trap \operation, (HDCR_TPM | HDCR_TPMCR), 4, c1, c1, 1
.endm

/* An exit that finds FP still trapped goes to the label. WITHOUT_ISB is a mistake that a test makes. */
.macro	set_hcptr operation, mask, label = none
	change_trap \operation, \mask, 4, c1, c1, 2
	.if	\operation != vmentry
	.if	\operation == vmexit
	tst	r2, #(HCPTR_TCP(10) | HCPTR_TCP(11))
	beq	7f
	.endif
#ifndef WITHOUT_ISB
	isb
#endif
	.if	\label != none
	b	\label
	.endif
7:
	.endif
.endm

.macro	configure_hyp_role operation
	.if	\operation == vmentry
	ldr	r2, [vcpu, #VCPU_HCR]
	ldr	r3, [vcpu, #VCPU_IRQ_LINES]
	orr	r2, r2, r3
	.else
	mov	r2, #0
	.endif
	mcr	p15, 4, r2, c1, c1, 0		@ HCR
.endm

/* The FP registers and their system registers, to or from an area; base moves, r2-r6 are lost. */
.macro	store_vfp_state base
	VFPFMRX	r6, FPEXC
	orr	r2, r6, #FPEXC_EN
	VFPFMXR	FPEXC, r2
	tst	r6, #FPEXC_EX
	beq	6f
	tst	r6, #FPEXC_FP2V
	VFPFMRX	r5, FPINST2, ne
	VFPFMRX	r4, FPINST
	bic	r2, r2, #FPEXC_EX
	VFPFMXR	FPEXC, r2
6:	VFPFMRX	r3, FPSCR
	VFPFSTMIA \base, r2
	mov	r2, r6
	stm	\base, {r2-r5}
.endm

.macro	restore_vfp_state base
	add	r6, \base, #VFP_FPEXC
	ldm	r6, {r2-r5}
	VFPFLDMIA \base, r6
	tst	r2, #FPEXC_EX
	beq	6f
	tst	r2, #FPEXC_FP2V
	VFPFMXR	FPINST2, r5, ne
	VFPFMXR	FPINST, r4
6:	VFPFMXR	FPSCR, r3
	VFPFMXR	FPEXC, r2
.endm
