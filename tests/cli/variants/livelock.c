/* SPDX-License-Identifier: MIT */
/*
 * Livelocks of several steps: nothing stands still, no step is endless, and yet nobody gets any further. Each has
 * a twin that is almost the same and no livelock.
 */
#include <asm/kvm_asm.h>
#include <asm/kvm_host.h>

#define READ_ONCE(x)     (*(volatile u32 *)&(x))
#define WRITE_ONCE(x, v) (*(volatile u32 *)&(x) = (v))

int __kvm_mutex_trylock(u32 *mutex);

#if defined(POLITE) || defined(TURN) /* Two CPUs let each other go first; a turn decides. */

static u32 wants[NR_CPUS];
#ifdef TURN
static u32 turn;
#endif

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	u32 me = (u32)vcpu->cpu, other = 1 - me;

	WRITE_ONCE(wants[me], 1);
#ifdef TURN
	WRITE_ONCE(turn, other);
	while (READ_ONCE(wants[other]) && READ_ONCE(turn) == other)
		;
#else
	while (READ_ONCE(wants[other])) {
		WRITE_ONCE(wants[me], 0);
		WRITE_ONCE(wants[me], 1);
	}
#endif
	vcpu->cpu = -1;
	WRITE_ONCE(wants[me], 0);
}

#elif defined(BACK_OFF) ||                                                                                   \
        defined(IN_ORDER) /* Two locks; who cannot have the second one gives the first one back. */

static u32 lock_a, lock_b;

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
#ifdef IN_ORDER
	u32 *first = &lock_a, *second = &lock_b;
#else
	u32 *first = vcpu->vcpu_id == 0 ? &lock_a : &lock_b;
	u32 *second = vcpu->vcpu_id == 0 ? &lock_b : &lock_a;
#endif

	for (;;) {
		while (!__kvm_mutex_trylock(first))
			;
		if (__kvm_mutex_trylock(second))
			break;
		WRITE_ONCE(*first, 0);
	}
	vcpu->cpu = -1;
	WRITE_ONCE(*second, 0);
	WRITE_ONCE(*first, 0);
}

#elif defined(CALL) || defined(ANSWER) /* Rings until another CPU answers; there is nobody who would. */

static u32 bell, answer;

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
#ifdef ANSWER
	WRITE_ONCE(answer, 1);
#endif
#ifdef SWAP /* two registers that nobody needs change places all the time: no two rounds leave the same */
	asm volatile("mov r4, #1\n\tmov r5, #2" ::: "r4", "r5");
#endif
	while (!READ_ONCE(answer)) {
		WRITE_ONCE(bell, !READ_ONCE(bell));
		WRITE_ONCE(bell, !READ_ONCE(bell));
#ifdef SWAP
		asm volatile("mov ip, r4\n\tmov r4, r5\n\tmov r5, ip" ::: "ip", "r4", "r5");
#endif
	}
	vcpu->cpu = -1;
}

#elif defined(NEVER) /* The run loop goes round and round, and the guest is never entered. */

u64 __kvm_vcpu_run(struct kvm_vcpu *vcpu)
{
	(void)vcpu;
	return ARM_EXCEPTION_IRQ;
}

#endif
