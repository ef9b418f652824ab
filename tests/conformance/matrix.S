/* SPDX-License-Identifier: MIT */
/*
 * The instructions of the trap matrix, each with what ends its cell behind it; matrix.c says what is in the registers. What computes must
 * have its destination's old value as its result, since our machine does not compute.
 */
	.arch	armv7ve
	.fpu	neon-vfpv4

	.macro	cell instruction:vararg
	\instruction
	svc	#0
	.endm

	.text
	/* FP data processing, and transfers between registers */
	cell	vadd.f32 s0, s0, s2
	cell	vadd.f64 d0, d0, d1
	cell	vadd.f64 d16, d16, d17
	cell	vcmp.f64 d0, d0
	cell	vmov.f32 s5, s6
	cell	vmov.f64 d5, d6
	cell	vmov.f64 d21, d6
	cell	vmov r4, s5
	cell	vmov s5, r4
	cell	vmov r4, r5, s6, s7
	cell	vmov s6, s7, r4, r5
	cell	vmov r4, r5, d7
	cell	vmov d7, r4, r5
	cell	vmov r4, r5, d20
	cell	vmov d20, r4, r5
	cell	vmov.32 r4, d3[1]
	cell	vmov.32 d20[0], r4
	/* FP loads and stores */
	cell	vldr s5, [r0]
	cell	vldr d5, [r0, #8]
	cell	vldr d21, [r0]
	cell	vstr s5, [r0]
	cell	vstr d5, [r0, #8]
	cell	vstr d21, [r0]
	cell	vldmia r0!, {s4 - s7}
	cell	vldmia r0!, {d4 - d7}
	cell	vldmia r0, {d15 - d18}
	cell	vstmia r0!, {s4 - s7}
	cell	vstmia r0!, {d4 - d7}
	cell	vstmia r0, {d15 - d18}
	cell	vpush {d8 - d15}
	cell	vpop {d8 - d15}
	/* Advanced SIMD */
	cell	vadd.i32 d0, d0, d1
	cell	vadd.i32 q8, q8, q9
	cell	vdup.32 d0, r3
	cell	vorr d5, d6, d6
	cell	vorr q9, q10, q10
	cell	vmov.8 d3[2], r4
	cell	vmov.s16 r4, d20[1]
	cell	vld1.32 {d4 - d5}, [r0]!
	cell	vld1.8 {d20}, [r0]
	cell	vst1.64 {d4}, [r0]
	cell	vst1.32 {d20 - d21}, [r0]!
	/* System registers */
	cell	vmrs r4, fpscr
	cell	vmrs apsr_nzcv, fpscr
	cell	vmsr fpscr, r6
	cell	vmrs r4, fpexc
	cell	vmsr fpexc, r1
	cell	vmsr fpexc, r2
	cell	vmsr fpexc, r7
	cell	vmrs r4, fpsid
	cell	vmsr fpsid, r4
	cell	vmrs r4, mvfr0
	cell	vmrs r4, mvfr1
	cell	vmrs r4, fpinst
	cell	vmsr fpinst, r4
	cell	vmrs r4, fpinst2
	cell	vmsr fpinst2, r4
	/* A condition that passes, and one that fails */
	cell	vmovne r4, s5
	cell	vldrne d21, [r0]
	cell	vmrsne r4, fpexc
	cell	vmoveq r4, s5
	cell	vldreq d21, [r0]
	cell	vaddeq.f64 d0, d0, d1
	cell	vmoveq.8 d3[2], r4
	cell	vmrseq r4, fpexc
	cell	vmsreq fpexc, r7
	cell	vmrseq r4, fpinst
