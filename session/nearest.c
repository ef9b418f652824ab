/* SPDX-License-Identifier: MIT */
#include "nearest.h"

#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 63 };

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Levenshtein's: insertions, deletions and replacements that turn one into the other. */
static unsigned edit_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned row[WORD_MAX + 1];

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned replace = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = min(replace, min(row[j], row[j - 1]) + 1);
		}
	}
	return row[m];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	unsigned distance = edit_distance(nearest->word, candidate);

	if (distance > 1 + strlen(candidate) / 4 || distance >= strlen(candidate))
		return;
	if (!nearest->best || distance < nearest->distance) {
		nearest->best = candidate;
		nearest->distance = distance;
	}
}

const char *nearest_hint(const struct nearest *nearest, char *buf, size_t size)
{
	if (nearest->best)
		(void)snprintf(buf, size, "; did you mean '%s'?", nearest->best);
	else
		(void)snprintf(buf, size, "%s", "");
	return buf;
}
