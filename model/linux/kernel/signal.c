/* SPDX-License-Identifier: MIT */
/*
 * Signal handlers: their thread's FP registers are saved to a frame in user space before they run, and loaded
 * from there when they return (Linux: arch/arm/kernel/signal.c, and arch/arm/vfp/vfpmodule.c for the
 * copying). One frame a thread: handlers are not interrupted by signals.
 */
#include <linux/preempt.h>
#include <linux/syscalls.h>
#include <asm/vfp.h>
#include <world.h>

struct vfp_hard_struct user_sigframe[NR_TASKS] __attribute__((section(".bss.user_sigframe")));

/* setup_sigframe() */
void sys_kill(void)
{
	struct thread_info *thread = current_thread_info();

	vfp_preserve_user_clear_hwstate(&user_sigframe[thread->task]);
	world_fp(FP_INTERRUPTED, 0);
	thread->flags |= TIF_IN_HANDLER;
}

/* restore_sigframe() */
void sys_sigreturn(void)
{
	struct thread_info *thread = current_thread_info();

	vfp_restore_user_hwstate(&user_sigframe[thread->task]);
	world_fp(FP_RESUMED, 0);
	thread->flags &= ~(u32)TIF_IN_HANDLER;
}
