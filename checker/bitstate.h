/* SPDX-License-Identifier: MIT */
/*
 * The visited set for when memory is short: some bits for each state in a table of fixed size (Bloom 1970; bitstate hashing,
 * Holzmann 1998; all bits of a state in one cache line, Putze, Sanders, Singler 2007). A state that was added is found; one
 * that was not may be taken for one that was, with a chance that is known. As with keyset.h, to look and to add are
 * different phases.
 */
#ifndef LAZYSWITCH_CHECKER_BITSTATE_H
#define LAZYSWITCH_CHECKER_BITSTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BITSTATE_FUNCTIONS = 4, /* bits a state */
	BITSTATE_LINE_WORDS = 8,
	BITSTATE_BYTES_MIN = 1 << 12,
};

struct bitstate {
	uint64_t *words; /* NULL: there is none */
	uint64_t lines;
};

/* As many lines as fit into so many bytes, and at least BITSTATE_BYTES_MIN. Returns false when out of memory. */
bool bitstate_init(struct bitstate *bits, size_t bytes);
/* A zeroed one may be freed. */
void bitstate_free(struct bitstate *bits);

static inline size_t bitstate_bytes(const struct bitstate *bits)
{
	return (size_t)bits->lines * BITSTATE_LINE_WORDS * sizeof(*bits->words);
}

/* What a state is known by: 128 bits of hash. */
struct bitstate_key {
	uint64_t line, functions;
};

struct bitstate_key bitstate_key(const uint32_t *state, size_t words);

void bitstate_prefetch(const struct bitstate *bits, struct bitstate_key key);
bool bitstate_contains(const struct bitstate *bits, struct bitstate_key key);
/* Any number of threads. */
void bitstate_add(struct bitstate *bits, struct bitstate_key key);

/* The chance that a state that was not added, and whose line this is, would be taken for one that was. */
double bitstate_confusion(const struct bitstate *bits, struct bitstate_key key);

#endif
