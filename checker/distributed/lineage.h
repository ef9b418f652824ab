/* SPDX-License-Identifier: MIT */
/*
 * How the states of one rank were first reached: the number of each in the order of a sequential search, its parent's number,
 * perhaps another rank's, and the number of the parent's step. Both numbers only grow, so that what is kept is by how much:
 * some three bytes a state.
 */
#ifndef LAZYSWITCH_CHECKER_LINEAGE_H
#define LAZYSWITCH_CHECKER_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lineage_entry {
	uint64_t number, parent;
	uint32_t step;
};

enum { LINEAGE_BLOCK = 128 }; /* states; to find one, a block is read from its beginning */

struct lineage_block {
	uint64_t number, parent; /* of the state before it */
	size_t at;
};

struct lineage {
	uint8_t *bytes;
	size_t n, size;
	struct lineage_block *blocks;
	size_t n_blocks, blocks_size;
	uint64_t count;
	struct lineage_entry last;
};

/* A zeroed one is empty. */
void lineage_free(struct lineage *l);

/* Makes room for so many more states. Returns false when out of memory. */
bool lineage_reserve(struct lineage *l, uint64_t more);
/* The bytes that this takes while memory is moved. */
size_t lineage_growth(const struct lineage *l, uint64_t more);

/* Adds a state, with a greater number than all before. There must be room. */
void lineage_add(struct lineage *l, const struct lineage_entry *entry);

/* Fills in parent and step of the state with entry->number. Returns false if it is not there. */
bool lineage_find(const struct lineage *l, struct lineage_entry *entry);

size_t lineage_bytes(const struct lineage *l);

/*
 * Reads an entry behind *entry from a lineage's bytes, which may come from a file. Returns the place behind it, or NULL: it is
 * none.
 */
const uint8_t *lineage_read(const uint8_t *at, const uint8_t *end, struct lineage_entry *entry);

#endif
