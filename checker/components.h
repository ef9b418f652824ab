/* SPDX-License-Identifier: MIT */
/* Strongly connected components of a graph, and which of them a fair run can stay in for ever. */
#ifndef LAZYSWITCH_CHECKER_COMPONENTS_H
#define LAZYSWITCH_CHECKER_COMPONENTS_H

#include "checker/graph.h"

/* States that lead to each other without progress, in ascending order. */
struct component {
	uint32_t *states; /* owned; NULL: there is no such component */
	uint64_t n;
};

/*
 * Looks for a component with an edge in which every process makes a step, or cannot make any in some state of it. Of
 * several, the one with the state that was found first. Bytes that it needs: components_bytes(). Returns 0, or -1
 * when out of memory; the caller frees component->states.
 */
int components_find_fair(const struct graph *graph, struct component *component);
size_t components_bytes(const struct graph *graph);

#endif
