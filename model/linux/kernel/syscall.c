/* SPDX-License-Identifier: MIT */
/* What a user thread can ask of the kernel. */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <linux/syscalls.h>
#include <asm/kvm_host.h>
#include <asm/neon.h>
#include <syscall.h>
#include <world.h>

void compute_with_neon(void)
{
	kernel_neon_begin();
	asm volatile(".fpu neon-vfpv4\n\tvadd.i8 q0, q0, q0"); /* stands for a computation in all registers */
	kernel_neon_end();
}

void kernel_path_with_neon(void)
{
	if (world_ask(ASK_NEON))
		compute_with_neon();
}

asmlinkage void do_syscall(u32 number)
{
	switch (number) {
	case SYS_KVM_RUN:
		kvm_vcpu_ioctl(KVM_RUN);
		break;
	case SYS_ONE_REG:
		kvm_vcpu_ioctl(KVM_ONE_REG);
		break;
	case SYS_NEON:
		kernel_path_with_neon();
		break;
	case SYS_FORK:
		sys_fork();
		break;
	case SYS_EXEC:
		sys_exec();
		break;
	case SYS_EXIT:
		sys_exit();
		break;
	case SYS_STOP:
		sys_stop();
		break;
	case SYS_PTRACE:
		sys_ptrace();
		break;
	case SYS_KILL:
		sys_kill();
		break;
	case SYS_SIGRETURN:
		sys_sigreturn();
		break;
	case SYS_SUSPEND:
		sys_suspend();
		break;
	default:
		BUG_ON(true);
	}
}
