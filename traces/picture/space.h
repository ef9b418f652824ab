/* SPDX-License-Identifier: MIT */
/*
 * The reachable states of a small system as a graph, or a quotient of it: states that agree in chosen fields (columns.h) are
 * one class.
 */
#ifndef LAZYSWITCH_TRACES_PICTURE_SPACE_H
#define LAZYSWITCH_TRACES_PICTURE_SPACE_H

#include <stdbool.h>

#include "../columns.h"

struct space_class {
	uint64_t states; /* how many are in it */
	char (*values)
	        [COLUMN_TEXT]; /* of the chosen fields; of all fields if every state is a class of its own */
};

struct space_edge {
	uint32_t from, to; /* classes; `to` means nothing if the step violates a property */
	uint32_t violated; /* set of properties */
	char event
	        [24]; /* what was done: an action of trace files, and who did it if that was another CPU than 0 */
	uint64_t steps; /* how many such there are */
};

struct space_options {
	const size_t *fields; /* numbers of columns, in order */
	size_t n_fields;      /* 0: every state is a class of its own */
	bool kinds; /* contexts are "thread" or "guest", whichever they are, and modes "host" or "guest" */
	uint32_t properties; /* set: a step that violates one of them ends the run */
	uint32_t max_states;
	uint32_t max_classes;
};

struct space {
	struct columns columns;
	struct space_class
	        *classes; /* [0] has the state behind boot; numbered as they were reached, breadth first */
	uint32_t n_classes;
	struct space_edge *edges; /* sorted by from, to, violated, event; none stands twice */
	size_t n_edges;
	uint64_t states, transitions;
	const char *limit; /* why there may be more: "state limit", "node limit"; NULL: this is all */

	/* Its own. */
	size_t edges_size;
	size_t row; /* fields of a class */
	char (*values)[COLUMN_TEXT];
};

/* Returns 0, or -1 with `e` filled in; to be freed in both cases. */
int space_explore(struct space *space, const struct world *world, const struct space_options *options,
                  struct error *e);
void space_free(struct space *space);

#endif
