/* SPDX-License-Identifier: MIT */
#ifndef LINUX_SCHED_H
#define LINUX_SCHED_H

#include <asm/thread_info.h>
#include <linux/linkage.h>

/*
 * on_cpu[t] is the number of the CPU that runs task t, plus one, or 0: taken when a CPU picks the task, given
 * back when that CPU has switched away from it altogether (Linux: task_struct.on_cpu). The world offers a task
 * to WORLD_PICK_NEXT only while it is 0.
 */
extern u32 on_cpu[NR_TASKS];

void schedule_idle(void);
asmlinkage void preempt_schedule_irq(void);
asmlinkage void schedule_tail(struct thread_info *prev);
struct thread_info *__switch_to(struct thread_info *prev, struct thread_info *next);
void ret_from_fork(void);

#endif
