/* SPDX-License-Identifier: MIT */
/*
 * A21: a softirq computes with NEON while the registers change hands
 *
 * "ARM: 9282/1: vfp: Manipulate task VFP state with softirqs disabled", Ard Biesheuvel, 2023 (62b95a7b44d1, v6.3).
 *
 * Softirqs were to be allowed to use NEON. Whoever moves FP registers between CPU and memory had disabled preemption, which keeps no
 * softirq away: one that comes when the pointer says already whose registers these are, and they have not been loaded yet, saves
 * what is there as that thread's. Mended first: softirqs are disabled wherever preemption was.
 *
 * Both twins let softirqs use NEON, which kernels before did not.
 */
#include <linux/linkage.h>
#include <linux/preempt.h>
#include <asm/neon.h>
#include <asm/vfp.h>

bool may_use_simd(void)
{
	return true;
}

#ifndef BROKEN
#undef __weak
#define __weak
#define get_cpu vfp_get_cpu
#define put_cpu local_bh_enable

static u32 vfp_get_cpu(void)
{
	local_bh_disable();
	return smp_processor_id();
}

#include <vfp/vfpmodule.c>
#endif
