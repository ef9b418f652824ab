/* SPDX-License-Identifier: MIT */
/*
 * A model that has nothing left to learn. Models may learn while they are searched, and then ask to begin
 * anew; engines other than ours cannot. So ours searches once, and what it has been told is what the others
 * are told.
 */
#ifndef LAZYSWITCH_BENCH_FROZEN_H
#define LAZYSWITCH_BENCH_FROZEN_H

#include "checker/check.h"
#include "system.h"

struct frozen {
	struct model
	        model; /* never learns, never refines; any thread may ask it, each with a reader of its own */
	const struct model *of;
	void *reader;
	uint32_t *initial;            /* [model.words] */
	uint32_t *largest;            /* [model.words]: the largest value in any reachable state */
	unsigned branching;           /* most steps that any state has */
	uint64_t states, transitions; /* all that there are */
	bool symmetric;
	bool frozen;
};

/*
 * Searches the whole system, whatever is violated, with one thread, and freezes its model; the system must
 * outlive it, and nobody else may search it. Returns 0, or -1 with `e` filled in.
 */
int frozen_init(struct frozen *f, const struct system *system, struct error *e);
void frozen_free(struct frozen *f);

#endif
