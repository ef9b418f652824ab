/* SPDX-License-Identifier: MIT */
/* The trap matrix on our machine and on the emulated core, cell by cell. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_JUDGE_H
#define LAZYSWITCH_TESTS_CONFORMANCE_JUDGE_H

#include "departures.h"
#include "matrix.h"

struct judgement {
	size_t cells, wrong;
	size_t outcomes[OUTCOMES]; /* of our machine */
	size_t differ, otherwise;  /* cells that differ as foretold; those with another outcome among them */
	size_t needed[DEPARTURES_MAX]; /* cells whose end does not follow without the departure */
	size_t sample[DEPARTURES_MAX]; /* the first of them */
	size_t instead[DEPARTURES_MAX][OUTCOMES][OUTCOMES]; /* of them, by the outcome here and there */
	char first[1024]; /* the first cell that is wrong, and both outcomes */
};

/*
 * Judges the cells from `first` up to `last` of a matrix that was run, with the image of its code: a cell is right if its whole state ends as
 * our machine's does with the departures of a set.
 */
void judge(const struct batch *b, const struct image *image, size_t first, size_t last, unsigned set,
           struct judgement *j);

/* The name of a departure that no cell of a whole matrix needed, so that it is stale; NULL if there is none. */
const char *judge_stale(const struct judgement *j);

#endif
