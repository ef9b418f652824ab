/* SPDX-License-Identifier: MIT */
/* Tarjan's algorithm, with a stack of its own in place of recursion. */
#include "checker/components.h"

#include <stdlib.h>

enum { CALLS_MIN = 1024 };
#define FINISHED UINT32_MAX /* as an index: the state's component is known */

struct call {
	uint64_t edge; /* the next one to be followed */
	uint32_t state;
};

struct search {
	const struct graph *graph;
	uint32_t *index; /* [n]: when a state was entered, from 1; 0: not yet */
	uint32_t *low;   /* [n]: the lowest index that it leads back to; of a finished one, its component */
	uint32_t *stack; /* states whose components are not known yet */
	uint64_t on_stack;
	struct call *calls;
	size_t n_calls, calls_room;
	uint32_t entered, components;

	uint32_t best, best_first; /* a component, and its first state; FINISHED: none */
	uint64_t best_n;
};

static int call(struct search *s, uint32_t state)
{
	if (s->n_calls == s->calls_room) {
		size_t room = s->calls_room ? 2 * s->calls_room : CALLS_MIN;
		struct call *calls = realloc(s->calls, room * sizeof(*calls));

		if (!calls)
			return -1;
		s->calls = calls;
		s->calls_room = room;
	}
	s->index[state] = s->low[state] = ++s->entered;
	s->stack[s->on_stack++] = state;
	s->calls[s->n_calls++] = (struct call){s->graph->first[state], state};
	return 0;
}

/* Can a fair run stay in the component that these states are? */
static bool is_fair(const struct search *s, uint32_t component, const uint32_t *states, uint64_t n)
{
	const struct graph *g = s->graph;
	uint32_t always = UINT32_MAX, moves = 0;
	bool edge = false;

	for (uint64_t i = 0; i < n; i++) {
		always &= g->enabled[states[i]];
		for (uint64_t k = g->first[states[i]]; k < g->first[states[i] + 1]; k++) {
			const struct graph_edge *e = &g->edges[k];

			if (s->index[e->target] != FINISHED || s->low[e->target] != component)
				continue;
			edge = true;
			if (e->process < g->model->processes)
				moves |= 1u << e->process;
		}
	}
	return edge && (always & ~moves) == 0;
}

/* The states above `root` on the stack, it included, are a component. */
static void finish(struct search *s, uint32_t root)
{
	uint32_t component = s->components++, first = root, *states;
	uint64_t n = 0;

	do {
		uint32_t state = s->stack[--s->on_stack];

		s->index[state] = FINISHED;
		s->low[state] = component;
		first = state < first ? state : first;
		n++;
	} while (s->stack[s->on_stack] != root);
	states = &s->stack[s->on_stack];
	if (first < s->best_first && is_fair(s, component, states, n)) {
		s->best = component;
		s->best_first = first;
		s->best_n = n;
	}
}

/* Everything that can be reached from `root` and has not been yet. */
static int search_from(struct search *s, uint32_t root)
{
	if (call(s, root))
		return -1;
	while (s->n_calls > 0) {
		struct call *now = &s->calls[s->n_calls - 1];
		uint32_t state = now->state;

		if (now->edge < s->graph->first[state + 1]) {
			uint32_t target = s->graph->edges[now->edge++].target;

			if (s->index[target] == 0) {
				if (call(s, target))
					return -1;
			} else if (s->index[target] != FINISHED && s->index[target] < s->low[state]) {
				s->low[state] = s->index[target];
			}
			continue;
		}
		s->n_calls--;
		if (s->n_calls > 0) {
			uint32_t caller = s->calls[s->n_calls - 1].state;

			if (s->low[state] < s->low[caller])
				s->low[caller] = s->low[state];
		}
		if (s->low[state] == s->index[state])
			finish(s, state);
	}
	return 0;
}

static int take_best(const struct search *s, struct component *component)
{
	component->states = calloc(s->best_n, sizeof(*component->states));
	if (!component->states)
		return -1;
	for (uint64_t i = s->best_first; i < s->graph->n; i++) {
		if (s->low[i] == s->best)
			component->states[component->n++] = (uint32_t)i;
	}
	return 0;
}

int components_find_fair(const struct graph *g, struct component *component)
{
	struct search s = {.graph = g, .best = FINISHED, .best_first = FINISHED};
	int status = -1;

	*component = (struct component){0};
	s.index = calloc(g->n, sizeof(*s.index));
	s.low = calloc(g->n, sizeof(*s.low));
	s.stack = calloc(g->n, sizeof(*s.stack));
	if (s.index && s.low && s.stack) {
		status = 0;
		for (uint64_t i = 0; status == 0 && i < g->n; i++) {
			if (s.index[i] == 0)
				status = search_from(&s, (uint32_t)i);
		}
		if (status == 0 && s.best != FINISHED)
			status = take_best(&s, component);
	}
	free(s.index);
	free(s.low);
	free(s.stack);
	free(s.calls);
	return status;
}

size_t components_bytes(const struct graph *g)
{
	return g->n * 3 * sizeof(uint32_t); /* the calls are few: kernel code does not run on for long */
}
