/* SPDX-License-Identifier: MIT */
#ifndef ASM_ERRNO_H
#define ASM_ERRNO_H

#define EPERM 1
#define ENOEXEC 8
#define EFAULT 14
#define EINVAL 22
#define ENOSYS 38

#endif
