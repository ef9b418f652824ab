/* SPDX-License-Identifier: MIT */
/* Runs a program for the board on an emulated one: QEMU's virt with Cortex-A15 cores. */
#ifndef LAZYSWITCH_TRACES_BOARD_EMULATOR_H
#define LAZYSWITCH_TRACES_BOARD_EMULATOR_H

#include "schedule.h"

/* What the board has told, in its own byte order: for each turn that it came to the end of, a state and a dump; then memory. */
struct board_told {
	uint8_t *bytes;
	size_t n; /* less than board_told_size() if it stopped telling */
};

size_t board_told_size(const struct board_schedule *s);

/*
 * `emulator`: a command such as "qemu-system-arm"; `program`: the file. Ends when all is told, or nothing more comes for
 * `seconds`. Returns 0 with *told filled in, to be freed by the caller, or -1 with `e` filled in: it cannot be started.
 */
int board_emulate(const struct board_schedule *s, const char *emulator, const char *program, unsigned seconds,
                  struct board_told *told, struct error *e);

#endif
