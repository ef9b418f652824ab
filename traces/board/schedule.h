/* SPDX-License-Identifier: MIT */
/*
 * A run of the machine as turns of a board's cores: where each core goes on, where it stops, and what happens to it in
 * between that is nobody's code: interrupts, the choices of users and the scheduler, new FP data.
 */
#ifndef LAZYSWITCH_TRACES_BOARD_SCHEDULE_H
#define LAZYSWITCH_TRACES_BOARD_SCHEDULE_H

#include <stdio.h>

#include "data.h"
#include "layout.h"
#include "model/world/machine.h"

struct board_pair {
	uint32_t to, value; /* to: an address, or the number of a word of the state */
};

/* What somebody sees when a turn is over. */
enum board_look {
	BOARD_LOOKS_NOT,
	BOARD_LOOKS_BANK, /* `owner` has read all FP registers */
	BOARD_LOOKS_AREA, /* a save area is read for `owner`: it is told behind the state */
	BOARD_LOOKS_STORE, /* FP data has been stored where it does not belong: `dump` is one word of it, `owner` should be there */
	BOARD_LOOKS_FPEXC, /* FPEXC is read; it should be `due` */
	BOARD_LOOKS_PLACE, /* the core should never have come here */
};

/* What the machine holds when a turn is over. */
struct board_state {
	struct cpu cpu;
	struct board_version newest[BOARD_OWNERS];
	bool fp_open; /* FP registers hold what nobody has said yet */
};

struct board_turn {
	unsigned cpu, kind; /* KIND_.. */
	uint32_t stop;
	uint32_t dump, dump_bytes;
	struct board_pair patches[PATCHES_MAX];
	unsigned n_patches;
	size_t change, n_changes; /* in schedule->changes */
	size_t step;              /* of the run, from 1; 0: boot */
	size_t state;             /* in schedule->states, or SIZE_MAX: only that it came here is known */
	enum board_look look;
	unsigned owner;
	uint32_t due;
	bool violates; /* schedule->violation is seen here */
};

struct board_schedule {
	const struct world *world; /* borrowed */
	struct board_turn *turns;
	size_t n_turns;
	struct board_pair *changes;
	size_t n_changes;
	struct board_state *states;
	size_t n_states;
	uint32_t *ram; /* [world->ram_words] at the end, and what FP data is then */
	struct board_version newest[BOARD_OWNERS];
	struct violation violation; /* of the last step, if `violated` */
	bool violated;
	char unable[256]; /* what this run needs and the emulated board does not have; empty: nothing */
	size_t unable_at; /* the step that needs it first, from 1 */
};

/*
 * Makes the schedule of a run, which must be possible (trace_follow()); `property`: the one that its last step violates, or -1.
 * Returns NULL with `e` filled in when out of memory, or if the run cannot be cut into turns. The world must outlive it.
 */
struct board_schedule *board_schedule_new(const struct world *world, const struct learnt *learnt,
                                          const struct model_label *labels, size_t steps, int property,
                                          struct error *e);
void board_schedule_free(struct board_schedule *s);

/* The words of a state, as the monitor tells them; FP registers as the machine has them. */
void board_state_words(const struct cpu *cpu, bool big_endian, uint32_t words[STATE_WORDS]);

/* "R3", "SP_irq", "D7[63:32]"; returns buf. */
const char *board_word_name(unsigned word, bool big_endian, char *buf, size_t size);

#endif
