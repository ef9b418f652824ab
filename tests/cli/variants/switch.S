/* SPDX-License-Identifier: MIT */
/* One half of a variant for the tests: v3's world switch, without v3's vcpu_put, and what put.c needs of it. */
#define LOAD_DIRTY ldrb
#define NO_PUT
#include <v3.S>

/* void switch_to_host(struct kvm_vcpu *vcpu): the FP registers, and nothing else */
	.section .text.switch_to_host, "ax"
ENTRY(switch_to_host)
	push	{r4 - r7}
	switch_vfp_to_host
	pop	{r4 - r7}
	ldr	r2, [vcpu, #VCPU_VFP_HOST_FPEXC]
	VFPFMXR	FPEXC, r2
	bx	lr
ENDPROC(switch_to_host)
