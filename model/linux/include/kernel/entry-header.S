/* SPDX-License-Identifier: MIT */
/* Linux's vfphw.S includes this as "../kernel/entry-header.S" (until 3.14), for what assembler.h has today. */
#include <linux/init.h>
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/thread_info.h>
