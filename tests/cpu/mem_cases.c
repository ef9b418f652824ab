/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores, as data_cases.c. Memory at B holds the words 0x10111213, 0x20212223, ... 0x80818283.
 * Before: r1 is B plus `at`, other registers `in` (default: 0xa0000000 + n), SP is B + 0x20, LR 0xa000000e.
 * After: `out` for the registers that change (`zero` is the set of those that become 0), `m` for memory words
 * that change. `be` differs for big endian: instead of out[0].
 */
#ifdef ASSEMBLE
#define CASE(text, ...) __asm__(".text\n" text "\n");
#endif

/* clang-format off: one case a line. */

/* Words: offset, pre-index, post-index. */
CASE("ldr r0, [r1]", .out[0] = 0x10111213)
CASE("ldr r0, [r1, #4]", .out[0] = 0x20212223)
CASE("ldr r0, [r1, #-4]", .at = 8, .out[0] = 0x20212223)
CASE("ldr r0, [r1, #8]!", .out[0] = 0x30313233, .out[1] = B + 8)
CASE("ldr r0, [r1], #8", .out[0] = 0x10111213, .out[1] = B + 8)
CASE("ldr r0, [r1], #-4", .at = 4, .out[0] = 0x20212223, .out[1] = B)
CASE("ldr r0, [r1, r2]", .in[2] = 12, .out[0] = 0x40414243)
CASE("ldr r0, [r1, -r2, lsl #2]!", .at = 12, .in[2] = 2, .out[0] = 0x20212223, .out[1] = B + 4)
CASE("ldr r0, [r1, r2, lsr #32]", .in[2] = 0xffffffff, .out[0] = 0x10111213)
CASE("ldr r0, [r1, r2, asr #32]", .at = 1, .in[2] = 0x80000000, .out[0] = 0x10111213)
CASE("ldr r0, [r1, r2, rrx]", .in[2] = 9, .out[0] = 0x20212223)
CASE("ldr r1, [r1]", .out[1] = 0x10111213)
CASE("str r2, [r1, #4]", .m = {{4, 0xa0000002}})
CASE("str r2, [r1, #4]!", .m = {{4, 0xa0000002}}, .out[1] = B + 4)
CASE("str r2, [r1], -r3", .at = 8, .in[3] = 8, .m = {{8, 0xa0000002}}, .out[1] = B)
CASE("str r1, [r1]", .m = {{0, B}})
CASE("ldrt r0, [r1], #4", .out[0] = 0x10111213, .out[1] = B + 4)
CASE("strt r2, [r1]", .m = {{0, 0xa0000002}})
CASE("ldr pc, [r1]", .pc = 0x10111210)

/* Bytes and halfwords. */
CASE("ldrb r0, [r1]", .out[0] = 0x13, .be = 0x10)
CASE("ldrb r0, [r1, #3]", .out[0] = 0x10, .be = 0x13)
CASE("ldrh r0, [r1]", .out[0] = 0x1213, .be = 0x1011)
CASE("ldrh r0, [r1, #2]!", .out[0] = 0x1011, .be = 0x1213, .out[1] = B + 2)
CASE("ldrsb r0, [r1, #28]", .out[0] = 0xffffff83, .be = 0xffffff80)
CASE("ldrsh r0, [r1, r2]", .in[2] = 28, .out[0] = 0xffff8283, .be = 0xffff8081)
CASE("ldrsb r0, [r1], #1", .out[0] = 0x13, .be = 0x10, .out[1] = B + 1)
CASE("strb r2, [r1]", .in[2] = 0xffffff7e, .m = {{0, 0x1011127e}}, .m_be = {{0, 0x7e111213}})
CASE("strh r2, [r1, #2]", .in[2] = 0xffff7e7f, .m = {{0, 0x7e7f1213}}, .m_be = {{0, 0x10117e7f}})

/* Unaligned where SCTLR.A is 0. */
CASE("ldr r0, [r1, #1]", .out[0] = 0x23101112, .be = 0x11121320)
CASE("ldrh r0, [r1, #3]", .out[0] = 0x2310, .be = 0x1320)
CASE("ldrsh r0, [r1, #27]", .out[0] = 0xffff8370, .be = 0x7380)
CASE("str r2, [r1, #2]", .in[2] = 0xc0c1c2c3, .m = {{0, 0xc2c31213}, {4, 0x2021c0c1}},
     .m_be = {{0, 0x1011c0c1}, {4, 0xc2c32223}})

/* Double words: the first register at the lower address. */
CASE("ldrd r2, r3, [r1, #8]", .out[2] = 0x30313233, .out[3] = 0x40414243)
CASE("ldrd r2, r3, [r1], #8", .out[2] = 0x10111213, .out[3] = 0x20212223, .out[1] = B + 8)
CASE("ldrd r2, r3, [r2]", .in[2] = B, .out[2] = 0x10111213, .out[3] = 0x20212223)
CASE("strd r2, r3, [r1, #4]!", .m = {{4, 0xa0000002}, {8, 0xa0000003}}, .out[1] = B + 4)

/* Multiple: the four directions, base in the list, PC. */
CASE("ldm r1, {r2, r3}", .out[2] = 0x10111213, .out[3] = 0x20212223)
CASE("ldm r1!, {r2, r3}", .out[2] = 0x10111213, .out[3] = 0x20212223, .out[1] = B + 8)
CASE("ldmib r1!, {r2, r3}", .out[2] = 0x20212223, .out[3] = 0x30313233, .out[1] = B + 8)
CASE("ldmda r1!, {r2, r3}", .at = 8, .out[2] = 0x20212223, .out[3] = 0x30313233, .out[1] = B)
CASE("ldmdb r1!, {r2, r3}", .at = 8, .out[2] = 0x10111213, .out[3] = 0x20212223, .out[1] = B)
CASE("ldm r1, {r0, r1, r2}", .out[0] = 0x10111213, .out[1] = 0x20212223, .out[2] = 0x30313233)
CASE("ldm r1, {r2, pc}", .out[2] = 0x10111213, .pc = 0x20212220)
CASE("stm r1, {r2, r3}", .m = {{0, 0xa0000002}, {4, 0xa0000003}})
CASE("stmib r1!, {r2, r3}", .m = {{4, 0xa0000002}, {8, 0xa0000003}}, .out[1] = B + 8)
CASE("stmda r1!, {r2, r3}", .at = 8, .m = {{4, 0xa0000002}, {8, 0xa0000003}}, .out[1] = B)
CASE("stmdb r1!, {r2, r3}", .at = 8, .m = {{0, 0xa0000002}, {4, 0xa0000003}}, .out[1] = B)
CASE("stm r1!, {r1, r2}", .m = {{0, B}, {4, 0xa0000002}}, .out[1] = B + 8)
CASE("push {r2, lr}", .m = {{0x18, 0xa0000002}, {0x1c, 0xa000000e}}, .out[13] = B + 0x18)
CASE("push {r2}", .m = {{0x1c, 0xa0000002}}, .out[13] = B + 0x1c)
CASE("ldmdb sp!, {r2, r3}", .out[2] = 0x70717273, .out[3] = 0x80818283, .out[13] = B + 0x18)

/* Exclusive: a store without a fitting load fails and leaves memory alone. */
CASE("ldrex r0, [r1]", .out[0] = 0x10111213, .monitor = B + 1)
CASE("ldrexb r0, [r1]", .out[0] = 0x13, .be = 0x10, .monitor = B + 1)
CASE("ldrexd r2, r3, [r1]", .out[2] = 0x10111213, .out[3] = 0x20212223, .monitor = B + 1)
CASE("strex r0, r2, [r1]", .out[0] = 1)
CASE("strex r0, r2, [r1]", .monitor_in = B + 1, .zero = 1, .m = {{0, 0xa0000002}})
CASE("strex r0, r2, [r1]", .monitor_in = B + 5, .out[0] = 1)
CASE("strexd r0, r2, r3, [r1]", .monitor_in = B + 1, .zero = 1, .m = {{0, 0xa0000002}, {4, 0xa0000003}})
CASE("strexh r0, r2, [r1]", .monitor_in = B + 1, .in[2] = 0x7e7f, .zero = 1, .m = {{0, 0x10117e7f}},
     .m_be = {{0, 0x7e7f1213}})
CASE("clrex", .monitor_in = B + 1)
CASE("pld [r1, #4]", .at = 0)

/* FP registers: D is two words, the high one first in big endian. */
CASE("vldr d1, [r1]", .d[1] = 0x2021222310111213, .d_be[1] = 0x1011121320212223)
CASE("vldr d1, [r1, #-8]", .at = 16, .d[1] = 0x4041424330313233, .d_be[1] = 0x3031323340414243)
CASE("vldr s3, [r1]", .d[1] = 0x10111213d1000001)
CASE("vldr s2, [r1, #4]", .d[1] = 0xd100000120212223)
CASE("vldmia r1!, {d16-d17}", .d[16] = 0x2021222310111213, .d[17] = 0x4041424330313233,
     .d_be[16] = 0x1011121320212223, .d_be[17] = 0x3031323340414243, .out[1] = B + 16)
CASE("ldcl p11, cr0, [r1], #16", .d[16] = 0x2021222310111213, .d[17] = 0x4041424330313233,
     .d_be[16] = 0x1011121320212223, .d_be[17] = 0x3031323340414243, .out[1] = B + 16)
CASE("vldmdb r1!, {d1}", .at = 8, .d[1] = 0x2021222310111213, .d_be[1] = 0x1011121320212223, .out[1] = B)
CASE("vldmia r1, {s1-s2}", .d[0] = 0x10111213d0000000, .d[1] = 0xd100000120212223)
CASE("vpop {d1}", .at = 0, .sp = -8, .d[1] = 0x8081828370717273, .d_be[1] = 0x7071727380818283,
     .out[13] = B + 0x20)
CASE("vstr d1, [r1, #4]", .m = {{4, 0xd1000001}, {8, 0xd1000001}})
CASE("vstr s2, [r1]", .m = {{0, 0xd1000001}})
CASE("vstmia r1!, {d1-d2}", .m = {{0, 0xd1000001}, {4, 0xd1000001}, {8, 0xd2000002}, {12, 0xd2000002}},
     .out[1] = B + 16)
CASE("stc p11, cr1, [r1], #8", .m = {{0, 0xd1000001}, {4, 0xd1000001}}, .out[1] = B + 8)
CASE("vpush {d1}", .m = {{0x18, 0xd1000001}, {0x1c, 0xd1000001}}, .out[13] = B + 0x18)
CASE("vld1.64 {d1}, [r1]!", .d[1] = 0x2021222310111213, .d_be[1] = 0x1011121320212223, .out[1] = B + 8)
CASE("vld1.32 {d1}, [r1], r2", .in[2] = 4, .d[1] = 0x2021222310111213, .d_be[1] = 0x2021222310111213,
     .out[1] = B + 4)
CASE("vld1.8 {d1}, [r1]", .d[1] = 0x2021222310111213, .d_be[1] = 0x2322212013121110)
CASE("vld1.16 {d1}, [r1]", .d[1] = 0x2021222310111213, .d_be[1] = 0x2223202112131011)
CASE("vst1.8 {d1}, [r1]", .m = {{0, 0xd1000001}, {4, 0xd1000001}}, .m_be = {{0, 0x010000d1}, {4, 0x010000d1}})

/* Between core and FP registers. */
CASE("vmov r0, s2", .out[0] = 0xd1000001)
CASE("vmov s3, r2", .d[1] = 0xa0000002d1000001)
CASE("vmov r0, r2, d1", .in[2] = 5, .out[0] = 0xd1000001, .out[2] = 0xd1000001)
CASE("vmov d1, r2, r3", .d[1] = 0xa0000003a0000002)
CASE("vmov r0, r2, s3, s4", .out[0] = 0xd1000001, .out[2] = 0xd2000002)
CASE("vmov s1, s2, r2, r3", .d[0] = 0xa0000002d0000000, .d[1] = 0xd1000001a0000003)
CASE("vmov.f64 d1, d18", .d[1] = 0xd2120012d2120012)
CASE("vmov.f32 s2, s5", .d[1] = 0xd1000001d2000002)
CASE("vmov d1, d18", .d[1] = 0xd2120012d2120012)
CASE("vmov q1, q9", .d[2] = 0xd2120012d2120012, .d[3] = 0xd3130013d3130013)
CASE("vmov.32 d1[1], r2", .d[1] = 0xa0000002d1000001)
CASE("vmov.32 r0, d1[0]", .out[0] = 0xd1000001)
CASE("vmov.8 d1[2], r2", .in[2] = 0xff7e, .d[1] = 0xd1000001d17e0001)
CASE("vmov.s8 r0, d1[3]", .out[0] = 0xffffffd1)
CASE("vmov.u16 r0, d1[1]", .out[0] = 0xd100)
