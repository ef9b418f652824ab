/* SPDX-License-Identifier: MIT */
/* One thread looks at, or changes, the FP registers of another that is stopped (Linux:
 * arch/arm/kernel/ptrace.c). */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <asm/vfp.h>
#include <world.h>

/* vfp_get() and coredumps */
static void vfp_get(struct thread_info *thread)
{
	vfp_sync_hwstate(thread);
	world_fp(FP_PEEKED, thread->task);
}

/*
 * First flush, then write: whoever is preempted while it writes must not have half of it overwritten. This is the form of
 * 4.7; until then the whole old state was written back behind the flush, its last CPU included.
 */
__weak void vfp_set(struct thread_info *thread)
{
	vfp_sync_hwstate(thread);
	vfp_flush_hwstate(thread);
}

void sys_ptrace(void)
{
	struct thread_info *thread = claim_task(ON_CPU_STOPPED);

	if (!thread)
		return; /* -ESRCH */
	if (world_ask(ASK_WRITE)) {
		vfp_set(thread);
		world_fp(FP_POKED, thread->task);
	} else {
		vfp_get(thread);
	}
	release_task(thread);
}

void sys_stop(void)
{
	schedule_away(ON_CPU_STOPPED);
}
