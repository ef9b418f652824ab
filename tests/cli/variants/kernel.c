/* SPDX-License-Identifier: MIT */
/* Parts of the host's VFP code with one mistake each: -D and its name. What they should be is in vfpmodule.c.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>

#ifdef FORK /* copies what is in memory, which may be old */
void vfp_thread_copy(struct thread_info *thread)
{
	vfp_copy_hard(&thread->vfpstate.hard, &current_thread_info()->vfpstate.hard);
	thread->vfpstate.hard.cpu = NR_CPUS;
}
#endif

#ifdef REUSE /* a new thread at the address of a dead one, whom a CPU remembers */
void vfp_thread_copy(struct thread_info *thread)
{
	struct thread_info *parent = current_thread_info();

	vfp_sync_hwstate(parent);
	vfp_copy_hard(&thread->vfpstate.hard, &parent->vfpstate.hard);
}

void vfp_thread_exit(struct thread_info *thread)
{
	(void)thread;
}
#endif

#ifdef EXEC /* forgets that a CPU holds the old program's registers */
void vfp_thread_flush(struct thread_info *thread)
{
	vfp_clear_hard(&thread->vfpstate.hard);
	thread->vfpstate.hard.fpexc = FPEXC_EN;
}
#endif

#ifdef PTRACE /* what the tracer writes is not loaded */
void vfp_flush_hwstate(struct thread_info *thread)
{
	(void)thread;
}
#endif

#ifdef SIGNAL /* loads the frame before it takes the registers away: a preemption saves them over it */
void vfp_restore_user_hwstate(const struct vfp_hard_struct *frame)
{
	struct thread_info *thread = current_thread_info();

	vfp_copy_hard(&thread->vfpstate.hard, frame);
	vfp_flush_hwstate(thread);
}
#endif

#ifdef HOTPLUG
void vfp_cpu_dying(void)
{
}
#endif

#ifdef PM
void vfp_pm_suspend(void)
{
}
#endif
