/* SPDX-License-Identifier: MIT */
/* A thread: its thread_info at the bottom of its kernel stack (Linux: arch/arm/include/asm/thread_info.h). */
#ifndef ASM_THREAD_INFO_H
#define ASM_THREAD_INFO_H

#include <asm/asm-offsets.h>
#include <asm/fpstate.h>

#ifndef __ASSEMBLER__

struct kvm_vcpu;

struct cpu_context_save {
	u32 r4, r5, r6, r7, r8, r9, sl, fp, sp, pc;
};

struct thread_info {
	u32 flags;                         /* TIF_... */
	int preempt_count;                 /* 0 => preemptible */
	u32 task;                          /* its number */
	u32 cpu;                           /* where it runs or ran last */
	struct kvm_vcpu *vcpu;             /* what it runs (handover: what it has locked); NULL: none */
	struct kvm_vcpu *preempt_notifier; /* registered between vcpu_load and vcpu_put */
	u32 state;                         /* what becomes of on_cpu[] when it is switched out */
	u32 claimed;                       /* the task that it has in hand; 0: none */
	struct cpu_context_save cpu_context;
	union vfp_state vfpstate;
};

CHECK_OFFSET(struct thread_info, preempt_count, TI_PREEMPT);
CHECK_OFFSET(struct thread_info, task, TI_TASK);
CHECK_OFFSET(struct thread_info, cpu, TI_CPU);
CHECK_OFFSET(struct thread_info, vcpu, TI_VCPU);
CHECK_OFFSET(struct thread_info, preempt_notifier, TI_PREEMPT_NOTIFIER);
CHECK_OFFSET(struct thread_info, state, TI_STATE);
CHECK_OFFSET(struct thread_info, claimed, TI_CLAIMED);
CHECK_OFFSET(struct thread_info, cpu_context, TI_CPU_SAVE);
CHECK_OFFSET(struct thread_info, vfpstate, TI_VFPSTATE);
_Static_assert(sizeof(struct thread_info) == THREAD_INFO_SIZE, "see layout.h");

union thread_union {
	struct thread_info thread_info;
	u32 stack[THREAD_SIZE / 4];
};

extern union thread_union thread_union[NR_TASKS];

static inline struct thread_info *current_thread_info(void)
{
	u32 sp;

	asm("mov %0, sp" : "=r"(sp));
	return (struct thread_info *)(sp & ~(THREAD_SIZE - 1u));
}

/* Where the thread runs can change under a preemptible caller: read it anew each time. */
static inline u32 smp_processor_id(void)
{
	return *(volatile u32 *)&current_thread_info()->cpu;
}

#endif
#endif
