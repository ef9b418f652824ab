/* SPDX-License-Identifier: MIT */
/* What the boot loader, the world, tells the kernel. */
#ifndef BOOT_PARAMS_H
#define BOOT_PARAMS_H

#include <linux/types.h>

struct boot_params {
	u32 cpus;
	u32 threads; /* all user threads */
	u32 vcpus;   /* VMM threads, one a vCPU, behind the plain ones */
	u32 unborn;  /* and behind these the ones that wait to be forked */
	u32 handover; /* may any thread run any vCPU? */
};

extern struct boot_params boot_params;

#endif
