/* SPDX-License-Identifier: MIT */
#include "dictionary.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "machine.h"
#include "tags.h"

#define NONE UINT32_MAX

static uint32_t find(const struct dictionary *d, const uint32_t *words, uint32_t count, uint64_t hash)
{
	if (d->table_size == 0)
		return NONE;
	for (uint32_t i = (uint32_t)hash & (d->table_size - 1);; i = (i + 1) & (d->table_size - 1)) {
		const struct dictionary_entry *entry;

		if (d->table[i] == 0)
			return NONE;
		entry = &d->entries[d->table[i] - 1];
		if (entry->hash == hash && entry->count == count &&
		    (count == 0 || memcmp(d->words + entry->at, words, count * sizeof(*words)) == 0))
			return d->table[i] - 1;
	}
}

static void enter(struct dictionary *d, uint32_t number)
{
	uint32_t i = (uint32_t)d->entries[number].hash & (d->table_size - 1);

	while (d->table[i] != 0)
		i = (i + 1) & (d->table_size - 1);
	d->table[i] = number + 1;
}

static bool grow_table(struct dictionary *d)
{
	uint32_t size = d->table_size ? d->table_size * 2 : 256;
	uint32_t *table = calloc(size, sizeof(*table));

	if (!table)
		return false;
	free(d->table);
	d->table = table;
	d->table_size = size;
	for (uint32_t i = 0; i < d->n; i++)
		enter(d, i);
	return true;
}

static bool make_room(struct dictionary *d, uint32_t count)
{
	if (d->n == d->capacity) {
		uint32_t capacity = d->capacity ? d->capacity * 2 : 128;
		struct dictionary_entry *entries = realloc(d->entries, capacity * sizeof(*entries));

		if (!entries)
			return false;
		d->entries = entries;
		d->capacity = capacity;
	}
	if (d->n_words + count > d->words_capacity) {
		size_t capacity = (d->n_words + count) * 2;
		uint32_t *words = realloc(d->words, capacity * sizeof(*words));

		if (!words)
			return false;
		d->words = words;
		d->words_capacity = capacity;
	}
	return (d->n + 1) * 2 <= d->table_size || grow_table(d);
}

static uint64_t ageing_owners(const uint32_t *words, uint32_t count)
{
	uint64_t owners = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (is_tag(words[i]) && !tag_oldest(words[i]))
			owners |= UINT64_C(1) << tag_owner(words[i]);
	}
	return owners;
}

uint32_t dictionary_intern(struct dictionary *d, const uint32_t *words, uint32_t count)
{
	struct dictionary_entry entry;
	uint32_t number;

	while (count > 0 && words[count - 1] == 0)
		count--;
	entry.hash = XXH3_64bits(words, count * sizeof(*words));
	number = find(d, words, count, entry.hash);
	if (number != NONE)
		return number;
	if (!make_room(d, count))
		return NONE;
	entry.newest = ageing_owners(words, count);
	entry.at = d->n_words;
	entry.count = count;
	if (count > 0)
		memcpy(d->words + d->n_words, words, count * sizeof(*words));
	d->n_words += count;
	d->entries[d->n] = entry;
	enter(d, d->n);
	return d->n++;
}

const uint32_t *dictionary_words(const struct dictionary *d, uint32_t number, uint32_t *count)
{
	*count = d->entries[number].count;
	return d->words + d->entries[number].at;
}

static uint64_t stale_key(uint32_t number, unsigned owner)
{
	return ((uint64_t)owner + 1) << 32 | number;
}

uint32_t dictionary_known_stale(const struct dictionary *d, uint32_t number, unsigned owner)
{
	uint32_t stale;

	if ((d->entries[number].newest >> owner & 1) == 0)
		return number;
	return map_get(&d->stale, stale_key(number, owner), &stale) ? stale : NONE;
}

uint32_t dictionary_stale(struct dictionary *d, uint32_t number, unsigned owner)
{
	uint32_t count, stale = dictionary_known_stale(d, number, owner);
	uint32_t *copy;

	if (stale != NONE)
		return stale;
	count = d->entries[number].count;
	copy = malloc(count * sizeof(*copy));
	if (!copy)
		return NONE;
	memcpy(copy, d->words + d->entries[number].at, count * sizeof(*copy));
	tags_make_stale(copy, count, owner, d->versions);
	stale = dictionary_intern(d, copy, count);
	free(copy);
	return stale == NONE || !map_put(&d->stale, stale_key(number, owner), stale) ? NONE : stale;
}

void dictionary_free(struct dictionary *d)
{
	free(d->entries);
	free(d->words);
	free(d->table);
	map_free(&d->stale);
	*d = (struct dictionary){.versions = d->versions};
}

size_t dictionary_memory(const struct dictionary *d)
{
	return d->capacity * sizeof(*d->entries) + d->words_capacity * sizeof(*d->words) +
	       d->table_size * sizeof(*d->table) + map_memory(&d->stale);
}
