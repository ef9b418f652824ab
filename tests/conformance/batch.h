/* SPDX-License-Identifier: MIT */
/* A batch of cases: code, and machines that start in it; what the emulated core made of them. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_BATCH_H
#define LAZYSWITCH_TESTS_CONFORMANCE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"
#include "model/cpu/image.h"
#include "model/error.h"

struct segment {
	uint32_t address, bytes;
	bool code;
	uint8_t *data;
};

/* States are in host order; windows are bytes as they lie in memory. */
struct conformance_case {
	char name[64];
	uint32_t in[STATE_WORDS];
	uint32_t theirs[STATE_WORDS]; /* the state at the end, after batch_run() */
	uint8_t *window, *window_theirs;
	unsigned insns; /* executed by our machine when the case was made */
};

enum { SEGMENTS_MAX = 8 };

struct batch {
	bool big_endian;
	uint32_t window_bytes; /* of each case; a multiple of 4 */
	struct segment segments[SEGMENTS_MAX];
	unsigned n_segments;
	struct conformance_case *cases;
	size_t n_cases, room;
};

void batch_init(struct batch *b, bool big_endian, uint32_t window_bytes);
void batch_free(struct batch *b);
/* Zero filled; the address of its bytes. The batch must have room, and memory must suffice: else it aborts. */
struct segment *batch_segment(struct batch *b, uint32_t address, uint32_t bytes, bool code);
/* A new case, all zero but W_WINDOW_BYTES. The pointer is valid until the next one is made. */
struct conformance_case *batch_case(struct batch *b);

/* Adds the first words of the runner in a file (the vectors), so that our machine can execute them. */
bool batch_add_runner(struct batch *b, const char *path, struct error *e);

/* Adds code that names the CP15 registers of a state, which our machine has only if they are named. */
void batch_add_cp15(struct batch *b);

/*
 * An image of the code at [from, to) of the segment at CODE, and of all other segments: as a file, through the
 * loader that reads users' files.
 */
struct image *batch_image(const struct batch *b, uint32_t from, uint32_t to, struct error *e);

/* Runs all cases on the emulated core, with the runner (raw bytes in a file) for this endianness. */
bool batch_run(struct batch *b, const char *qemu, const char *runner, struct error *e);

static inline void put_word(uint8_t *p, uint32_t value, bool big_endian)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> 8 * (big_endian ? 3 - i : i));
}

static inline uint32_t get_word(const uint8_t *p, bool big_endian)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < 4; i++)
		value |= (uint32_t)p[i] << 8 * (big_endian ? 3 - i : i);
	return value;
}

#endif
