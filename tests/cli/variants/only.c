/* SPDX-License-Identifier: MIT */
/* As only.S, for mistakes that are easier made in C. */
#include <asm/kvm_host.h>

#ifdef CRASH

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
	__builtin_trap();
}

#else /* Two locks, taken in both orders: two CPUs wait for each other. */

int __kvm_mutex_trylock(u32 *mutex);

static u32 lock_a, lock_b;

static void lock(u32 *mutex)
{
	while (!__kvm_mutex_trylock(mutex))
		;
}

static void with_both(u32 *first, u32 *second, struct kvm_vcpu *vcpu, int cpu)
{
	lock(first);
	lock(second);
	vcpu->cpu = cpu;
	*(volatile u32 *)second = 0;
	*(volatile u32 *)first = 0;
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	vcpu->arch.host_cpu_context = &kvm_host_cpu_state[cpu];
	with_both(&lock_a, &lock_b, vcpu, cpu);
}

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	with_both(&lock_b, &lock_a, vcpu, -1);
}

#endif
