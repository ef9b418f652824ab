/* SPDX-License-Identifier: MIT */
#include "checker/keyset.h"

#include <stdlib.h>

#include <ck_pr.h>

#include "checker/pages.h"
#include "checker/sync.h"

struct keyset keyset_shape(unsigned bucket_bits, unsigned left_bits, unsigned right_bits)
{
	unsigned key_bits = left_bits + right_bits;
	struct keyset set = {.bucket_bits = bucket_bits, .left_bits = left_bits, .right_bits = right_bits};

	set.key_bits = key_bits > bucket_bits ? key_bits : bucket_bits;
	set.remainder_bits = set.key_bits - bucket_bits;
	set.half_bits = (set.key_bits + 1) / 2;
	set.key_mask = UINT64_MAX >> (64 - set.key_bits);
	set.entry_bits = set.remainder_bits + KEYSET_FUNCTION_BITS;
	set.per_word = 64 / set.entry_bits;
	for (unsigned i = 0; i < set.per_word; i++)
		set.low |= UINT64_C(1) << i * set.entry_bits;
	set.high = set.low << (set.entry_bits - 1);
	return set;
}

bool keyset_allocate(struct keyset *set)
{
	set->words = pages_new(keyset_bytes(set->bucket_bits));
	return set->words;
}

void keyset_free(struct keyset *set)
{
	pages_free(set->words, keyset_bytes(set->bucket_bits));
	*set = (struct keyset){0};
}

uint64_t keyset_room(const struct keyset *set)
{
	return (uint64_t)set->per_word * KEYSET_BUCKET_WORDS << set->bucket_bits;
}

/*
 * With seven eighths full, about one key in ten is not where its first function says, in buckets of 24; small buckets are
 * full sooner.
 */
uint64_t keyset_comfort(const struct keyset *set)
{
	return set->per_word > 1 ? keyset_room(set) / 8 * 7 : keyset_room(set) / 4 * 3;
}

static uint64_t key_of(const struct keyset *set, uint64_t root)
{
	return set->right_bits == 0 ? root : root >> 32 << set->right_bits | (uint32_t)root;
}

static uint64_t root_of(const struct keyset *set, uint64_t key)
{
	if (set->right_bits == 0)
		return key;
	return key >> set->right_bits << 32 | (key & ((UINT64_C(1) << set->right_bits) - 1));
}

/* Odd, so that multiplication modulo a power of two can be undone; and their inverses modulo 2^64. */
#define MULTIPLY_1 UINT64_C(0xd6e8feb86659fd93)
#define MULTIPLY_2 UINT64_C(0x9e3779b97f4a7c15)
#define STEP       UINT64_C(0xa0761d6478bd642f)

static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd; /* right in the lowest three bits; each round doubles that (Newton) */

	for (unsigned i = 0; i < 5; i++)
		x *= 2 - odd * x;
	return x;
}

/* Shifting twice by half the bits or more leaves nothing: this undoes itself. */
static inline uint64_t fold(const struct keyset *set, uint64_t x)
{
	return x ^ x >> set->half_bits;
}

static inline uint64_t scramble(const struct keyset *set, uint64_t key, unsigned function)
{
	uint64_t x = (key + function * STEP) & set->key_mask;

	x = fold(set, x) * MULTIPLY_1 & set->key_mask;
	x = fold(set, x) * MULTIPLY_2 & set->key_mask;
	return fold(set, x);
}

static uint64_t unscramble(const struct keyset *set, uint64_t x, unsigned function)
{
	x = fold(set, x) * inverse(MULTIPLY_2) & set->key_mask;
	x = fold(set, x) * inverse(MULTIPLY_1) & set->key_mask;
	return (fold(set, x) - function * STEP) & set->key_mask;
}

/* Where a scrambled key goes, and what is stored there. */
static uint64_t *bucket_of(const struct keyset *set, uint64_t scrambled)
{
	uint64_t bucket = set->bucket_bits == 0 ? 0 : scrambled >> set->remainder_bits;

	return set->words + bucket * KEYSET_BUCKET_WORDS;
}

static uint64_t entry_of(const struct keyset *set, uint64_t scrambled, unsigned function)
{
	uint64_t remainder = scrambled & ((UINT64_C(1) << set->remainder_bits) - 1);

	return (uint64_t)(function + 1) << set->remainder_bits | remainder;
}

/*
 * The highest bit of entries of a word that are zero (Mycroft): certainly of the lowest such entry, and of no entry below
 * it; nothing if none is.
 */
static inline uint64_t zeros(const struct keyset *set, uint64_t word)
{
	return (word - set->low) & ~word & set->high;
}

uint64_t keyset_fetch(const struct keyset *set, uint64_t root)
{
	uint64_t scrambled = scramble(set, key_of(set, root), 0);

	__builtin_prefetch(bucket_of(set, scrambled));
	return scrambled;
}

void keyset_fetch_to_add(const struct keyset *set, uint64_t root)
{
	SYNC_FETCH(bucket_of(set, scramble(set, key_of(set, root), 0)));
}

/* Compilers make of this what the machine has for several words at once. */
typedef uint64_t vector __attribute__((vector_size(2 * sizeof(uint64_t))));
enum { BUCKET_VECTORS = KEYSET_BUCKET_WORDS / 2 };

/* Is there such an entry in the bucket? */
static inline bool holds(const struct keyset *set, const uint64_t *bucket, uint64_t entry)
{
	const vector *words = (const vector *)(const void *)bucket, low = {set->low, set->low},
	             everywhere = {entry * set->low, entry * set->low};
	vector found = {0, 0};

	for (unsigned i = 0; i < BUCKET_VECTORS; i++) {
		vector x = words[i] ^ everywhere;

		found |= (x - low) & ~x;
	}
	return ((found[0] | found[1]) & set->high) != 0;
}

/* Entries fill a bucket from its first word on. */
static inline bool is_full(const struct keyset *set, const uint64_t *bucket)
{
	return zeros(set, bucket[KEYSET_BUCKET_WORDS - 1]) == 0;
}

/* Not where the first function says, and that bucket is full. */
static bool is_elsewhere(const struct keyset *set, uint64_t root)
{
	for (unsigned f = 1; f < KEYSET_FUNCTIONS; f++) {
		uint64_t scrambled = scramble(set, key_of(set, root), f);
		const uint64_t *bucket = bucket_of(set, scrambled);

		if (holds(set, bucket, entry_of(set, scrambled, f)))
			return true;
		if (!is_full(set, bucket))
			break;
	}
	return false;
}

/* Half of what is looked for is there, in no order that could be predicted: the list grows by one or by nothing. */
unsigned keyset_missing(const struct keyset *set, const uint64_t *roots, const uint64_t *fetched, unsigned n,
                        unsigned *missing)
{
	unsigned n_missing = 0;

	for (unsigned i = 0; i < n; i++) {
		const uint64_t *bucket = bucket_of(set, fetched[i]);
		unsigned there = holds(set, bucket, entry_of(set, fetched[i], 0));

		if (!there & is_full(set, bucket))
			there = is_elsewhere(set, roots[i]);
		missing[n_missing] = i;
		n_missing += !there;
	}
	return n_missing;
}

/*
 * A word is only ever changed from one with an empty entry to one with that entry filled, by a compare-and-swap, so that
 * no entry is lost. Nothing else is published with it, and nobody reads before the phase ends: no fence is needed.
 */
bool keyset_add(struct keyset *set, uint64_t root)
{
	uint64_t key = key_of(set, root);

	for (unsigned f = 0; f < KEYSET_FUNCTIONS; f++) {
		uint64_t scrambled = scramble(set, key, f), entry = entry_of(set, scrambled, f);
		uint64_t *bucket = bucket_of(set, scrambled);

		for (unsigned i = 0; i < KEYSET_BUCKET_WORDS; i++) {
			uint64_t word = ck_pr_load_64(&bucket[i]), empty;

			while ((empty = zeros(set, word)) != 0) {
				unsigned shift = (unsigned)__builtin_ctzll(empty) - (set->entry_bits - 1);

				if (ck_pr_cas_64_value(&bucket[i], word, word | entry << shift, &word))
					return true;
			}
		}
	}
	return false;
}

void keyset_each(const struct keyset *set, uint64_t first, uint64_t end,
                 void (*visit)(void *arg, uint64_t root), void *arg)
{
	uint64_t mask = UINT64_MAX >> (64 - set->entry_bits);

	for (uint64_t i = first * KEYSET_BUCKET_WORDS; i < end * KEYSET_BUCKET_WORDS; i++) {
		for (uint64_t word = set->words[i], n = 0; n < set->per_word; n++) {
			uint64_t entry = word >> n * set->entry_bits & mask;
			uint64_t remainder = entry & ((UINT64_C(1) << set->remainder_bits) - 1);
			uint64_t scrambled = i / KEYSET_BUCKET_WORDS << set->remainder_bits | remainder;

			if (entry == 0)
				break; /* entries fill a word from below */
			visit(arg, root_of(set, unscramble(set, scrambled,
			                                   (unsigned)(entry >> set->remainder_bits) - 1)));
		}
	}
}
