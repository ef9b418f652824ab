/* SPDX-License-Identifier: MIT */
/* Which lines each step of a run has executed, and where every CPU stands behind it. */
#ifndef LAZYSWITCH_TRACES_REPORT_PATH_H
#define LAZYSWITCH_TRACES_REPORT_PATH_H

#include "model/world/machine.h"
#include "sources.h"

/* Lines first to last of a source. */
struct path_range {
	uint32_t source, first, last;
};

struct path_step {
	struct path_range *ranges; /* sorted by source, then by line */
	size_t n_ranges;
	struct report_place stands[NR_CPUS];
};

struct path {
	struct path_step *steps; /* [n_steps + 1]: [0] is the boot, of which only `stands` is filled in */
	size_t n_steps;
};

/*
 * Replays a run and records it, up to the moment when its last step violates `property` (not -1); places go into `sources`. Returns 0, or -1 with `e` filled in: it
 * does not replay, or there is no memory; then, too, the path is to be freed.
 */
int path_record(struct path *path, const struct world *world, const struct learnt *learnt,
                const struct model_label *trace, size_t length, int property, struct report_sources *sources,
                struct error *e);
void path_free(struct path *path);

#endif
