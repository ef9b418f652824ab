/* SPDX-License-Identifier: MIT */
/*
 * A16: a CPU that was unplugged still seems to hold registers
 *
 * "ARM: 7873/1: vfp: clear vfp_current_hw_state for dying cpu", 2013-10 (384b38b66947); and Yuanyuan Zhong, 2013-09-11.
 *
 * What mended A15 made the hook of a dying CPU force a reload for the current thread. The current thread is the one that stops
 * the CPU, and has nothing loaded: the pointer stayed, and agreed with the thread that it named. Back on that CPU after it had lost
 * its registers, the thread went on with whatever they held. Mended: clear the pointer, whoever is current.
 */
#include <linux/preempt.h>
#include <asm/vfp.h>

#ifdef BROKEN
void vfp_cpu_dying(void)
{
	vfp_flush_hwstate(current_thread_info());
}
#endif
