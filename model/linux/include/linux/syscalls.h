/* SPDX-License-Identifier: MIT */
#ifndef LINUX_SYSCALLS_H
#define LINUX_SYSCALLS_H

#include <linux/linkage.h>

struct thread_info;
void vfp_set(struct thread_info *thread);

void sys_fork(void);
void sys_exec(void);
void sys_exit(void);
void sys_stop(void);
void sys_ptrace(void);
void sys_kill(void);
void sys_sigreturn(void);
void sys_suspend(void);

#endif
