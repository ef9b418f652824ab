/* SPDX-License-Identifier: MIT */
/*
 * The visited set: exact, of keys that are roots of a tree (tree.h), in few bits each (after Cleary 1984, "Compact hash
 * tables using bidirectional linear probing", but with buckets and several hash functions in place of probing).
 *
 * A key of k bits is scrambled by an invertible function; the upper bits of the result name a bucket of one cache line,
 * and only the lower ones, the remainder, are stored. Bucket and remainder give back the key, so nothing is lost. A key
 * whose bucket is full goes to the bucket that the next function names; an entry says which function put it there.
 *
 * To look for keys and to add them are different phases of a search: any number of threads may do either, but not both at
 * once, and whoever adds knows that no other adds the same key.
 */
#ifndef LAZYSWITCH_CHECKER_KEYSET_H
#define LAZYSWITCH_CHECKER_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KEYSET_BUCKET_WORDS = 8,
	KEYSET_FUNCTIONS = 7, /* 0 to 6; an entry's upper three bits are one more, so that it is not 0 */
	KEYSET_FUNCTION_BITS = 3,
	KEYSET_BUCKET_BITS_MIN = 4,
	KEYSET_BUCKET_BITS_MAX = 40,
};

struct keyset {
	uint64_t *words; /* [buckets * KEYSET_BUCKET_WORDS] */
	unsigned bucket_bits;
	unsigned left_bits, right_bits, key_bits; /* key_bits: their sum, or bucket_bits if that is more */
	unsigned remainder_bits, entry_bits, per_word;
	unsigned half_bits; /* of a key, rounded up */
	uint64_t key_mask;
	uint64_t low, high; /* the lowest and the highest bit of each entry in a word */
	uint64_t count;
};

/*
 * The shape of a set of 1 << bucket_bits buckets for roots whose halves have so many bits. The set has no memory yet, but
 * keyset_room() tells.
 */
struct keyset keyset_shape(unsigned bucket_bits, unsigned left_bits, unsigned right_bits);
/* Gives it memory: it is empty. Returns false when out of memory. */
bool keyset_allocate(struct keyset *set);
/* A zeroed one may be freed. */
void keyset_free(struct keyset *set);

/* The bytes of a set of so many buckets. */
static inline size_t keyset_bytes(unsigned bucket_bits)
{
	return sizeof(uint64_t) * KEYSET_BUCKET_WORDS << bucket_bits;
}

/* How many entries it has room for, and how many it may hold before looking for keys becomes slow. */
uint64_t keyset_room(const struct keyset *set);
uint64_t keyset_comfort(const struct keyset *set);

/* Is the root one that the set's keys have bits for? Of several roots: the bits of all. */
static inline bool keyset_fits(const struct keyset *set, uint64_t root)
{
	if (set->right_bits == 0)
		return root >> set->left_bits == 0;
	return root >> 32 >> set->left_bits == 0 && (uint32_t)root >> (set->right_bits - 1) >> 1 == 0;
}

/*
 * Looking for roots takes two steps, with time between them for the memory: keyset_fetch() returns what is wanted back.
 */
uint64_t keyset_fetch(const struct keyset *set, uint64_t root);

/*
 * Which of n roots are not there: their places among these, in order, go to `missing` (which has room for n). Returns how
 * many they are. `fetched` is what keyset_fetch() returned for each.
 */
unsigned keyset_missing(const struct keyset *set, const uint64_t *roots, const uint64_t *fetched, unsigned n,
                        unsigned *missing);

/* Fetches what adding the root will need. */
void keyset_fetch_to_add(const struct keyset *set, uint64_t root);

/*
 * Adds a root that is not there. Returns false if no function finds a place; the count is the caller's to keep.
 */
bool keyset_add(struct keyset *set, uint64_t root);

/* Calls visit for the root of every entry of buckets first to end - 1. */
void keyset_each(const struct keyset *set, uint64_t first, uint64_t end,
                 void (*visit)(void *arg, uint64_t root), void *arg);

#endif
