/* SPDX-License-Identifier: MIT */
/*
 * Host exceptions, and the switch from one task to another (Linux: entry-armv.S, entry-common.S).
 *
 * Every exception leaves a struct pt_regs on the kernel stack. SRS writes the return address and SPSR where S_PC and
 * S_PSR belong, because a kernel stack starts one word below its top: that word is the frame's ORIG_r0.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <world.h>

	.section .text.entry, "ax"

	.balign	32
ENTRY(vector_table)
	b	.				@ reset
	b	vector_und
	b	vector_swi
	b	vector_fault			@ prefetch abort
	b	vector_fault			@ data abort
	b	.				@ Hyp trap: not in this table
	b	vector_irq
	b	vector_fault			@ FIQ
ENDPROC(vector_table)

	/* To SVC mode with a full frame; r0 = SPSR, flags: eq if it came from user mode. */
	.macro	kernel_entry, lr_offset
	.if	\lr_offset
	sub	lr, lr, #\lr_offset
	.endif
	srsdb	sp!, #SVC_MODE
	cps	#SVC_MODE
	sub	sp, sp, #S_PC
	stmia	sp, {r0 - r12}
	ldr	r0, [sp, #S_PSR]
	tst	r0, #0xf
	.endm

	.macro	usr_entry
	add	r1, sp, #S_SP
	stmia	r1, {sp, lr}^
	.endm

vector_irq:
	kernel_entry 4
	beq	__irq_usr
	str	lr, [sp, #S_LR]
	get_thread_info r1
	ldr	r0, [r1, #TI_PREEMPT]
	cmp	r0, #0
	bleq	preempt_schedule_irq
	ldr	lr, [sp, #S_LR]
	ldmia	sp, {r0 - r12}
	add	sp, sp, #S_PC
	rfeia	sp!

__irq_usr:
	usr_entry
	bl	preempt_schedule_irq
	b	ret_to_user
ENDPROC(vector_irq)

/* Where the world sends a CPU whose interrupt leaves a softirq to be done; it goes on where it was. */
ENTRY(vector_softirq)
	kernel_entry 4
	beq	__softirq_usr
	str	lr, [sp, #S_LR]
	bl	irq_exit
	ldr	lr, [sp, #S_LR]
	ldmia	sp, {r0 - r12}
	add	sp, sp, #S_PC
	rfeia	sp!

__softirq_usr:
	usr_entry
	bl	irq_exit
	b	ret_to_user
ENDPROC(vector_softirq)

/* LR_und is the address behind the instruction, which is where vfp_support_entry() wants r2. */
vector_und:
	kernel_entry 0
	bne	__und_svc
	usr_entry
	ldr	r2, [sp, #S_PC]
	ldr	r0, [r2, #-4]
	ARM_BE8(rev	r0, r0)			@ instructions are little endian
	adr	r9, ret_from_exception
	adr	lr, __und_fault
	enable_irq				@ Linux: to be able to fault on the read above
	and	r8, r0, #0x0f000000		@ VFP data processing, transfers and loads: coprocessors 10 and 11
	cmp	r8, #0x0e000000
	cmpne	r8, #0x0d000000
	cmpne	r8, #0x0c000000
	bxne	lr
	and	r8, r0, #0x0e00
	cmp	r8, #0x0a00
	bxne	lr

	/* do_vfp */
	get_thread_info r10
	inc_preempt_count r10, r4
	ldr	r11, [r10, #TI_CPU]
	add	r10, r10, #TI_VFPSTATE
	b	vfp_support_entry
ENDPROC(vector_und)

__und_fault:
	mov	r0, #PANIC_SIGILL
	world	WORLD_PANIC
__und_svc:
	mov	r0, #PANIC_UNDEF
	world	WORLD_PANIC
vector_fault:
	mov	r0, #PANIC_BUG
	world	WORLD_PANIC
ENTRY(bug)
	mov	r0, #PANIC_BUG
	world	WORLD_PANIC
ENDPROC(bug)

vector_swi:
	kernel_entry 0
	usr_entry
	enable_irq
	mov	r0, r7
	bl	do_syscall
	b	ret_to_user
ENDPROC(vector_swi)

ENTRY(ret_from_fork)
	bl	schedule_tail
ret_from_exception:
ret_to_user:
	disable_irq
	add	r1, sp, #S_SP
	ldmia	r1, {sp, lr}^
	ldmia	sp, {r0 - r12}
	add	sp, sp, #S_PC
	rfeia	sp!
ENDPROC(ret_from_fork)

/*
 * struct thread_info *__switch_to(prev, next): returns, on next's stack, the thread that ran before it. The notifier
 * runs on prev's stack and on the CPU that both share (Linux: THREAD_NOTIFY_SWITCH with next as its argument).
 */
ENTRY(__switch_to)
	add	ip, r0, #TI_CPU_SAVE
	stmia	ip, {r4 - r11, sp, lr}
	mov	r5, r0
	mov	r4, r1
	mov	r0, r1
	bl	vfp_thread_switch
	mov	r0, r5
	add	ip, r4, #TI_CPU_SAVE
	ldmia	ip, {r4 - r11, sp, pc}
ENDPROC(__switch_to)

/* What a CPU does when there is nothing to do: it never enables preemption. */
ENTRY(cpu_idle)
	enable_irq
1:	wfi
	bl	schedule_idle
	b	1b
ENDPROC(cpu_idle)

/*
 * Where the world sends an idle CPU that is unplugged (Linux: the CPU_DYING and CPU_STARTING notifiers) or put into a
 * low-power state (CPU_PM_ENTER, CPU_PM_EXIT). It loses its registers in between and is booted anew; what does not
 * concern FP on the way back, Hyp mode's vectors and stack for one, is left out.
 */
ENTRY(cpu_die)
	disable_irq
	bl	vfp_cpu_dying
	world	WORLD_POWER_OFF
	bl	vfp_cpu_starting
	b	cpu_idle
ENDPROC(cpu_die)

ENTRY(cpu_lowpower)
	disable_irq
	bl	cpu_suspend
	b	cpu_idle
ENDPROC(cpu_lowpower)
