/* SPDX-License-Identifier: MIT */
/*
 * A12: suspend saves old registers over newer ones
 *
 * "ARM: vfp: Fix memory corruption on PM suspend", Ido Yariv, 2012-04-14.
 *
 * What mended A11 trusted the pointer. On SMP it is only a memory of who was here: the thread may have gone on elsewhere, and saved
 * newer registers; it may even be dead, and the memory somebody else's. Mended: only without CONFIG_SMP.
 */
#ifdef BROKEN
#undef BROKEN
#include "a11.c"
#endif
