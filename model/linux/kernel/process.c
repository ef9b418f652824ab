/* SPDX-License-Identifier: MIT */
/* A thread's birth, rebirth and end (Linux: kernel/fork.c, fs/exec.c, kernel/exit.c,
 * arch/arm/kernel/process.c). */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <asm/vfp.h>
#include <world.h>

/* The child starts like any new thread, but with its parent's FP registers. */
void sys_fork(void)
{
	struct thread_info *thread = claim_task(ON_CPU_DEAD);

	if (!thread)
		return; /* -EAGAIN */
	copy_thread(thread);
	vfp_thread_copy(thread);
	world_fp(FP_FORKED, thread->task);
	release_task(thread);
}

void sys_exec(void)
{
	vfp_thread_flush(current_thread_info());
	world_fp(FP_EXECED, 0);
	current_thread_info()->flags &= ~(u32)TIF_IN_HANDLER;
}

void sys_exit(void)
{
	vfp_thread_exit(current_thread_info());
	world_fp(FP_EXITED, 0);
	schedule_away(ON_CPU_DEAD);
}
