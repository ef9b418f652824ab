/* SPDX-License-Identifier: MIT */
/*
 * Numbers for 64-bit keys: equal keys have equal numbers, from 0 up. Several threads may ask at once, and add;
 * whoever grows it must be alone.
 */
#ifndef LAZYSWITCH_CHECKER_INTERN_H
#define LAZYSWITCH_CHECKER_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No key is that. */
#define INTERN_NO_KEY UINT64_MAX

/* A key beside its number, so that looking for it costs one cache line. Zeroed: empty. */
struct intern_slot {
	uint64_t not_key; /* its complement */
	uint32_t number;  /* plus 1; 0: whoever finds the key gives it one */
};

struct intern {
	uint64_t *keys; /* by number */
	struct intern_slot *table;
	uint32_t capacity; /* of `keys` */
	unsigned bits;     /* 1 << bits slots */
	/* What threads write is apart from what they read. */
	uint8_t apart[64];
	uint32_t count; /* numbers given out; may run ahead of `capacity` */
	uint8_t from_the_next[60];
};

enum { INTERN_FULL = -1 };

/* An empty one. Returns false when out of memory; then there is nothing to be freed. */
bool intern_init(struct intern *in);
void intern_free(struct intern *in);

static inline size_t intern_place(uint64_t key, unsigned bits)
{
	/* Both halves of a pair count, and lanes whose fields differ in a few bits anywhere. */
	key *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)((key ^ key >> 32) * UINT64_C(0xd6e8feb86659fd93) >> (64 - bits));
}

/* Fetches what asking for the key will need. */
static inline void intern_prefetch(const struct intern *in, uint64_t key)
{
	__builtin_prefetch(&in->table[intern_place(key, in->bits)]);
}

/* The key's number, or INTERN_FULL. Any number of threads. */
int64_t intern_number(struct intern *in, uint64_t key);

/* How many keys there are, or a few more: numbers may be left unused. */
static inline uint32_t intern_count(const struct intern *in)
{
	return in->count < in->capacity ? in->count : in->capacity;
}

/* Is that a key's number? */
static inline bool intern_known(const struct intern *in, uint32_t number)
{
	return number < intern_count(in) && in->keys[number] != INTERN_NO_KEY;
}

/*
 * Gives the next number, which is `number`, to a key, or to none if it is INTERN_NO_KEY; there is room. Returns false if the
 * key has one. Alone; for whoever fills a table from elsewhere.
 */
bool intern_put(struct intern *in, uint32_t number, uint64_t key);

/* Is it so full that it should grow before many more are added? */
bool intern_crowded(const struct intern *in);

/* Twice the room; numbers stay. Alone. Returns false when out of memory: then nothing has changed. */
bool intern_grow(struct intern *in);

/* Bytes in use, and the bytes that growing needs beside them. */
size_t intern_bytes(const struct intern *in);
size_t intern_growth(const struct intern *in);

#endif
