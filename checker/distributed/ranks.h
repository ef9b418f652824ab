/* SPDX-License-Identifier: MIT */
/*
 * Processes that search together, and how they talk: a rank is one of them, by number. Both operations are collective: every
 * rank calls the same ones in the same order, and none returns before all have called it. Behind them there is MPI
 * (mpi_ranks.h), or threads, in tests.
 */
#ifndef LAZYSWITCH_CHECKER_RANKS_H
#define LAZYSWITCH_CHECKER_RANKS_H

#include <stddef.h>

#include "model/error.h"

/* Some bytes, borrowed. */
struct ranks_part {
	const void *bytes;
	size_t n;
};

struct ranks {
	void *self;
	unsigned number, count;

	/* Every rank brings n bytes, the same n, and gets those of all, by rank: all[count * n]. */
	int (*gather)(void *self, const void *mine, size_t n, void *all, struct error *e);

	/*
	 * Sends to each rank `pieces` pieces, out[rank * pieces] and those that follow, one behind the other; in[rank] is what
	 * came from that rank, valid until the next call.
	 */
	int (*exchange)(void *self, const struct ranks_part *out, unsigned pieces, struct ranks_part *in,
	                struct error *e);

	/*
	 * Both return 0, or -1 with `e` filled in: a rank is gone, or there is no memory for what came. Then they must not be
	 * called again, and no rank gets any further.
	 */
};

#endif
