/* SPDX-License-Identifier: MIT */
/*
 * The set of visited states: every state is stored once, gets a number, and
 * remembers from which state it was first reached. Numbers are dense and given
 * in order of insertion, so that a breadth-first search needs no other queue.
 *
 * Exact: states are compared word by word; hashes only say where to look. Words
 * that are small, as they mostly are, take one or two bytes.
 */
#ifndef LAZYSWITCH_CHECKER_STORE_H
#define LAZYSWITCH_CHECKER_STORE_H

#include <stddef.h>
#include <stdint.h>

struct store;

/* As many states as the table can number; store_limit() cannot raise it. */
#define STORE_STATES_MAX (UINT64_C(3) << 30)

enum store_status {
	STORE_FOUND,        /* the state was there already */
	STORE_ADDED,        /* the state is new */
	STORE_STATE_LIMIT,  /* the state is new, but the store holds as many as it may */
	STORE_MEMORY_LIMIT, /* the state is new, but needs more bytes than the store may have */
	STORE_NO_MEMORY,    /* the state is new, but malloc failed */
};

/* An empty store for vectors of `words` (at least 1) words, without limits; NULL if out of memory. */
struct store *store_new(size_t words);

/* Releases the store; NULL is allowed. */
void store_free(struct store *store);

/* Sets how many states and how many bytes the store may hold from now on; it never gives back what it has. */
void store_limit(struct store *store, uint64_t states, size_t bytes);

/*
 * Looks for a vector and adds a copy of it, with this parent, if it is new.
 * STORE_FOUND and STORE_ADDED set *id; after any other status the store is as
 * it was, and remains usable.
 */
enum store_status store_find_or_add(struct store *store, const uint32_t *vector, uint32_t parent,
                                    uint32_t *id);

/* How many states there are; their numbers are 0 to count - 1. */
uint64_t store_count(const struct store *store);

/* Copies the vector of a state to `vector`. */
void store_read(const struct store *store, uint32_t id, uint32_t *vector);

/* The state from which this one was first reached. */
uint32_t store_parent(const struct store *store, uint32_t id);

/* Bytes requested from malloc and not yet freed, now and at most so far. */
size_t store_bytes(const struct store *store);
size_t store_bytes_peak(const struct store *store);

#endif
