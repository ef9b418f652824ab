/* SPDX-License-Identifier: MIT */
/*
 * Numbers for pairs of 64-bit words: equal keys have equal numbers, from 0 up. Several threads may ask at once, and add;
 * whoever grows it must be alone.
 */
#ifndef LAZYSWITCH_CHECKER_INTERN_H
#define LAZYSWITCH_CHECKER_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ck_pr.h>

struct intern_key {
	uint64_t a, b;
};

/* The first word of what is no key. */
#define INTERN_NO_KEY UINT64_MAX

struct intern {
	struct intern_key *keys; /* by number */
	uint64_t *table;         /* a key's tag in the upper half, its number plus 1 in the lower; 0: empty */
	uint32_t capacity;       /* of `keys` */
	unsigned bits;           /* 1 << bits places in the table */
	/* What threads write is apart from what they read. */
	uint8_t apart[64];
	uint32_t count; /* numbers given out; may run ahead of `capacity` */
	uint8_t from_the_next[60];
};

enum { INTERN_FULL = -1 };

/* An empty one. Returns false when out of memory; then there is nothing to be freed. */
bool intern_init(struct intern *in);
void intern_free(struct intern *in);

/* 32 bits of a key's hash: its upper bits say where to look, and nearly all keys there that have the same tag are the same. */
static inline uint32_t intern_tag(struct intern_key key)
{
	uint64_t hash = key.a * UINT64_C(0x9e3779b97f4a7c15) ^ (key.b + 1) * UINT64_C(0xd6e8feb86659fd93);

	return (uint32_t)((hash ^ hash >> 32) * UINT64_C(0xa0761d6478bd642f) >> 32);
}

static inline size_t intern_place(const struct intern *in, uint32_t tag)
{
	return tag >> (32 - in->bits);
}

/*
 * Looking for a key takes three steps, with time between them for the memory: fetch the place; guess the number from what
 * stands there, and fetch that one's key; make sure. UINT32_MAX: there is no guess.
 */
static inline void intern_prefetch(const struct intern *in, uint32_t tag)
{
	__builtin_prefetch(&in->table[intern_place(in, tag)]);
}

static inline uint32_t intern_guess(const struct intern *in, uint32_t tag)
{
	uint64_t entry = ck_pr_load_64(&in->table[intern_place(in, tag)]);

	if (entry >> 32 != tag || entry == 0)
		return UINT32_MAX;
	__builtin_prefetch(&in->keys[(uint32_t)entry - 1]);
	return (uint32_t)entry - 1;
}

/* The key's number, or INTERN_FULL. Any number of threads. */
int64_t intern_search(struct intern *in, struct intern_key key, uint32_t tag);

/* A key's words are read one by one: they are written before its number can be found, and never again. */
static inline bool intern_is(const struct intern *in, uint32_t number, struct intern_key key)
{
	const struct intern_key *known = &in->keys[number];

	return ck_pr_load_64(&known->a) == key.a && ck_pr_load_64(&known->b) == key.b;
}

/* The same; `guess` is intern_guess()'s, or UINT32_MAX. */
static inline int64_t intern_number(struct intern *in, struct intern_key key, uint32_t tag, uint32_t guess)
{
	return guess != UINT32_MAX && intern_is(in, guess, key) ? guess : intern_search(in, key, tag);
}

/* How many keys there are, or a few more: numbers may be left unused. */
static inline uint32_t intern_count(const struct intern *in)
{
	return in->count < in->capacity ? in->count : in->capacity;
}

/* Is that a key's number? */
static inline bool intern_known(const struct intern *in, uint64_t number)
{
	return number < intern_count(in) && in->keys[number].a != INTERN_NO_KEY;
}

/*
 * Gives the next number, which is `number`, to a key, or to none if its first word is INTERN_NO_KEY; there is room. Returns
 * false if the key has one. Alone; for whoever fills a table from elsewhere.
 */
bool intern_put(struct intern *in, uint32_t number, struct intern_key key);

/* Marks the numbers that were left unused as nobody's. Alone. */
void intern_tidy(struct intern *in);

/* Is it so full that it should grow before many more are added? */
bool intern_crowded(const struct intern *in);

/* Twice the room; numbers stay. Alone. Returns false when out of memory: then nothing has changed. */
bool intern_grow(struct intern *in);

/* Bytes in use, and the bytes that growing needs beside them. */
size_t intern_bytes(const struct intern *in);
size_t intern_growth(const struct intern *in);

#endif
