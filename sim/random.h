/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same everywhere: SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"). */
#ifndef LAZYSWITCH_SIM_RANDOM_H
#define LAZYSWITCH_SIM_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* A stream of its own for each `name`. */
static inline uint64_t random_stream(uint64_t seed, uint64_t name)
{
	uint64_t state = seed ^ (name + 1) * UINT64_C(0xd6e8feb86659fd93);

	return random_next(&state);
}

/* Below n, which is not 0, each number as often as the others. */
static inline uint64_t random_below(uint64_t *state, uint64_t n)
{
	uint64_t limit = UINT64_MAX - UINT64_MAX % n, x;

	do
		x = random_next(state);
	while (x >= limit);
	return x % n;
}

#endif
