/* SPDX-License-Identifier: MIT */
/* "Did you mean ...?" */
#ifndef LAZYSWITCH_SESSION_NEAREST_H
#define LAZYSWITCH_SESSION_NEAREST_H

#include <stddef.h>

/* Begin with .best = NULL and .word, then offer every candidate. */
struct nearest {
	const char *word;
	const char *best; /* borrowed */
	unsigned distance;
};

/* Takes the candidate if it is nearer than the best so far, and near enough to be meant. */
void nearest_offer(struct nearest *nearest, const char *candidate);

/* Writes "; did you mean 'x'?" or nothing into buf; returns buf. */
const char *nearest_hint(const struct nearest *nearest, char *buf, size_t size);

#endif
