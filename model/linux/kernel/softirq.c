/* SPDX-License-Identifier: MIT */
/* Softirqs: what an interrupt leaves to be done behind it, with interrupts enabled (Linux: kernel/softirq.c). */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/neon.h>

__weak bool may_use_simd(void)
{
	return !in_interrupt();
}

/* Behind an interrupt that has raised one: of a network card, say, whose packets are encrypted. Interrupts off. */
asmlinkage void irq_exit(void)
{
	preempt_count_add(SOFTIRQ_OFFSET);
	local_irq_enable();
	if (may_use_simd())
		compute_with_neon();
	local_irq_disable();
	preempt_count_add(-SOFTIRQ_OFFSET);
}
