/* SPDX-License-Identifier: MIT */
#include <linux/linkage.h>

	.arch_extension virt

/* int kvm_call_hyp(void *function, ...): calls function in Hyp mode with the arguments behind it */
	.section .text.kvm_call_hyp, "ax"
ENTRY(kvm_call_hyp)
	hvc	#0
	bx	lr
ENDPROC(kvm_call_hyp)
