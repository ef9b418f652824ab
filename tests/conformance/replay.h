/* SPDX-License-Identifier: MIT */
/* Our side: a case on our core, and the comparison of the two ends. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_REPLAY_H
#define LAZYSWITCH_TESTS_CONFORMANCE_REPLAY_H

#include "batch.h"
#include "model/cpu/cpu.h"

/* A core with the memory that a case may touch: its window, and the code for reading. */
struct replay {
	const struct image *image;
	struct cpu cpu;
	uint32_t window_at, window_bytes;
	uint8_t *window;  /* owned by the caller */
	bool bkpt;        /* a BKPT was executed */
	unsigned choices; /* that the architecture leaves open; the answer is always the newest value */
	unsigned insns;
};

enum replay_end {
	END_VECTOR, /* it reached the runner's Hyp vectors, or the place to stop */
	END_BKPT,   /* it called the environment */
	END_FAULT,  /* our machine refuses: `e` is filled in */
	END_LIMIT,  /* too many instructions */
};

/* Puts the machine at the entry of a case; `window` gets a copy of the case's. */
void replay_enter(struct replay *r, const struct image *image, const struct conformance_case *c,
                  uint8_t *window);

/* One instruction, END_VECTOR for all well. */
enum replay_end replay_step(struct replay *r, struct error *e);

/* Has it come to an end? Then *vector is W_VECTOR's value. */
bool replay_at_end(const struct replay *r, unsigned *vector);

/* Runs a case from its entry; at END_VECTOR and END_BKPT `words` has its end. */
enum replay_end replay_run(struct replay *r, unsigned limit, uint32_t words[STATE_WORDS], struct error *e);

/*
 * Compares the end of a case on our side with the other's, and the windows. Returns true if they are the same, else
 * `text` says where they differ.
 */
bool replay_same(const struct conformance_case *c, const uint32_t ours[STATE_WORDS], const uint8_t *window,
                 uint32_t window_bytes, bool big_endian, char *text, size_t size);

enum { REPLAY_LIMIT = 20000 };

struct differences {
	size_t cases, insns, different;
	char first[1024]; /* the first difference, with the case's name */
};

/* Replays all cases and compares; stops at the first difference if told so. False if an image cannot be made. */
bool replay_batch(const struct batch *b, bool stop, struct differences *d, struct error *e);

#endif
