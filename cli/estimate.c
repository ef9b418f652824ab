/* SPDX-License-Identifier: MIT */
#include "estimate.h"

#include <math.h>

/*
 * Ratios are taken over two levels, and how they change over four: single levels are uneven. A search whose levels do not
 * shrink faster and faster is taken to end some day all the same.
 */
enum { SPAN = 2, APART = 4, LEVELS_MAX = 10000 };
#define FACTOR_MAX 0.999

/* Of one level to the one before, on average, up to level `last`. */
static double ratio(const uint64_t *levels, size_t last)
{
	return sqrt((double)levels[last] / (double)levels[last - SPAN]);
}

double estimate_states_left(const uint64_t *levels, size_t n, uint64_t expanded)
{
	double factor, next, size, left = 0, begun = 0;

	if (n <= SPAN + APART || levels[n - 1] >= levels[n - 2] || levels[n - 2] >= levels[n - 3])
		return -1;
	for (size_t i = 0; i < n; i++)
		begun += (double)levels[i];
	factor = pow(ratio(levels, n - 1) / ratio(levels, n - 1 - APART), 1.0 / APART);
	factor = factor < FACTOR_MAX ? factor : FACTOR_MAX;
	/* The ratio is that of the middle of its span; the next one is behind its end. */
	next = ratio(levels, n - 1) * pow(factor, (SPAN + 1) / 2.0);
	size = (double)levels[n - 1] * next;
	for (unsigned i = 0; i < LEVELS_MAX && size >= 0.5; i++) {
		left += size;
		next *= factor;
		size *= next;
	}
	return left + begun - (double)expanded;
}
