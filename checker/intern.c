/* SPDX-License-Identifier: MIT */
#include "checker/intern.h"

#include <stdlib.h>
#include <string.h>

#include <ck_pr.h>

#include "checker/sync.h"

enum { BITS_MIN = 6, BITS_MAX = 32 };

/* Both halves of a pair count, and lanes whose fields differ in a few bits anywhere. */
static size_t place(uint64_t key, unsigned bits)
{
	key *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)((key ^ key >> 32) * UINT64_C(0xd6e8feb86659fd93) >> (64 - bits));
}

/* Three quarters: linear probing stays short, and a search always meets an empty place. */
static uint32_t capacity_of(unsigned bits)
{
	return (uint32_t)((UINT64_C(3) << bits) / 4);
}

bool intern_init(struct intern *in)
{
	*in = (struct intern){.bits = BITS_MIN, .capacity = capacity_of(BITS_MIN)};
	in->keys = malloc(in->capacity * sizeof(*in->keys));
	in->table = calloc((size_t)1 << in->bits, sizeof(*in->table));
	if (in->keys && in->table)
		return true;
	intern_free(in);
	return false;
}

void intern_free(struct intern *in)
{
	free(in->keys);
	free(in->table);
	*in = (struct intern){0};
}

/*
 * The key is written before its number is put into the table (the compare-and-swap, a full barrier on x86, is
 * preceded by a store fence for others), and read only after the number was found there (a dependent load).
 * A key that lost the race to an equal one leaves its number unused.
 */
int64_t intern_number(struct intern *in, uint64_t key)
{
	size_t mask = ((size_t)1 << in->bits) - 1, at = place(key, in->bits);
	uint32_t mine = UINT32_MAX;

	for (;;) {
		uint32_t entry = ck_pr_load_32(&in->table[at]);

		if (entry == 0) {
			if (mine == UINT32_MAX) {
				/* Only a counter: nothing is published by it. */
				mine = ck_pr_faa_32(&in->count, 1);
				if (mine >= in->capacity)
					return INTERN_FULL;
				ck_pr_store_64(&in->keys[mine], key);
				ck_pr_fence_store();
			}
			if (ck_pr_cas_32_value(&in->table[at], 0, mine + 1, &entry))
				return mine;
		}
		ck_pr_fence_load_depends();
		if (ck_pr_load_64(&in->keys[entry - 1]) == key)
			return entry - 1;
		at = (at + 1) & mask;
	}
}

bool intern_crowded(const struct intern *in)
{
	return in->count >= in->capacity - in->capacity / 4;
}

bool intern_grow(struct intern *in)
{
	unsigned bits = in->bits + 1;
	size_t mask = ((size_t)1 << bits) - 1;
	uint32_t capacity = capacity_of(bits);
	uint32_t *table;
	uint64_t *keys;

	if (bits > BITS_MAX)
		return false;
	table = calloc(mask + 1, sizeof(*table));
	keys = realloc(in->keys, capacity * sizeof(*keys));
	if (keys)
		in->keys = keys;
	if (!table || !keys) {
		free(table);
		return false;
	}
	/* From the table, not from the keys: a number that was left unused has a key, too. */
	for (size_t i = 0; i < (size_t)1 << in->bits; i++) {
		uint32_t entry = in->table[i];
		size_t at;

		if (entry == 0)
			continue;
		at = place(keys[entry - 1], bits);
		while (table[at] != 0)
			at = (at + 1) & mask;
		table[at] = entry;
	}
	free(in->table);
	in->table = table;
	in->bits = bits;
	in->count = intern_count(in); /* not ahead any more */
	in->capacity = capacity;
	return true;
}

size_t intern_bytes(const struct intern *in)
{
	return in->capacity * sizeof(*in->keys) + (in->table ? sizeof(*in->table) << in->bits : 0);
}

size_t intern_growth(const struct intern *in)
{
	return capacity_of(in->bits + 1) * sizeof(*in->keys) + (sizeof(*in->table) << (in->bits + 1));
}
