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

struct intern {
	uint64_t *keys;    /* by number */
	uint32_t *table;   /* number plus 1; 0: empty */
	uint32_t count;    /* numbers given out; may run ahead of `capacity` */
	uint32_t capacity; /* of `keys` */
	unsigned bits;     /* 1 << bits places in the table */
};

enum { INTERN_FULL = -1 };

/* An empty one. Returns false when out of memory; then there is nothing to be freed. */
bool intern_init(struct intern *in);
void intern_free(struct intern *in);

/* The key's number, or INTERN_FULL. Any number of threads. */
int64_t intern_number(struct intern *in, uint64_t key);

/* How many keys there are. */
static inline uint32_t intern_count(const struct intern *in)
{
	return in->count < in->capacity ? in->count : in->capacity;
}

/* Is it so full that it should grow before many more are added? */
bool intern_crowded(const struct intern *in);

/* Twice the room; numbers stay. Alone. Returns false when out of memory: then nothing has changed. */
bool intern_grow(struct intern *in);

/* Bytes in use, and the bytes that growing needs beside them. */
size_t intern_bytes(const struct intern *in);
size_t intern_growth(const struct intern *in);

#endif
