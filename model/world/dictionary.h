/* SPDX-License-Identifier: MIT */
/*
 * Interned slot contents: equal contents have equal numbers, so that a state is a
 * vector of small integers (collapse compression, Holzmann 1997). Trailing zeros
 * are not stored.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_DICTIONARY_H
#define LAZYSWITCH_MODEL_WORLD_DICTIONARY_H

#include "map.h"

struct dictionary_entry {
	uint64_t newest; /* owners that have data in it that can grow older, a bit set */
	uint64_t hash;
	size_t at; /* in words */
	uint32_t count;
};

struct dictionary {
	struct dictionary_entry *entries;
	uint32_t n, capacity;
	uint32_t *words;
	size_t n_words, words_capacity;
	uint32_t *table; /* hash table of entry numbers plus 1 */
	uint32_t table_size;
	unsigned versions; /* old ones that are told apart; 0 is 1; stays when the dictionary is freed */
	struct map stale;  /* (number, owner) -> number of the same with the owner's newest data made old */
};

/* The number of some contents. Returns UINT32_MAX when out of memory. */
uint32_t dictionary_intern(struct dictionary *d, const uint32_t *words, uint32_t count);

/* The contents of a number: *count words, what follows is zero. Valid until the next call that interns. */
const uint32_t *dictionary_words(const struct dictionary *d, uint32_t number, uint32_t *count);

/* The number of the same contents with `owner`'s data made older. Returns UINT32_MAX when out of memory. */
uint32_t dictionary_stale(struct dictionary *d, uint32_t number, unsigned owner);
/* The same if it was asked for before; otherwise UINT32_MAX. Any number of threads. */
uint32_t dictionary_known_stale(const struct dictionary *d, uint32_t number, unsigned owner);

void dictionary_free(struct dictionary *d);
size_t dictionary_memory(const struct dictionary *d);

#endif
