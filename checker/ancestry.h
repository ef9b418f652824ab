/* SPDX-License-Identifier: MIT */
/*
 * How every state was first reached: from which state, by which of its steps. States are numbered in the order of a
 * sequential breadth-first search, so that the children of a state are neighbours and parents never decrease: two bits a
 * state say who its parent is (for each parent in order, a one for each child and then a zero), and one byte, or seldom
 * more, which step led to it.
 */
#ifndef LAZYSWITCH_CHECKER_ANCESTRY_H
#define LAZYSWITCH_CHECKER_ANCESTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A step whose number does not fit into a byte. */
struct ancestry_exception {
	uint64_t child;
	uint32_t step;
};

enum { ANCESTRY_SEGMENT_BITS = 14, ANCESTRY_STEP_MAX = 254 };

struct ancestry {
	uint64_t *bits;
	uint64_t n_bits, bits_size; /* in bits */
	uint64_t *ones;             /* how many ones there are before each block of bits */
	uint64_t total_ones;
	uint8_t **steps; /* segments, by number of the child less 1 */
	size_t segments, segments_size;
	struct ancestry_exception *exceptions; /* in order of children */
	size_t n_exceptions, exceptions_size;
};

/* A zeroed one knows the initial state, number 0, alone. */
void ancestry_free(struct ancestry *a);

/* Room for `parents` more parents with `children` more children in all. Returns false when out of memory. */
bool ancestry_reserve(struct ancestry *a, uint64_t parents, uint64_t children);
size_t ancestry_growth(const struct ancestry *a, uint64_t parents, uint64_t children);

/* The next state has so many children, numbered from the next number on. Room was made. */
void ancestry_parent(struct ancestry *a, uint32_t children);

/* The same bit by bit: 1, the parent at hand has a child; 0, it has no more. */
void ancestry_append(struct ancestry *a, unsigned bit);

/* Has every step that does not fit into a byte its exception, and no other? For one that was read from a file. */
bool ancestry_sound(const struct ancestry *a);

/* Notes a child's step; several threads may, for different children. Returns false if it needs an exception. */
bool ancestry_step(struct ancestry *a, uint64_t child, uint32_t step);
/* Children in order. Returns false when out of memory. */
bool ancestry_exception(struct ancestry *a, uint64_t child, uint32_t step);

/* The parent of a state other than 0, and the number of the parent's step that led to it. */
uint64_t ancestry_of(const struct ancestry *a, uint64_t child, uint32_t *step);

size_t ancestry_bytes(const struct ancestry *a);

#endif
