/* SPDX-License-Identifier: MIT */
/* What a board has told, held against the machine: does it agree, and what has who seen there? */
#ifndef LAZYSWITCH_TRACES_BOARD_JUDGE_H
#define LAZYSWITCH_TRACES_BOARD_JUDGE_H

#include "emulator.h"

/* Something that somebody saw on the board. */
struct board_sight {
	size_t step; /* of the run */
	unsigned cpu;
	bool wrong;     /* it is not what they should see */
	bool violates;  /* where the run violates its property */
	char text[256]; /* "app0 reads D0 = 0xfd..: data of vcpu0" */
};

struct board_judgement {
	struct board_sight *sights;
	size_t n_sights;
	size_t turns, states; /* ends of turns that the board came to, and states that were compared */
	bool whole;           /* it came to the end of the last */
	bool observed;        /* what the run violates was seen on the board */
	char differs[512];    /* the first difference between board and machine; empty: there is none */
};

/* Returns 0 with *j filled in, to be freed with board_judgement_free(), or -1 with `e` filled in: out of memory. */
int board_judge(const struct board_schedule *s, const struct board_told *told, struct board_judgement *j,
                struct error *e);
void board_judgement_free(struct board_judgement *j);

#endif
