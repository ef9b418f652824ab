/* SPDX-License-Identifier: MIT */
/*
 * The scheduler without its policy: the world picks (Linux: kernel/sched/core.c). What is kept is the order
 * of things at a switch: preempt notifiers out, thread notifier, stacks, release of the previous task,
 * preempt notifiers in.
 */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <asm/kvm_host.h>
#include <world.h>

union thread_union thread_union[NR_TASKS] __attribute__((aligned(THREAD_SIZE)));
u32 on_cpu[NR_TASKS];

static struct thread_info *pick_next_task(void)
{
	return &thread_union[world_pick_next()].thread_info;
}

static void finish_task_switch(struct thread_info *prev)
{
	struct thread_info *current = current_thread_info();

	on_cpu[prev->task] = prev->state;
	local_irq_enable();
	if (current->preempt_notifier)
		kvm_sched_in(current->preempt_notifier, current->cpu);
}

/* Runs with preemption disabled. */
static void __schedule(void)
{
	struct thread_info *prev = current_thread_info();
	struct thread_info *next;

	local_irq_disable();
	next = pick_next_task();
	if (next == prev) {
		local_irq_enable();
		return;
	}
	if (prev->preempt_notifier)
		kvm_sched_out(prev->preempt_notifier);
	next->cpu = prev->cpu;
	prev = __switch_to(prev, next);
	finish_task_switch(prev);
}

void schedule_away(u32 state)
{
	preempt_disable();
	current_thread_info()->state = state;
	__schedule();
	preempt_enable();
}

struct thread_info *claim_task(u32 state)
{
	struct thread_info *thread = NULL;
	u32 task;

	preempt_disable();
	task = world_pick_task(state);
	if (task) {
		current_thread_info()->claimed = task;
		thread = &thread_union[task].thread_info;
	}
	preempt_enable();
	return thread;
}

void release_task(struct thread_info *thread)
{
	preempt_disable();
	current_thread_info()->claimed = 0;
	thread->state = 0;
	on_cpu[thread->task] = 0;
	preempt_enable();
}

/* The idle task never enables preemption. */
void schedule_idle(void)
{
	__schedule();
}

/* Called with interrupts off, and returns so. */
asmlinkage void preempt_schedule_irq(void)
{
	preempt_disable();
	local_irq_enable();
	__schedule();
	local_irq_disable();
	preempt_enable();
}

/* The first thing a new task does; it starts with preemption disabled. */
asmlinkage void schedule_tail(struct thread_info *prev)
{
	finish_task_switch(prev);
	preempt_enable();
}
