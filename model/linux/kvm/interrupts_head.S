/* SPDX-License-Identifier: MIT */
/*
 * Pieces of the world switch (Linux: arch/arm/kvm/interrupts_head.S, around v4.3). Hyp mode, interrupts masked, no
 * translation to care about. r0 is the vCPU throughout.
 */
#ifndef KVM_INTERRUPTS_HEAD_S
#define KVM_INTERRUPTS_HEAD_S

#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>
#include <asm/vfpmacros.h>

	.arch_extension virt

#define CP15_OFFSET(index) (VCPU_CP15 + (index) * 4)

vcpu	.req	r0

	.equ	vmentry, 0
	.equ	vmexit, 1
	.equ	vmtrap, 2

	.macro	load_vcpu
	mrc	p15, 4, vcpu, c13, c0, 2	@ HTPIDR
	.endm

	.macro	push_host_regs_mode mode
	mrs	r2, SP_\mode
	mrs	r3, LR_\mode
	mrs	r4, SPSR_\mode
	push	{r2, r3, r4}
	.endm

	.macro	pop_host_regs_mode mode
	pop	{r2, r3, r4}
	msr	SP_\mode, r2
	msr	LR_\mode, r3
	msr	SPSR_\mode, r4
	.endm

	/* All that the host's caller may count on; r0-r3 are its scratch registers. */
	.macro	save_host_regs
	mrs	r2, ELR_hyp
	push	{r2}
	push	{r4 - r12}
	mrs	r2, SP_usr
	mov	r3, lr
	push	{r2, r3}
	push_host_regs_mode svc
	push_host_regs_mode abt
	push_host_regs_mode und
	push_host_regs_mode irq
	.endm

	.macro	restore_host_regs
	pop_host_regs_mode irq
	pop_host_regs_mode und
	pop_host_regs_mode abt
	pop_host_regs_mode svc
	pop	{r2, r3}
	msr	SP_usr, r2
	mov	lr, r3
	pop	{r4 - r12}
	pop	{r2}
	msr	ELR_hyp, r2
	.endm

	.macro	restore_guest_regs_mode mode, offset
	add	r1, vcpu, #\offset
	ldm	r1, {r2, r3, r4}
	msr	SP_\mode, r2
	msr	LR_\mode, r3
	msr	SPSR_\mode, r4
	.endm

	.macro	save_guest_regs_mode mode, offset
	add	r2, vcpu, #\offset
	mrs	r3, SP_\mode
	mrs	r4, LR_\mode
	mrs	r5, SPSR_\mode
	stm	r2, {r3, r4, r5}
	.endm

	/* Everything but the FP registers, r0 last. */
	.macro	restore_guest_regs
	restore_guest_regs_mode svc, VCPU_SVC_REGS
	restore_guest_regs_mode abt, VCPU_ABT_REGS
	restore_guest_regs_mode und, VCPU_UND_REGS
	restore_guest_regs_mode irq, VCPU_IRQ_REGS
	ldr	r2, [vcpu, #VCPU_PC]
	ldr	r3, [vcpu, #VCPU_CPSR]
	msr	ELR_hyp, r2
	msr	SPSR_cxsf, r3
	ldr	r2, [vcpu, #(VCPU_USR_REGS + 52)]
	ldr	lr, [vcpu, #(VCPU_USR_REGS + 56)]
	msr	SP_usr, r2
	add	vcpu, vcpu, #VCPU_USR_REGS
	ldm	vcpu, {r0 - r12}
	.endm

	/* The guest's r0-r2 are on the Hyp stack; r1, the exit code, survives. */
	.macro	save_guest_regs
	add	r2, vcpu, #(VCPU_USR_REGS + 12)
	stm	r2, {r3 - r12}
	pop	{r3, r4, r5}
	add	r2, vcpu, #VCPU_USR_REGS
	stm	r2, {r3, r4, r5}
	mrs	r2, SP_usr
	str	r2, [vcpu, #(VCPU_USR_REGS + 52)]
	str	lr, [vcpu, #(VCPU_USR_REGS + 56)]
	mrs	r2, ELR_hyp
	mrs	r3, SPSR
	str	r2, [vcpu, #VCPU_PC]
	str	r3, [vcpu, #VCPU_CPSR]
	save_guest_regs_mode svc, VCPU_SVC_REGS
	save_guest_regs_mode abt, VCPU_ABT_REGS
	save_guest_regs_mode und, VCPU_UND_REGS
	save_guest_regs_mode irq, VCPU_IRQ_REGS
	.endm

	.macro	read_cp15 vbar, cpacr, tpidrprw
	mrc	p15, 0, \vbar, c12, c0, 0
	mrc	p15, 0, \cpacr, c1, c0, 2
	mrc	p15, 0, \tpidrprw, c13, c0, 4
	.endm

	.macro	write_cp15 vbar, cpacr, tpidrprw
	mcr	p15, 0, \vbar, c12, c0, 0
	mcr	p15, 0, \cpacr, c1, c0, 2
	mcr	p15, 0, \tpidrprw, c13, c0, 4
	.endm

	.macro	load_guest_cp15
	read_cp15 r2, r3, r4
	push	{r2, r3, r4}
	ldr	r2, [vcpu, #CP15_OFFSET(c12_VBAR)]
	ldr	r3, [vcpu, #CP15_OFFSET(c1_CPACR)]
	ldr	r4, [vcpu, #CP15_OFFSET(c13_TID_PRIV)]
	write_cp15 r2, r3, r4
	.endm

	.macro	load_host_cp15
	read_cp15 r2, r3, r4
	str	r2, [vcpu, #CP15_OFFSET(c12_VBAR)]
	str	r3, [vcpu, #CP15_OFFSET(c1_CPACR)]
	str	r4, [vcpu, #CP15_OFFSET(c13_TID_PRIV)]
	pop	{r2, r3, r4}
	write_cp15 r2, r3, r4
	.endm

	.macro	configure_hyp_role operation
	.if	\operation == vmentry
	ldr	r2, [vcpu, #VCPU_HCR]
	.else
	mov	r2, #0
	.endif
	mcr	p15, 4, r2, c1, c1, 0		@ HCR
	.endm

	/* Which VM runs; VMID 0 is the host. */
	.macro	set_vttbr operation
	.if	\operation == vmentry
	ldr	r2, [vcpu, #VCPU_KVM]
	ldrd	r2, r3, [r2, #KVM_VTTBR]
	.else
	mov	r2, #0
	mov	r3, #0
	.endif
	mcrr	p15, 6, rr_lo_hi(r2, r3), c2	@ VTTBR
	.endm

	/* Trap the guest's debug, trace and performance monitor registers, whatever it does with FP. */
	.macro	set_hstr operation
	mrc	p15, 4, r2, c1, c1, 3
	ldr	r3, =HSTR_T(15)
	.if	\operation == vmentry
	orr	r2, r2, r3
	.else
	bic	r2, r2, r3
	.endif
	mcr	p15, 4, r2, c1, c1, 3
	.endm

	.macro	set_hdcr operation
	mrc	p15, 4, r2, c1, c1, 1
	ldr	r3, =(HDCR_TPM | HDCR_TPMCR)
	.if	\operation == vmentry
	orr	r2, r2, r3
	.else
	bic	r2, r2, r3
	.endif
	mcr	p15, 4, r2, c1, c1, 1
	.endm

	/*
	 * Traps to Hyp: sets the bits of mask on vmentry, clears them otherwise; clobbers r2, r3.
	 *
	 * A write of HCPTR counts for sure only after a context synchronisation event. On the way into the guest ERET
	 * is one. Otherwise FP registers may be touched next, which could still trap, Hyp into Hyp: hence ISB, always
	 * on vmtrap, on vmexit only where the traps were set. In that case, vmexit goes on at label, if given.
	 */
#ifndef HCPTR_BARRIER
#define HCPTR_BARRIER isb
#endif
	.macro	set_hcptr operation, mask, label = none
	mrc	p15, 4, r2, c1, c1, 2
	ldr	r3, =\mask
	.if	\operation == vmentry
	orr	r3, r2, r3
	.else
	bic	r3, r2, r3
	.endif
	mcr	p15, 4, r3, c1, c1, 2
	.if	\operation != vmentry
	.if	\operation == vmexit
	tst	r2, #(HCPTR_TCP(10) | HCPTR_TCP(11))
	beq	1f
	.endif
	HCPTR_BARRIER
	.ifnc	\label, none
	b	\label
	.endif
1:
	.endif
	.endm

	/* Which FP registers there are to switch: a variant may know better. */
#ifndef STORE_VFP_REGS
#define STORE_VFP_REGS VFPFSTMIA
#define LOAD_VFP_REGS VFPFLDMIA
#endif

	/* Stores all FP state at base, which moves; clobbers r2-r6; leaves FPEXC.EN set. */
	.macro	store_vfp_state vfp_base
	VFPFMRX	r2, FPEXC
	orr	r6, r2, #FPEXC_EN
	VFPFMXR	FPEXC, r6			@ else the registers could not be touched
	VFPFMRX	r3, FPSCR
	tst	r2, #FPEXC_EX
	beq	1f
	VFPFMRX	r4, FPINST
	tst	r2, #FPEXC_FP2V
	VFPFMRX	r5, FPINST2, ne
	bic	r6, r2, #FPEXC_EX		@ or the stores would bounce
	VFPFMXR	FPEXC, r6
1:	STORE_VFP_REGS \vfp_base, r6
	stm	\vfp_base, {r2 - r5}
	.endm

	/* Loads all FP state from base, which moves; clobbers r2-r6; needs FPEXC.EN. */
	.macro	restore_vfp_state vfp_base
#ifdef RESTORE_FPEXC_FIRST
	ldr	r2, [\vfp_base, #VFP_FPEXC]
	VFPFMXR	FPEXC, r2
#endif
	LOAD_VFP_REGS \vfp_base, r6
	ldm	\vfp_base, {r2 - r5}
	VFPFMXR	FPSCR, r3
	tst	r2, #FPEXC_EX
	beq	1f
	VFPFMXR	FPINST, r4
	tst	r2, #FPEXC_FP2V
	VFPFMXR	FPINST2, r5, ne
1:
#ifndef RESTORE_FPEXC_FIRST
	VFPFMXR	FPEXC, r2			@ last: it may clear EN
#endif
	.endm

	/* What kvm_arch_vcpu_load(vcpu, cpu) and kvm_arch_vcpu_put(vcpu) do whatever happens to FP; clobber r2, r3. */
	.macro	vcpu_loaded_on cpu
	str	\cpu, [vcpu, #VCPU_CPU]
	ldr	r2, =kvm_host_cpu_state
	mov	r3, #VFP_STATE_SIZE
	mla	r2, \cpu, r3, r2
	str	r2, [vcpu, #VCPU_VFP_HOST]
	.endm

	.macro	vcpu_loaded_nowhere
	mvn	r2, #0
	str	r2, [vcpu, #VCPU_CPU]
	.endm

	/* Keeps the host's FPEXC and sets EN, so that FP accesses of the guest trap and are not UNDEFINED. */
	.macro	save_host_fpexc
	VFPFMRX	r2, FPEXC
	str	r2, [vcpu, #VCPU_VFP_HOST_FPEXC]
#ifndef NO_ENABLE
	orr	r2, r2, #FPEXC_EN
	VFPFMXR	FPEXC, r2
#endif
	.endm

	.macro	restore_host_fpexc
	ldr	r2, [vcpu, #VCPU_VFP_HOST_FPEXC]
	VFPFMXR	FPEXC, r2
	.endm

	/* Guest out: the vCPU's area; host in: this CPU's; and the other way round. r7 and what the above clobber. */
	.macro	switch_vfp_to_host
	add	r7, vcpu, #VCPU_VFP_GUEST
	store_vfp_state r7
	ldr	r7, [vcpu, #VCPU_VFP_HOST]
	restore_vfp_state r7
	.endm

	.macro	switch_vfp_to_guest
	ldr	r7, [vcpu, #VCPU_VFP_HOST]
	store_vfp_state r7
	add	r7, vcpu, #VCPU_VFP_GUEST
	restore_vfp_state r7
	.endm

#endif
