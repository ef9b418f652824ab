/* SPDX-License-Identifier: MIT */
/*
 * The author's worry: as load-put, but vcpu_put undoes only what a dirty vCPU has done. A thread that is preempted
 * after vcpu_load, before its guest touches FP, leaves EN set behind it.
 */
#define PUT_ONLY_IF_DIRTY
#include "load-put.S"
