/* SPDX-License-Identifier: MIT */
#include "checker/ancestry.h"

#include <stdlib.h>

enum { BLOCK_BITS = 1 << 12, EXCEPTION = ANCESTRY_STEP_MAX + 1, BITS_MIN = 1 << 16 };

void ancestry_free(struct ancestry *a)
{
	for (size_t i = 0; i < a->segments; i++)
		free(a->steps[i]);
	free(a->steps);
	free(a->bits);
	free(a->ones);
	free(a->exceptions);
	*a = (struct ancestry){0};
}

/* The next size of an array: it grows by an eighth, so that little is wasted. */
static uint64_t larger(uint64_t size, uint64_t wanted)
{
	uint64_t next = size + size / 8;

	next = next > wanted ? next : wanted;
	return (next / BITS_MIN + 1) * BITS_MIN;
}

static size_t segments_for(uint64_t children)
{
	return (size_t)((children + (1u << ANCESTRY_SEGMENT_BITS) - 1) >> ANCESTRY_SEGMENT_BITS);
}

static bool reserve_bits(struct ancestry *a, uint64_t wanted)
{
	uint64_t size = larger(a->bits_size, wanted);
	uint64_t *bits, *ones;

	if (wanted <= a->bits_size)
		return true;
	bits = realloc(a->bits, size / 8);
	if (bits)
		a->bits = bits;
	ones = realloc(a->ones, size / BLOCK_BITS * sizeof(*ones));
	if (ones)
		a->ones = ones;
	if (!bits || !ones)
		return false;
	for (uint64_t i = a->bits_size / 64; i < size / 64; i++)
		bits[i] = 0;
	a->bits_size = size;
	return true;
}

bool ancestry_reserve(struct ancestry *a, uint64_t parents, uint64_t children)
{
	size_t segments = segments_for(a->total_ones + children);

	if (!reserve_bits(a, a->n_bits + parents + children))
		return false;
	if (segments > a->segments_size) {
		size_t size = segments * 2;
		uint8_t **steps = realloc(a->steps, size * sizeof(*steps));

		if (!steps)
			return false;
		a->steps = steps;
		a->segments_size = size;
	}
	for (; a->segments < segments; a->segments++) {
		a->steps[a->segments] = malloc((size_t)1 << ANCESTRY_SEGMENT_BITS);
		if (!a->steps[a->segments])
			return false;
	}
	return true;
}

size_t ancestry_growth(const struct ancestry *a, uint64_t parents, uint64_t children)
{
	uint64_t wanted = a->n_bits + parents + children;
	size_t bytes = (segments_for(a->total_ones + children) - a->segments) << ANCESTRY_SEGMENT_BITS;

	/* The array is copied: for a moment there are two. */
	return wanted > a->bits_size ? bytes + (size_t)(larger(a->bits_size, wanted) / 8) : bytes;
}

void ancestry_append(struct ancestry *a, unsigned bit)
{
	if (a->n_bits % BLOCK_BITS == 0)
		a->ones[a->n_bits / BLOCK_BITS] = a->total_ones;
	a->bits[a->n_bits / 64] |= (uint64_t)bit << a->n_bits % 64;
	a->n_bits++;
	a->total_ones += bit;
}

void ancestry_parent(struct ancestry *a, uint32_t children)
{
	unsigned used = a->n_bits % 64;

	/* Nearly always all in a word that is begun already, and so in no new block. */
	if (used != 0 && children < 64 - used) {
		a->bits[a->n_bits / 64] |= ((UINT64_C(1) << children) - 1) << used;
		a->n_bits += children + 1;
		a->total_ones += children;
		return;
	}
	for (uint32_t i = 0; i < children; i++)
		ancestry_append(a, 1);
	ancestry_append(a, 0);
}

static uint8_t *step_of(const struct ancestry *a, uint64_t child)
{
	return &a->steps[(child - 1) >> ANCESTRY_SEGMENT_BITS]
	                [(child - 1) & ((1u << ANCESTRY_SEGMENT_BITS) - 1)];
}

bool ancestry_step(struct ancestry *a, uint64_t child, uint32_t step)
{
	*step_of(a, child) = (uint8_t)(step <= ANCESTRY_STEP_MAX ? step : EXCEPTION);
	return step <= ANCESTRY_STEP_MAX;
}

bool ancestry_exception(struct ancestry *a, uint64_t child, uint32_t step)
{
	if (a->n_exceptions == a->exceptions_size) {
		size_t size = a->exceptions_size ? 2 * a->exceptions_size : 16;
		struct ancestry_exception *exceptions = realloc(a->exceptions, size * sizeof(*exceptions));

		if (!exceptions)
			return false;
		a->exceptions = exceptions;
		a->exceptions_size = size;
	}
	a->exceptions[a->n_exceptions++] = (struct ancestry_exception){child, step};
	return true;
}

bool ancestry_sound(const struct ancestry *a)
{
	size_t n = 0;

	for (uint64_t child = 1; child <= a->total_ones; child++) {
		if (*step_of(a, child) == EXCEPTION &&
		    (n == a->n_exceptions || a->exceptions[n++].child != child))
			return false;
	}
	return n == a->n_exceptions;
}

static uint32_t find_exception(const struct ancestry *a, uint64_t child)
{
	size_t low = 0, high = a->n_exceptions;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (a->exceptions[middle].child <= child)
			low = middle;
		else
			high = middle;
	}
	return a->exceptions[low].step;
}

/* The place of one number `which`, counted from 1. */
static uint64_t find_one(const struct ancestry *a, uint64_t which)
{
	uint64_t low = 0, high = (a->n_bits + BLOCK_BITS - 1) / BLOCK_BITS, before, at;

	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;

		if (a->ones[middle] < which)
			low = middle;
		else
			high = middle;
	}
	before = a->ones[low];
	at = low * BLOCK_BITS / 64;
	while (before + (unsigned)__builtin_popcountll(a->bits[at]) < which)
		before += (unsigned)__builtin_popcountll(a->bits[at++]);
	for (uint64_t word = a->bits[at];; word &= word - 1) {
		if (++before == which)
			return at * 64 + (unsigned)__builtin_ctzll(word);
	}
}

uint64_t ancestry_of(const struct ancestry *a, uint64_t child, uint32_t *step)
{
	uint8_t byte = *step_of(a, child);

	*step = byte != EXCEPTION ? byte : find_exception(a, child);
	/* The zeros before the child's one end the children of earlier states. */
	return find_one(a, child) - (child - 1);
}

size_t ancestry_bytes(const struct ancestry *a)
{
	return (size_t)(a->bits_size / 8 + a->bits_size / BLOCK_BITS * sizeof(*a->ones)) +
	       (a->segments << ANCESTRY_SEGMENT_BITS) + a->segments_size * sizeof(*a->steps) +
	       a->exceptions_size * sizeof(*a->exceptions);
}
