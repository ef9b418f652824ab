/* SPDX-License-Identifier: MIT */
#include "checker/intern.h"

#include <string.h>

#include "checker/pages.h"

enum { BITS_MIN = 6, BITS_MAX = 32 };

/* Three quarters: linear probing stays short, and a search always meets an empty place. */
static uint32_t capacity_of(unsigned bits)
{
	return (uint32_t)((UINT64_C(3) << bits) / 4);
}

bool intern_init(struct intern *in)
{
	*in = (struct intern){.bits = BITS_MIN, .capacity = capacity_of(BITS_MIN)};
	in->keys = pages_new(in->capacity * sizeof(*in->keys));
	in->table = pages_new(sizeof(*in->table) << in->bits);
	if (in->keys && in->table)
		return true;
	intern_free(in);
	return false;
}

void intern_free(struct intern *in)
{
	pages_free(in->keys, in->capacity * sizeof(*in->keys));
	pages_free(in->table, sizeof(*in->table) << in->bits);
	*in = (struct intern){0};
}

/*
 * A key is written under its number before the number is put into the table (the compare-and-swap is a full barrier on x86,
 * and preceded by a store fence for others), and read after the number was found there (a dependent load). Nobody waits for
 * anybody: a thread that comes too late with a key has wasted a number.
 */
int64_t intern_search(struct intern *in, struct intern_key key, uint32_t tag)
{
	size_t mask = ((size_t)1 << in->bits) - 1;
	uint32_t mine = UINT32_MAX;

	for (size_t at = intern_place(in, tag);; at = (at + 1) & mask) {
		uint64_t entry = ck_pr_load_64(&in->table[at]);

		if (entry == 0) {
			if (mine == UINT32_MAX) {
				/* Only a counter: nothing is published by it. */
				mine = ck_pr_faa_32(&in->count, 1);
				if (mine >= in->capacity)
					return INTERN_FULL;
				ck_pr_store_64(&in->keys[mine].a, key.a);
				ck_pr_store_64(&in->keys[mine].b, key.b);
				ck_pr_fence_store();
			}
			if (ck_pr_cas_64_value(&in->table[at], 0, (uint64_t)tag << 32 | (mine + 1), &entry))
				return mine;
		}
		ck_pr_fence_load_depends();
		if (entry >> 32 == tag && intern_is(in, (uint32_t)entry - 1, key))
			return (uint32_t)entry - 1;
	}
}

static void enter(uint64_t *table, unsigned bits, uint64_t entry)
{
	size_t mask = ((size_t)1 << bits) - 1, at = (size_t)(entry >> 32) >> (32 - bits);

	while (table[at] != 0)
		at = (at + 1) & mask;
	table[at] = entry;
}

bool intern_put(struct intern *in, uint32_t number, struct intern_key key)
{
	size_t mask = ((size_t)1 << in->bits) - 1;
	uint32_t tag = intern_tag(key);

	in->count = number + 1;
	in->keys[number] = key;
	if (key.a == INTERN_NO_KEY)
		return true;
	for (size_t at = intern_place(in, tag); in->table[at] != 0; at = (at + 1) & mask) {
		if (in->table[at] >> 32 == tag && intern_is(in, (uint32_t)in->table[at] - 1, key))
			return false;
	}
	enter(in->table, in->bits, (uint64_t)tag << 32 | (number + 1));
	return true;
}

void intern_tidy(struct intern *in)
{
	for (uint32_t i = 0; i < intern_count(in); i++) {
		uint32_t tag = intern_tag(in->keys[i]);

		if (in->keys[i].a != INTERN_NO_KEY && intern_search(in, in->keys[i], tag) != i)
			in->keys[i].a = INTERN_NO_KEY;
	}
}

bool intern_crowded(const struct intern *in)
{
	return in->count >= in->capacity - in->capacity / 4;
}

bool intern_grow(struct intern *in)
{
	unsigned bits = in->bits + 1;
	uint32_t capacity = capacity_of(bits);
	struct intern_key *keys;
	uint64_t *table;

	if (bits > BITS_MAX)
		return false;
	table = pages_new(sizeof(*table) << bits);
	keys = pages_new(capacity * sizeof(*keys));
	if (!table || !keys) {
		pages_free(table, sizeof(*table) << bits);
		pages_free(keys, capacity * sizeof(*keys));
		return false;
	}
	/* From the table, not from the keys: a number that was left unused has a key, too. */
	for (size_t i = 0; i < (size_t)1 << in->bits; i++) {
		if (in->table[i] != 0)
			enter(table, bits, in->table[i]);
	}
	in->count = intern_count(in); /* not ahead any more */
	memcpy(keys, in->keys, in->count * sizeof(*keys));
	pages_free(in->table, sizeof(*in->table) << in->bits);
	pages_free(in->keys, in->capacity * sizeof(*in->keys));
	in->table = table;
	in->keys = keys;
	in->bits = bits;
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
