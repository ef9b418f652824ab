/* SPDX-License-Identifier: MIT */
/*
 * What the host and the monitor on the board share: where things lie in the board's RAM, and the words of a core's
 * state, of the schedule's head and of a turn. Included by C and by assembly: only #defines.
 */
#ifndef LAZYSWITCH_TRACES_BOARD_LAYOUT_H
#define LAZYSWITCH_TRACES_BOARD_LAYOUT_H

#define BOARD_RAM 0x40000000
/* The monitor: its entry for every core, and the place to branch to where a core is to stop. */
#define BOARD_MONITOR 0x41000000
#define BOARD_STOP    (BOARD_MONITOR + 4)
#define BOARD_STAGE2                                                                                         \
	0 /* translation table of guests, where the kernel's VTTBR points: every address is itself */
#define BOARD_FRAMES       0x41090000 /* a core's state while the monitor has it */
#define FRAME_SHIFT        10
#define BOARD_SCHEDULE     0x41100000
#define BOARD_SCHEDULE_MAX 0x00f00000 /* bytes: behind it comes the image */
/* The image is brought here, and moved to its own place by the monitor: until then the board's tables lie there. */
#define BOARD_LOAD_OFFSET 0x02000000

/* The schedule's head, in words; then so many copies, and then the turns. */
#define H_CPUS      0
#define H_COPIES    1 /* each: to, from, bytes */
#define H_TURNS     2
#define H_RAM       3 /* address and bytes of what is told after the last turn */
#define H_RAM_BYTES 4
#define HEAD_WORDS  5

/*
 * A turn of one core: its state is changed, it goes on, and stops before the instruction at T_STOP; then it tells its
 * state. Behind these words: patches, each an address and what is written there until it stops, and changes, each a
 * number of a word of the state, or an address of memory, and its new value.
 */
#define T_CPU        0
#define T_KIND       1
#define T_STOP       2
#define T_DUMP       3 /* address of memory that is told, too */
#define T_DUMP_BYTES 4
#define T_PATCHES    5
#define T_CHANGES    6
#define TURN_WORDS   7
#define PATCHES_MAX  3

/* How a core comes to the monitor. */
#define KIND_NONE 0 /* it does not go on: its state is told as it is */
#define KIND_HYP  1 /* by a branch: it is in Hyp mode */
#define KIND_PL1  2 /* by HVC, through Hyp's vectors */
#define KIND_USR  3 /* by SVC, and then HVC in the host's vectors */

/* Words of a state. */
#define W_R         0  /* R0-R12 */
#define W_R_FIQ     13 /* R8_fiq-R12_fiq */
#define W_SP        18 /* usr, svc, abt, und, irq, fiq, hyp */
#define W_LR        25 /* the same without hyp */
#define W_SPSR      31 /* svc, abt, und, irq, fiq, hyp */
#define W_ELR_HYP   37
#define W_PC        38
#define W_CPSR      39
#define W_HCPTR     40
#define W_CPACR     41
#define W_HCR       42
#define W_HSR       43
#define W_VBAR      44
#define W_HVBAR     45
#define W_FPEXC     46
#define W_FPSCR     47
#define W_D         48 /* D0-D31, two words each, as VSTM stores them */
#define STATE_WORDS 112

#endif
