/* SPDX-License-Identifier: MIT */
#include <linux/linkage.h>

	.arch_extension virt

/* u64 kvm_call_hyp(void *function, ...): see asm/kvm_host.h. Linux's own file has one, too. */
	.section .text.kvm_call_hyp, "ax"
WEAK(kvm_call_hyp)
	hvc	#0
	bx	lr
ENDPROC(kvm_call_hyp)

/* int __kvm_mutex_trylock(u32 *mutex): 1 if it was free */
	.section .text.__kvm_mutex_trylock, "ax"
ENTRY(__kvm_mutex_trylock)
	mov	r3, #1
1:	ldrex	r1, [r0]
	cmp	r1, #0
	bne	2f
	strex	r2, r3, [r0]
	cmp	r2, #0
	bne	1b
	mov	r0, #1
	bx	lr
2:	clrex
	mov	r0, #0
	bx	lr
ENDPROC(__kvm_mutex_trylock)
