/* SPDX-License-Identifier: MIT */
/* A15a, the part in assembly: the CPU is asked alone. */
#include <linux/linkage.h>

#ifdef BROKEN
#define ONE_WAY
#undef WEAK
#define WEAK ENTRY
#include <vfp/vfphw.S>
#endif
