/* SPDX-License-Identifier: MIT */
/* System call numbers of the modelled kernel, in r7. */
#ifndef SYSCALL_H
#define SYSCALL_H

#define SYS_KVM_RUN 1 /* ioctl(vcpu, KVM_RUN) of a VMM thread */
#define SYS_NEON 2    /* any call whose kernel path may use NEON */

#endif
