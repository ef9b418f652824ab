/* SPDX-License-Identifier: MIT */
/*
 * States on their way: to another rank, or into a file. A stream is cut into segments, so that several threads can read one;
 * in a segment a state is written as what sets it apart from the state before it, each number in as few bytes as it takes.
 */
#ifndef LAZYSWITCH_CHECKER_WIRE_H
#define LAZYSWITCH_CHECKER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIRE_SEGMENT_BYTES = 1 << 14 }; /* a segment ends with the record that makes it as long as that */

struct wire_writer {
	uint8_t *bytes;
	size_t n, size;
	size_t open; /* where the segment begins that is being written; SIZE_MAX: none is */
	uint64_t tag;
	uint32_t *last; /* [words]: the state before */
	size_t words;
};

/* Returns false when out of memory; a zeroed one may be freed. */
bool wire_init(struct wire_writer *w, size_t words);
void wire_free(struct wire_writer *w);

/* Forgets what was written. */
void wire_clear(struct wire_writer *w);

/* Adds a state, with a number that belongs to it; numbers that grow slowly are short. Returns false when out of memory. */
bool wire_put(struct wire_writer *w, uint64_t tag, const uint32_t *state);

/* The stream so far: whole segments. Must be called before the bytes are used. */
void wire_close(struct wire_writer *w);

/* A segment that is being read. */
struct wire_segment {
	const uint8_t *at, *end;
	uint64_t tag;
};

/*
 * Takes a segment off the front of the n bytes at *bytes. Returns 1, 0 if there are none left, or -1 if these are not the
 * bytes of a stream.
 */
int wire_next(const uint8_t **bytes, size_t *n, struct wire_segment *segment);

/*
 * Reads the next state. `state` must hold the one before, zeros at first, and no one else's. Returns as wire_next() does;
 * nothing that it reads is believed.
 */
int wire_get(struct wire_segment *segment, uint64_t *tag, uint32_t *state, size_t words);

/*
 * Numbers in few bytes: seven bits a byte, the lowest first, and the eighth says that there are more. wire_number() writes
 * at most WIRE_NUMBER_MAX bytes and returns the place behind them; wire_read_number() returns NULL if there is no number
 * before `end`.
 */
enum { WIRE_NUMBER_MAX = 10 };

static inline uint8_t *wire_number(uint8_t *at, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*at++ = (uint8_t)(number | 0x80);
	*at++ = (uint8_t)number;
	return at;
}

static inline const uint8_t *wire_read_number(const uint8_t *at, const uint8_t *end, uint64_t *number)
{
	*number = 0;
	for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
		uint8_t byte = *at++;

		*number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return at;
	}
	return NULL;
}

#endif
