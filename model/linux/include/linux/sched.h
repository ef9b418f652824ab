/* SPDX-License-Identifier: MIT */
#ifndef LINUX_SCHED_H
#define LINUX_SCHED_H

#include <asm/thread_info.h>
#include <linux/linkage.h>

/*
 * on_cpu[t] is the number of the CPU that runs task t, plus one, or 0. The world writes it when it picks the task, as if
 * under the lock of a run queue; the CPU gives the task back when it has switched away from it altogether (Linux:
 * task_struct.on_cpu). ON_CPU_STOPPED and above: nobody may run it.
 */
extern u32 on_cpu[NR_TASKS];

/* Takes one of the tasks whose on_cpu[] is `state` in hand; NULL if there is none (any more). */
struct thread_info *claim_task(u32 state);
/* Lets it run, wherever the scheduler likes. */
void release_task(struct thread_info *thread);

/* Switches away from the current thread, which goes into `state` (a value for on_cpu[]). */
void schedule_away(u32 state);

void schedule_idle(void);
asmlinkage void preempt_schedule_irq(void);
asmlinkage void schedule_tail(struct thread_info *prev);
struct thread_info *__switch_to(struct thread_info *prev, struct thread_info *next);
void ret_from_fork(void);

/* Makes a thread that will come out of ret_from_fork() into user mode. */
void copy_thread(struct thread_info *thread);

#endif
