/* SPDX-License-Identifier: MIT */
/*
 * What code from a kernel tree calls when it cannot go on, or when it has something to say. Weak: a variant may have
 * its own.
 */
#include <linux/linkage.h>
#include <world.h>

/* void panic(const char *format, ...): in SVC mode. KVM's Hyp vectors come here through ERET. */
	.section .text.panic, "ax"
WEAK(panic)
	mov	r0, #PANIC_HYP
	world	WORLD_PANIC
ENDPROC(panic)

/* vfp_support_entry, for an instruction of the kernel itself; entry.S does not get that far. */
	.section .text.vfp_kmode_exception, "ax"
WEAK(vfp_kmode_exception)
	mov	r0, #PANIC_UNDEF
	world	WORLD_PANIC
ENDPROC(vfp_kmode_exception)

/* int printk(const char *format, ...) */
	.section .text.printk, "ax"
WEAK(printk)
	bx	lr
ENDPROC(printk)
