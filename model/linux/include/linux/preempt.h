/* SPDX-License-Identifier: MIT */
/*
 * Preemption and interrupt control. A preemption that becomes due while it is
 * disabled is an interrupt right after preempt_enable() here, so there is no
 * need_resched flag.
 */
#ifndef LINUX_PREEMPT_H
#define LINUX_PREEMPT_H

#include <asm/thread_info.h>

#define barrier() asm volatile("" : : : "memory")

static inline void preempt_count_add(int value)
{
	*(volatile int *)&current_thread_info()->preempt_count += value;
}

static inline void preempt_disable(void)
{
	preempt_count_add(1);
	barrier();
}

static inline void preempt_enable(void)
{
	barrier();
	preempt_count_add(-1);
}

/* Softirqs that are being handled, and whoever must not be interrupted by one: in the same word. */
#define SOFTIRQ_OFFSET 0x100
#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)

static inline bool in_interrupt(void)
{
	return (current_thread_info()->preempt_count & SOFTIRQ_MASK) != 0;
}

static inline void local_bh_disable(void)
{
	preempt_count_add(SOFTIRQ_DISABLE_OFFSET);
	barrier();
}

static inline void local_bh_enable(void)
{
	barrier();
	preempt_count_add(-SOFTIRQ_DISABLE_OFFSET);
}

static inline u32 get_cpu(void)
{
	preempt_disable();
	return smp_processor_id();
}

static inline void put_cpu(void)
{
	preempt_enable();
}

static inline void local_irq_disable(void)
{
	asm volatile("cpsid i" : : : "memory");
}

static inline void local_irq_enable(void)
{
	asm volatile("cpsie i" : : : "memory");
}

static inline void BUG_ON(bool condition)
{
	extern void __attribute__((noreturn)) bug(void);

	if (condition)
		bug();
}

#endif
