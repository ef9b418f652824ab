/* SPDX-License-Identifier: MIT */
/* What the boot loader, the world, tells the kernel. */
#ifndef BOOT_PARAMS_H
#define BOOT_PARAMS_H

#include <linux/types.h>

struct boot_params {
	u32 cpus;
	u32 threads; /* all user threads */
	u32 vcpus;   /* the last `vcpus` threads are VMM threads, one a vCPU */
};

extern struct boot_params boot_params;

#endif
