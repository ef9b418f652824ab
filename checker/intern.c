/* SPDX-License-Identifier: MIT */
#include "checker/intern.h"

#include <string.h>

#include <ck_pr.h>

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
 * The key in `slot` has no number yet, or had none a moment ago. Whoever comes first gives it one, and nobody waits: a
 * thread that comes too late has wasted a number. The key is written under its number before that becomes known (a store
 * fence, then the compare-and-swap); it is read by number only after a phase has ended.
 */
static int64_t give_number(struct intern *in, struct intern_slot *slot, uint64_t key)
{
	uint32_t number = ck_pr_faa_32(&in->count, 1), known; /* only a counter: nothing is published by it */

	if (number >= in->capacity)
		return INTERN_FULL;
	ck_pr_store_64(&in->keys[number], key);
	ck_pr_fence_store();
	if (ck_pr_cas_32_value(&slot->number, 0, number + 1, &known))
		return number;
	return known - 1;
}

int64_t intern_number(struct intern *in, uint64_t key)
{
	size_t mask = ((size_t)1 << in->bits) - 1;

	/* The table has more slots than numbers can be given to, and keys without one end the phase: it is never full. */
	for (size_t at = intern_place(key, in->bits), probes = 0; probes <= mask;
	     at = (at + 1) & mask, probes++) {
		struct intern_slot *slot = &in->table[at];
		uint64_t here = ck_pr_load_64(&slot->not_key);
		uint32_t number;

		/* A slot's key is set once: atomicity is all that is needed. */
		if (here == 0 && ck_pr_cas_64_value(&slot->not_key, 0, ~key, &here))
			here = ~key;
		if (here != ~key)
			continue;
		number = ck_pr_load_32(&slot->number);
		return number != 0 ? number - 1 : give_number(in, slot, key);
	}
	return INTERN_FULL;
}

bool intern_put(struct intern *in, uint32_t number, uint64_t key)
{
	size_t mask = ((size_t)1 << in->bits) - 1, at = intern_place(key, in->bits);

	in->count = number + 1;
	in->keys[number] = key;
	if (key == INTERN_NO_KEY)
		return true;
	for (; in->table[at].not_key != 0; at = (at + 1) & mask) {
		if (in->table[at].not_key == ~key)
			return false;
	}
	in->table[at] = (struct intern_slot){~key, number + 1};
	return true;
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
	struct intern_slot *table;
	uint64_t *keys;

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
		size_t at;

		if (in->table[i].number == 0)
			continue;
		at = intern_place(~in->table[i].not_key, bits);
		while (table[at].not_key != 0)
			at = (at + 1) & mask;
		table[at] = in->table[i];
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
