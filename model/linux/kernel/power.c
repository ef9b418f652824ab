/* SPDX-License-Identifier: MIT */
/* Low-power states that cost a CPU its registers (Linux: drivers/cpuidle, kernel/power/suspend.c,
 * kernel/cpu_pm.c). */
#include <linux/preempt.h>
#include <linux/syscalls.h>
#include <asm/vfp.h>
#include <world.h>

/* Interrupts off. Sometimes the hardware refuses at the last moment; what follows is the same
 * (CPU_PM_ENTER_FAILED). */
asmlinkage void cpu_suspend(void)
{
	vfp_pm_suspend();
	if (world_ask(ASK_POWER_LOST))
		world_call(WORLD_POWER_OFF);
	vfp_pm_resume();
}

/* Suspend to RAM, on the CPU of the thread that asks for it. The other CPUs are unplugged meanwhile, which is
 * hotplug. */
void sys_suspend(void)
{
	local_irq_disable();
	cpu_suspend();
	local_irq_enable();
}
