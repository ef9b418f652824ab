/* SPDX-License-Identifier: MIT */
/* What a user thread can ask of the kernel. */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/kvm_host.h>
#include <asm/neon.h>
#include <syscall.h>
#include <world.h>

void kernel_path_with_neon(void)
{
	if (!world_ask(ASK_NEON))
		return;
	kernel_neon_begin();
	asm volatile(".fpu neon-vfpv4\n\tvadd.i8 q0, q0, q0"); /* stands for a computation in all registers */
	kernel_neon_end();
}

asmlinkage void do_syscall(u32 number)
{
	switch (number) {
	case SYS_KVM_RUN:
		kvm_vcpu_ioctl_run(current_thread_info()->vcpu);
		break;
	case SYS_NEON:
		kernel_path_with_neon();
		break;
	default:
		BUG_ON(true);
	}
}
