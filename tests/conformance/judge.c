/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <stdio.h>
#include <string.h>

#include "predict.h"

struct ends {
	uint32_t words[STATE_WORDS];
	uint8_t window[MATRIX_WINDOW_BYTES];
};

static bool same(const struct ends *a, const struct ends *b)
{
	return memcmp(a->words, b->words, W_WINDOW * sizeof(a->words[0])) == 0 &&
	       memcmp(a->window, b->window, sizeof(a->window)) == 0;
}

/* Which departures the cell's end cannot do without, among those that change anything in it. */
static void count(const struct image *image, const struct conformance_case *c, size_t number, unsigned set,
                  unsigned acted, enum outcome here, const struct ends *foretold, struct judgement *j)
{
	for (unsigned i = 0; i < n_departures; i++) {
		struct ends without = {.words = {0}};
		unsigned ignored;
		struct error e;

		if ((acted >> i & 1) == 0)
			continue;
		if (predict(image, c, set & ~(1u << i), &ignored, without.words, without.window, &e) ==
		            END_VECTOR &&
		    same(&without, foretold))
			continue;
		if (j->needed[i]++ == 0)
			j->sample[i] = number;
		j->instead[i][here][matrix_outcome(foretold->words)]++;
	}
}

static void wrong(const struct batch *b, const struct image *image, const struct conformance_case *c,
                  const struct ends *ours, const struct ends *foretold, struct judgement *j)
{
	char cell[192], here[128], there[128], text[512];

	if (j->wrong++ > 0)
		return;
	(void)replay_same(c, foretold->words, foretold->window, b->window_bytes, b->big_endian, text,
	                  sizeof(text));
	(void)snprintf(j->first, sizeof(j->first), "%s: our machine: %s; the emulated core: %s (%s)",
	               matrix_cell(image, c, cell, sizeof(cell)), matrix_end(ours->words, here, sizeof(here)),
	               matrix_end(c->theirs, there, sizeof(there)), text);
}

static void judge_cell(const struct batch *b, const struct image *image, size_t number, unsigned set,
                       struct judgement *j)
{
	const struct conformance_case *c = &b->cases[number];
	struct ends ours = {.words = {0}}, foretold = {.words = {0}}, theirs;
	struct error e = {""};
	enum outcome here;
	unsigned acted;

	j->cells++;
	if (predict(image, c, 0, &acted, ours.words, ours.window, &e) != END_VECTOR ||
	    predict(image, c, set, &acted, foretold.words, foretold.window, &e) != END_VECTOR) {
		if (j->wrong++ == 0)
			(void)snprintf(j->first, sizeof(j->first), "%.900s", e.text);
		return;
	}
	here = matrix_outcome(ours.words);
	j->outcomes[here]++;
	memcpy(theirs.words, c->theirs, sizeof(theirs.words));
	memcpy(theirs.window, c->window_theirs, sizeof(theirs.window));
	theirs.words[W_PC] = foretold.words[W_PC]; /* it has none at the end */
	if (!same(&theirs, &foretold)) {
		wrong(b, image, c, &ours, &foretold, j);
		return;
	}
	j->differ += !same(&theirs, &ours);
	j->otherwise += matrix_outcome(theirs.words) != here;
	count(image, c, number, set, acted, here, &foretold, j);
}

void judge(const struct batch *b, const struct image *image, size_t first, size_t last, unsigned set,
           struct judgement *j)
{
	memset(j, 0, sizeof(*j));
	for (size_t i = first; i < last && i < b->n_cases; i++)
		judge_cell(b, image, i, set, j);
}

const char *judge_stale(const struct judgement *j)
{
	for (unsigned i = 0; i < n_departures; i++)
		if (j->needed[i] == 0)
			return departures[i].name;
	return NULL;
}
