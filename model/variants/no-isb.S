/* SPDX-License-Identifier: MIT */
/* v3 whose trap handler clears the traps and goes on without an ISB: they may still act on what it does next. */
#include <asm/kvm_arm.h>

#define LOAD_DIRTY ldrb
#define CLEAR_TRAPS clear_traps_at_some_time

	.macro	clear_traps_at_some_time
	mrc	p15, 4, r2, c1, c1, 2		@ HCPTR
	bic	r2, r2, #(HCPTR_TCP(10) | HCPTR_TCP(11))
	mcr	p15, 4, r2, c1, c1, 2
	.endm

#include "v3.S"
