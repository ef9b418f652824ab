/* SPDX-License-Identifier: MIT */
#include "checker/distributed/lineage.h"

#include <stdlib.h>

#include "checker/distributed/wire.h"

enum { ENTRY_MAX = 3 * WIRE_NUMBER_MAX };

void lineage_free(struct lineage *l)
{
	free(l->bytes);
	free(l->blocks);
	*l = (struct lineage){0};
}

/* By a quarter: it is large when it matters. */
static size_t larger(size_t size, size_t wanted)
{
	return size + size / 4 > wanted ? size + size / 4 : wanted;
}

bool lineage_reserve(struct lineage *l, uint64_t more)
{
	size_t blocks_wanted = l->n_blocks + (size_t)(more / LINEAGE_BLOCK) + 1;

	if (l->size - l->n < more * ENTRY_MAX) {
		size_t size = larger(l->size, l->n + (size_t)more * ENTRY_MAX);
		uint8_t *bytes = realloc(l->bytes, size);

		if (!bytes)
			return false;
		l->bytes = bytes;
		l->size = size;
	}
	if (blocks_wanted > l->blocks_size) {
		size_t size = larger(l->blocks_size, blocks_wanted);
		struct lineage_block *blocks = realloc(l->blocks, size * sizeof(*blocks));

		if (!blocks)
			return false;
		l->blocks = blocks;
		l->blocks_size = size;
	}
	return true;
}

void lineage_add(struct lineage *l, const struct lineage_entry *entry)
{
	uint8_t *at;

	if (l->count % LINEAGE_BLOCK == 0)
		l->blocks[l->n_blocks++] = (struct lineage_block){l->last.number, l->last.parent, l->n};
	at = wire_number(l->bytes + l->n, entry->number - l->last.number);
	at = wire_number(at, entry->parent - l->last.parent);
	at = wire_number(at, entry->step);
	l->n = (size_t)(at - l->bytes);
	l->last = *entry;
	l->count++;
}

const uint8_t *lineage_read(const uint8_t *at, const uint8_t *end, struct lineage_entry *entry)
{
	uint64_t number, parent, step;

	at = wire_read_number(at, end, &number);
	at = at ? wire_read_number(at, end, &parent) : NULL;
	at = at ? wire_read_number(at, end, &step) : NULL;
	if (!at || number > UINT64_MAX - entry->number || parent > UINT64_MAX - entry->parent ||
	    step > UINT32_MAX)
		return NULL;
	entry->number += number;
	entry->parent += parent;
	entry->step = (uint32_t)step;
	return at;
}

bool lineage_find(const struct lineage *l, struct lineage_entry *entry)
{
	size_t low = 0, high = l->n_blocks;
	struct lineage_entry here;
	const uint8_t *at;

	/* The last block that begins behind a state with a lesser number; the first one begins behind none. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (l->blocks[middle].number < entry->number)
			low = middle;
		else
			high = middle;
	}
	if (l->n_blocks == 0)
		return false;
	here = (struct lineage_entry){.number = l->blocks[low].number, .parent = l->blocks[low].parent};
	for (at = l->bytes + l->blocks[low].at; at && at < l->bytes + l->n;) {
		at = lineage_read(at, l->bytes + l->n, &here);
		if (at && here.number == entry->number) {
			*entry = here;
			return true;
		}
		if (here.number > entry->number)
			break;
	}
	return false;
}

size_t lineage_growth(const struct lineage *l, uint64_t more)
{
	/* While it is moved there are two of it. */
	return l->size - l->n >= more * ENTRY_MAX ? 0 : larger(l->size, l->n + (size_t)more * ENTRY_MAX);
}

size_t lineage_bytes(const struct lineage *l)
{
	return l->size + l->blocks_size * sizeof(*l->blocks);
}
