/* SPDX-License-Identifier: MIT */
/* For bare-metal programs on the emulated board: byte order, and a way to speak. Included by assembly. */
#define SCTLR_EE (1 << 25)

	/* Data, exceptions and table walks in the byte order that this is built for; spoils R1 and R2. */
	.macro	set_byte_order
#ifdef __ARMEB__
	mrc	p15, 4, r1, c1, c0, 0		@ HSCTLR
	mrc	p15, 0, r2, c1, c0, 0		@ SCTLR
	setend	be
	orr	r1, r1, #SCTLR_EE
	orr	r2, r2, #SCTLR_EE
	mcr	p15, 4, r1, c1, c0, 0
	mcr	p15, 0, r2, c1, c0, 0
#endif
	.endm

	/* Semihosting: R0 = operation, R1 = its arguments; the emulator reads them in little endian. */
#define SYS_OPEN  0x01
#define SYS_WRITE 0x05
#define SYS_EXIT  0x18
	.macro	semihost operation
	mov	r0, #\operation
	svc	#0x123456
	.endm
