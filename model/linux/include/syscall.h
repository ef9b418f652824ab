/* SPDX-License-Identifier: MIT */
/* System call numbers of the modelled kernel, in r7. */
#ifndef SYSCALL_H
#define SYSCALL_H

#define SYS_KVM_RUN 1 /* ioctl(vcpu, KVM_RUN) of a VMM thread */
#define SYS_NEON 2    /* any call whose kernel path may use NEON */
#define SYS_FORK 3
#define SYS_EXEC 4
#define SYS_EXIT 5
#define SYS_STOP 6    /* stops for its tracer, as a signal would make it do */
#define SYS_PTRACE 7  /* PTRACE_GETVFPREGS or PTRACE_SETVFPREGS, then PTRACE_CONT, of a stopped thread */
#define SYS_KILL 8    /* a signal to itself: returns into the handler */
#define SYS_SIGRETURN 9
#define SYS_ONE_REG 10 /* ioctl(vcpu, KVM_GET_ONE_REG) or (KVM_SET_ONE_REG) of all FP registers */
#define SYS_SUSPEND 11 /* echo mem > /sys/power/state */

#endif
