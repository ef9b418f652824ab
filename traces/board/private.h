/* SPDX-License-Identifier: MIT */
/* Between the files that make a schedule. */
#ifndef LAZYSWITCH_TRACES_BOARD_PRIVATE_H
#define LAZYSWITCH_TRACES_BOARD_PRIVATE_H

#include "schedule.h"

/* An instruction that a core has executed. */
struct visit {
	uint32_t pc;
	uint32_t mode;
};

/* Changes of a core's state wait for its next turn; those of memory for anybody's. */
struct pending {
	struct board_pair *pairs;
	size_t n, room;
};

struct recorder {
	struct board_schedule *s;
	const struct world *w;
	struct machine *m;

	struct visit *path; /* executed since the core's last stop */
	size_t n_path, path_room;
	struct pending cores[NR_CPUS], memory;

	struct cpu before; /* the core before the instruction at work */
	uint32_t *ram;     /* memory then, if the world acts */
	uint64_t retired;
	bool acts;            /* the world is at work: what it changes is found before the next instruction */
	bool computed;        /* the instruction at work has used the FP registers */
	bool call;            /* because a BKPT is at work */
	bool stopped_at_call; /* the last turn ended before it */
	bool violated;
	enum board_look seen; /* if `violated`: how */
	uint32_t due;
	size_t step;
	struct board_version newest[BOARD_OWNERS];
	uint8_t versions[BOARD_OWNERS]; /* that each has had */
	bool failed;                    /* out of memory, or `error` */
	struct error error;
};

/* cut.c: ends the path at a place, in one turn, or in several. */
struct board_turn *board_cut(struct recorder *r, const struct cpu *at, enum board_look look);

/* changes.c: what the world has changed in the current core since `before`, and in memory. */
void board_note_core(struct recorder *r, const struct cpu *before);
void board_note_memory(struct recorder *r);
void board_note(struct recorder *r, struct pending *list, uint32_t to, uint32_t value);
/* Takes what waits for a core's turn into the schedule. */
void board_take_changes(struct recorder *r, struct board_turn *turn);
/* Everything that boot leaves to the world: FP data, in registers and in save areas. */
void board_note_boot(struct recorder *r);

/* Finds the word of FP data that was stored in this step into a save area where it has no business: the turn tells it. */
void board_find_stored(struct recorder *r, struct board_turn *turn);

/* An array with room for one more; NULL: out of memory. */
void *board_grow(struct recorder *r, void *array, size_t n, size_t *room, size_t size);

#endif
