/* SPDX-License-Identifier: MIT */
#include "checker/bitstate.h"

#include <ck_pr.h>
#include <xxhash.h>

#include "checker/pages.h"

enum { LINE_BITS = 64 * BITSTATE_LINE_WORDS };

bool bitstate_init(struct bitstate *bits, size_t bytes)
{
	size_t line = BITSTATE_LINE_WORDS * sizeof(*bits->words);

	if (bytes < BITSTATE_BYTES_MIN)
		bytes = BITSTATE_BYTES_MIN;
	*bits = (struct bitstate){.lines = bytes / line < UINT32_MAX ? bytes / line : UINT32_MAX};
	bits->words = pages_new(bitstate_bytes(bits), false);
	return bits->words;
}

void bitstate_free(struct bitstate *bits)
{
	pages_free(bits->words, bitstate_bytes(bits));
	*bits = (struct bitstate){0};
}

struct bitstate_key bitstate_key(const uint32_t *state, size_t words)
{
	XXH128_hash_t hash = XXH3_128bits(state, words * sizeof(*state));

	return (struct bitstate_key){hash.high64, hash.low64};
}

/* A multiplication spreads the upper bits of the hash over the lines, however many there are (Lemire 2019). */
static uint64_t *line_of(const struct bitstate *bits, struct bitstate_key key)
{
	return bits->words + ((key.line >> 32) * bits->lines >> 32) * BITSTATE_LINE_WORDS;
}

/* Nine bits of the key for each function. */
static unsigned bit_of(struct bitstate_key key, unsigned function)
{
	return (unsigned)(key.functions >> 9 * function) % LINE_BITS;
}

void bitstate_prefetch(const struct bitstate *bits, struct bitstate_key key)
{
	__builtin_prefetch(line_of(bits, key));
}

bool bitstate_contains(const struct bitstate *bits, struct bitstate_key key)
{
	const uint64_t *line = line_of(bits, key);

	for (unsigned f = 0; f < BITSTATE_FUNCTIONS; f++) {
		unsigned bit = bit_of(key, f);

		if ((line[bit / 64] >> bit % 64 & 1) == 0)
			return false;
	}
	return true;
}

/* Bits are only ever set, and looked at after the phase has ended: atomicity is all that is needed. */
void bitstate_add(struct bitstate *bits, struct bitstate_key key)
{
	uint64_t *line = line_of(bits, key);

	for (unsigned f = 0; f < BITSTATE_FUNCTIONS; f++) {
		unsigned bit = bit_of(key, f);

		ck_pr_or_64(&line[bit / 64], UINT64_C(1) << bit % 64);
	}
}

double bitstate_confusion(const struct bitstate *bits, struct bitstate_key key)
{
	const uint64_t *line = line_of(bits, key);
	double chance = 1;
	unsigned ones = 0;

	for (unsigned i = 0; i < BITSTATE_LINE_WORDS; i++)
		ones += (unsigned)__builtin_popcountll(line[i]);
	for (unsigned f = 0; f < BITSTATE_FUNCTIONS; f++)
		chance *= (double)ones / LINE_BITS;
	return chance;
}
