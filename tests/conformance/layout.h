/* SPDX-License-Identifier: MIT */
/*
 * What the host and the runner on the emulated core share: where things lie in the board's RAM, and the words of a
 * machine's state. Included by C and by assembly.
 */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_LAYOUT_H
#define LAZYSWITCH_TESTS_CONFORMANCE_LAYOUT_H

/* The runner: its entry, then the vectors that the cases see, then the place to jump to from Hyp mode at the end. */
#define RUNNER             0x40200000
#define RUNNER_HYP_VECTORS (RUNNER + 0x20)
#define RUNNER_VECTORS     (RUNNER + 0x40)
#define RUNNER_STOP        (RUNNER + 0x60)
#define RUNNER_HEAD_BYTES  0x64
/* Code that no case runs (batch_add_cp15()), close to the code of all cases; what they load and store; the cases themselves, behind a head of three words. */
#define NAMES      0x4020ff00
#define CODE       0x40210000
#define CODE_BYTES 0x001f0000
#define WINDOW     0x40400000
#define CASES      0x40800000
#define CASES_MAX  0x10000000 /* bytes */

#define HEAD_COUNT  0
#define HEAD_STRIDE 1
#define HEAD_TOTAL  2 /* bytes, the head's included */
#define HEAD_WORDS  4

/* Words of a state: as it is at the case's entry, and, written over it, as it is at the end. */
#define W_R            0  /* R0-R12 */
#define W_R_FIQ        13 /* R8_fiq-R12_fiq */
#define W_SP           18 /* usr, svc, abt, und, irq, fiq, hyp */
#define W_LR           25 /* the same without hyp */
#define W_SPSR         31 /* svc, abt, und, irq, fiq, hyp */
#define W_ELR_HYP      37
#define W_PC           38 /* entry only: the end is told by W_VECTOR */
#define W_CPSR         39
#define W_HCPTR        40
#define W_CPACR        41
#define W_HCR          42
#define W_HSTR         43
#define W_HDCR         44
#define W_HSR          45
#define W_VBAR         46
#define W_HVBAR        47
#define W_CP15         48 /* those of cp15.def */
#define W_CP15_MAX     16
#define W_FPEXC        64
#define W_FPSCR        65
#define W_D            66  /* D0-D31, two words each, as VSTM stores them */
#define W_VECTOR       130 /* at the end: vector of the Hyp table, or VECTOR_STOP */
#define W_WINDOW       131 /* memory that the case may change: address and bytes; its bytes follow the state */
#define W_WINDOW_BYTES 132
#define STATE_WORDS    136

#define VECTOR_STOP 8

#endif
