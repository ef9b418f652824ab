/* SPDX-License-Identifier: MIT */
/* A schedule as a bare-metal program: monitor, image and turns in one ELF executable. */
#ifndef LAZYSWITCH_TRACES_BOARD_PROGRAM_H
#define LAZYSWITCH_TRACES_BOARD_PROGRAM_H

#include "schedule.h"

/* Writes the program to a file; `name` is for messages. Returns 0, or -1 with `e` filled in. */
int board_program_write(const struct board_schedule *s, int fd, const char *name, struct error *e);

#endif
