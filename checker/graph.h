/* SPDX-License-Identifier: MIT */
/*
 * The reachable states of a model, and the steps without progress between them: what a cycle search looks at.
 * States are numbered in breadth-first order.
 */
#ifndef LAZYSWITCH_CHECKER_GRAPH_H
#define LAZYSWITCH_CHECKER_GRAPH_H

#include "checker/check.h"
#include "checker/store.h"

enum { GRAPH_PROCESSES_MAX = 32 };

/* A step without progress; `process` is model.processes if it is nobody's. */
struct graph_edge {
	uint32_t target;
	uint32_t process;
};

struct graph {
	const struct model *model;
	struct store *store;
	uint64_t n;        /* states whose steps are known: all of them, when the graph is complete */
	uint32_t *enabled; /* [n]: bit p: process p can make a step there, with or without progress */
	uint64_t *first;   /* [n + 1]: where a state's edges begin; they end where the next one's begin */
	struct graph_edge *edges;
	uint64_t transitions; /* steps computed */
	unsigned depth;       /* breadth-first levels begun */

	size_t states_room, edges_room; /* allocated */
};

/* How the exploration ended. */
enum graph_status {
	GRAPH_COMPLETE,
	GRAPH_LIMITED, /* *reason is set */
	GRAPH_REFINED, /* the model refined its steps */
	GRAPH_FAILED,  /* the error is filled in */
};

/* A look at the clock and the like, now and then; returns the reason to stop, or NULL. */
typedef const char *graph_housekeeping(void *arg, const struct graph *graph);

/*
 * Explores a model from its initial state. Limits are those of `options`: states and memory here, the rest is up to
 * `housekeeping`. Whatever happens, the graph is to be released with graph_free().
 */
enum graph_status graph_explore(struct graph *graph, const struct model *model,
                                const struct check_options *options, graph_housekeeping *housekeeping,
                                void *arg, const char **reason, struct error *e);
void graph_free(struct graph *graph);

/* Bytes in use, those of the store included, those of the model not. */
size_t graph_bytes(const struct graph *graph);

#endif
