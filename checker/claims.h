/* SPDX-License-Identifier: MIT */
/*
 * States found while a chunk of states is expanded, and who was first to find each: not in time, but in the order of a
 * sequential search. A claim is a place in that order; the least claim of a root wins.
 */
#ifndef LAZYSWITCH_CHECKER_CLAIMS_H
#define LAZYSWITCH_CHECKER_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checker/sync.h"

/* The state that was expanded, by its place in the chunk, and the number of the step. */
enum { CLAIM_STEP_BITS = 19, CLAIM_STEPS_MAX = (1 << CLAIM_STEP_BITS) - 2 };
#define CLAIM_NONE UINT64_MAX

static inline uint64_t claim_make(uint64_t place, uint32_t step)
{
	return place << CLAIM_STEP_BITS | step;
}

static inline uint64_t claim_place(uint64_t claim)
{
	return claim >> CLAIM_STEP_BITS;
}

static inline uint32_t claim_step(uint64_t claim)
{
	return (uint32_t)claim & ((1u << CLAIM_STEP_BITS) - 1);
}

struct claim_slot {
	uint64_t root;  /* UINT64_MAX: empty; no root is that */
	uint64_t claim; /* the least so far */
};

struct claims {
	struct claim_slot *slots;
	unsigned bits;
};

/* Room for 1 << bits, of which half are used well. Returns false when out of memory. */
bool claims_init(struct claims *claims, unsigned bits);
void claims_free(struct claims *claims);
size_t claims_bytes(unsigned bits);

enum { CLAIMS_LOST = -1, CLAIMS_FULL = -2 };

static inline size_t claims_place(const struct claims *claims, uint64_t root)
{
	uint64_t hash = root * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)((hash ^ hash >> 32) * UINT64_C(0xd6e8feb86659fd93) >> (64 - claims->bits));
}

/* Fetches what claiming the root will need. */
static inline void claims_fetch(const struct claims *claims, uint64_t root)
{
	SYNC_FETCH(&claims->slots[claims_place(claims, root)]);
}

/*
 * Claims a root. Returns the slot if nobody has a lesser claim now (somebody may come), CLAIMS_LOST, or CLAIMS_FULL. The
 * same claim may be made again. Any number of threads.
 */
int64_t claims_add(struct claims *claims, uint64_t root, uint64_t claim);

/* Whose claim it is, and emptying a slot; not while others add. */
static inline uint64_t claims_winner(const struct claims *claims, uint32_t slot)
{
	return claims->slots[slot].claim;
}

static inline void claims_clear(struct claims *claims, uint32_t slot)
{
	claims->slots[slot] = (struct claim_slot){UINT64_MAX, CLAIM_NONE};
}

void claims_clear_all(struct claims *claims);

#endif
