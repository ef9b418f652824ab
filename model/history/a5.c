/* SPDX-License-Identifier: MIT */
/*
 * A5: suspend loses what the software thinks is loaded
 *
 * "[ARM] 5349/1: VFP: Add PM code to save and restore current VFP state", Ben Dooks, 2008-12-18 (fc0b7a203681).
 *
 * Nothing was done about the VFP on the way into suspend, and nothing on the way out: registers and access rights were gone,
 * and the pointer still said whose registers they were. Mended: save what the current thread has there, allow access again, and
 * leave the VFP off, so that the next user loads. (What that still lost: A11.)
 */
#include <asm/vfp.h>

#ifdef BROKEN
void vfp_pm_suspend(void)
{
}

void vfp_pm_resume(void)
{
}
#else
#define BROKEN
#include "a11.c"
#endif
