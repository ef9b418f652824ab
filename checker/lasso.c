/* SPDX-License-Identifier: MIT */
#include "checker/lasso.h"

#include <stdlib.h>
#include <string.h>

/* A step of the lasso before it has a label: to this state, and by this process, without progress; or ANY. */
struct hop {
	uint32_t target;
	uint32_t process;
};
#define ANY UINT32_MAX

struct lasso {
	const struct graph *graph;
	const struct component *component;
	struct hop *hops;
	size_t n, room;

	/* For paths inside the component, by place in its list of states. */
	uint64_t *by; /* the edge over which the search has come; NONE: it has not */
	uint32_t *from, *queue;
};
#define NONE UINT64_MAX

static int add_hop(struct lasso *l, struct hop hop)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		struct hop *hops = realloc(l->hops, room * sizeof(*hops));

		if (!hops)
			return -1;
		l->hops = hops;
		l->room = room;
	}
	l->hops[l->n++] = hop;
	return 0;
}

static void reverse(struct hop *hops, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct hop hop = hops[i];

		hops[i] = hops[n - 1 - i];
		hops[n - 1 - i] = hop;
	}
}

static int add_stem(struct lasso *l, uint32_t state)
{
	for (; state != 0; state = store_parent(l->graph->store, state)) {
		if (add_hop(l, (struct hop){state, ANY}))
			return -1;
	}
	reverse(l->hops, l->n);
	return 0;
}

/* The place of a state in the component, or component->n. */
static uint64_t place(const struct component *c, uint32_t state)
{
	uint64_t low = 0, high = c->n;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (c->states[middle] < state)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->n && c->states[low] == state ? low : c->n;
}

/* Does this edge, followed, do something that is wanted? A process among `moves` makes a step, or cannot where it
 * leads; or, if there are none, it leads to `home`. */
static bool wanted(const struct lasso *l, const struct graph_edge *edge, uint32_t moves, uint32_t home)
{
	const struct graph *g = l->graph;

	if (moves == 0)
		return edge->target == home;
	return (edge->process < g->model->processes && (moves >> edge->process & 1) != 0) ||
	       (moves & ~g->enabled[edge->target]) != 0;
}

/* The shortest path from place `at` whose last edge is wanted, appended to the hops. */
static int add_path(struct lasso *l, uint64_t at, uint32_t moves, uint32_t home)
{
	const struct graph *g = l->graph;
	const struct component *c = l->component;
	uint64_t head = 0, tail = 0;

	for (uint64_t i = 0; i < c->n; i++)
		l->by[i] = NONE;
	l->by[at] = 0; /* never looked at: a path ends there */
	l->queue[tail++] = (uint32_t)at;
	while (head < tail) {
		uint32_t now = l->queue[head++], state = c->states[now];

		for (uint64_t k = g->first[state]; k < g->first[state + 1]; k++) {
			const struct graph_edge *edge = &g->edges[k];
			uint64_t next = place(c, edge->target);

			if (next == c->n)
				continue;
			if (wanted(l, edge, moves, home)) {
				size_t begin = l->n;
				int failed = add_hop(l, (struct hop){edge->target, edge->process});

				for (uint32_t p = now; !failed && p != at; p = l->from[p])
					failed = add_hop(
					        l, (struct hop){c->states[p], g->edges[l->by[p]].process});
				reverse(l->hops + begin, l->n - begin);
				return failed;
			}
			if (l->by[next] == NONE) {
				l->by[next] = k;
				l->from[next] = now;
				l->queue[tail++] = (uint32_t)next;
			}
		}
	}
	return -1; /* a component is connected, and fair: there is a path */
}

static int add_cycle(struct lasso *l)
{
	const struct graph *g = l->graph;
	uint32_t home = l->component->states[0], moves = g->enabled[home];
	size_t begin = l->n;

	while (moves != 0) {
		uint64_t at = place(l->component, l->n > begin ? l->hops[l->n - 1].target : home);
		size_t done = l->n;

		if (add_path(l, at, moves, home))
			return -1;
		for (; done < l->n; done++) {
			if (l->hops[done].process < g->model->processes)
				moves &= ~(1u << l->hops[done].process);
			moves &= g->enabled[l->hops[done].target];
		}
	}
	if (l->n > begin && l->hops[l->n - 1].target == home)
		return 0;
	return add_path(l, place(l->component, l->n > begin ? l->hops[l->n - 1].target : home), 0, home);
}

struct follower {
	const struct lasso *lasso;
	struct hop hop;
	const uint32_t *wanted;
	struct model_label label;
	bool found;
};

static int take(void *arg, const struct model_transition *t)
{
	struct follower *f = arg;
	size_t bytes = f->lasso->graph->model->words * sizeof(*t->next);

	if (!t->next || (f->hop.process != ANY && (t->progress || t->process != f->hop.process)) ||
	    memcmp(t->next, f->wanted, bytes) != 0)
		return 0;
	f->label = t->label;
	f->found = true;
	return 1;
}

/* The labels of the hops. */
static enum model_status follow(const struct lasso *l, struct model_label *labels, struct error *e)
{
	const struct graph *g = l->graph;
	uint32_t *states = calloc(2 * g->model->words, sizeof(*states));
	struct follower f = {.lasso = l};
	enum model_status status = MODEL_OK;
	uint32_t at = 0;

	if (!states) {
		error_set(e, "out of memory for a trace of %zu steps", l->n);
		return MODEL_ERROR;
	}
	f.wanted = states + g->model->words;
	for (size_t i = 0; i < l->n && status == MODEL_OK; i++) {
		f.hop = l->hops[i];
		f.found = false;
		store_read(g->store, at, states);
		store_read(g->store, f.hop.target, states + g->model->words);
		status = g->model->successors(g->model->self, states, take, &f, e);
		if (status == MODEL_STOPPED && f.found) {
			status = MODEL_OK;
		} else if (status != MODEL_REFINED && status != MODEL_ERROR) {
			error_set(e,
			          "the model is not deterministic: a step that it made once is missing the "
			          "second time");
			status = MODEL_ERROR;
		}
		labels[i] = f.label;
		at = f.hop.target;
	}
	free(states);
	return status;
}

enum model_status lasso_make(const struct graph *g, const struct component *component,
                             struct model_label **trace, size_t *length, size_t *loop, struct error *e)
{
	struct lasso l = {.graph = g, .component = component};
	enum model_status status = MODEL_ERROR;
	struct model_label *labels = NULL;

	l.by = calloc(component->n, sizeof(*l.by));
	l.from = calloc(component->n, sizeof(*l.from));
	l.queue = calloc(component->n, sizeof(*l.queue));
	if (l.by && l.from && l.queue && add_stem(&l, component->states[0]) == 0) {
		*loop = l.n;
		if (add_cycle(&l) == 0)
			labels = calloc(l.n, sizeof(*labels));
	}
	if (labels)
		status = follow(&l, labels, e);
	else
		error_set(e, "out of memory for the trace of a cycle");
	free(l.by);
	free(l.from);
	free(l.queue);
	*length = l.n;
	free(l.hops);
	if (status != MODEL_OK) {
		free(labels);
		labels = NULL;
		*length = *loop = 0;
	}
	*trace = labels;
	return status;
}
