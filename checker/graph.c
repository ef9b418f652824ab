/* SPDX-License-Identifier: MIT */
#include "checker/graph.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 1024, HOUSEKEEPING_PERIOD = 64 };

struct exploration {
	struct graph *graph;
	const struct check_options *options;
	enum graph_status status;
	const char *reason;
	struct error *error;
	uint64_t n_edges;
};

size_t graph_bytes(const struct graph *g)
{
	return (g->store ? store_bytes(g->store) : 0) +
	       g->states_room * (sizeof(*g->enabled) + sizeof(*g->first)) + g->edges_room * sizeof(*g->edges);
}

static int limited(struct exploration *x, const char *reason)
{
	x->status = GRAPH_LIMITED;
	x->reason = reason;
	return 1;
}

/* May so many bytes more be allocated? */
static bool affordable(const struct exploration *x, size_t more)
{
	const struct model *model = x->graph->model;

	return x->options->max_memory == 0 ||
	       graph_bytes(x->graph) + model->memory(model->self) + more <= x->options->max_memory;
}

/* Doubles an array; returns non-zero, with the status set, if that is impossible. */
static int grow(struct exploration *x, void **array, size_t room, size_t size)
{
	void *moved;

	if (!affordable(x, room * size)) /* twice as much, but what there is is given back */
		return limited(x, CHECK_REASON_MEMORY);
	moved = realloc(*array, room * size);
	if (!moved)
		return limited(x, CHECK_REASON_NO_MEMORY);
	*array = moved;
	return 0;
}

static int room_for_state(struct exploration *x)
{
	struct graph *g = x->graph;
	size_t room = g->states_room ? 2 * g->states_room : ROOM_MIN;
	void *enabled = g->enabled, *first = g->first;
	int failed;

	if (g->n + 1 < g->states_room) /* one more, for the end of the last one's edges */
		return 0;
	failed = grow(x, &enabled, room, sizeof(*g->enabled));
	g->enabled = enabled;
	failed = failed || grow(x, &first, room, sizeof(*g->first));
	g->first = first;
	if (!failed)
		g->states_room = room;
	return failed;
}

static int add_edge(struct exploration *x, uint32_t target, uint32_t process)
{
	struct graph *g = x->graph;

	if (x->n_edges == g->edges_room) {
		size_t room = g->edges_room ? 2 * g->edges_room : ROOM_MIN;
		void *edges = g->edges;
		int failed = grow(x, &edges, room, sizeof(*g->edges));

		g->edges = edges;
		if (failed)
			return 1;
		g->edges_room = room;
	}
	g->edges[x->n_edges++] = (struct graph_edge){target, process};
	return 0;
}

/* Stores a state, reached from the one that is being expanded. */
static int visit(struct exploration *x, const uint32_t *state, uint32_t *id)
{
	switch (store_find_or_add(x->graph->store, state, (uint32_t)x->graph->n, id)) {
	case STORE_FOUND:
	case STORE_ADDED:
		return 0;
	case STORE_STATE_LIMIT:
		return limited(x, CHECK_REASON_STATES);
	case STORE_MEMORY_LIMIT:
		return limited(x, CHECK_REASON_MEMORY);
	case STORE_NO_MEMORY:
		break;
	}
	return limited(x, CHECK_REASON_NO_MEMORY);
}

static int on_step(void *arg, const struct model_transition *t)
{
	struct exploration *x = arg;
	struct graph *g = x->graph;
	uint32_t id;

	g->transitions++;
	if (t->process < g->model->processes)
		g->enabled[g->n] |= 1u << t->process;
	if (!t->next)
		return 0;
	if (visit(x, t->next, &id))
		return 1;
	return t->progress ? 0 : add_edge(x, id, t->process);
}

/* Expands state number g->n. Returns non-zero, with the status set, if the exploration ends with it. */
static int expand(struct exploration *x, uint32_t *state)
{
	struct graph *g = x->graph;

	if (room_for_state(x))
		return 1;
	g->enabled[g->n] = 0;
	g->first[g->n] = x->n_edges;
	store_read(g->store, (uint32_t)g->n, state);
	switch (g->model->successors(g->model->self, state, on_step, x, x->error)) {
	case MODEL_OK:
		g->first[++g->n] = x->n_edges;
		return 0;
	case MODEL_REFINED:
		x->status = GRAPH_REFINED;
		return 1;
	case MODEL_STOPPED:
		if (x->status == GRAPH_LIMITED)
			return 1;
		error_set(x->error, "the model stopped an enumeration that nobody asked it to stop");
		break;
	case MODEL_UNKNOWN:
	case MODEL_ITSELF:
		error_set(x->error, "the model does not know what only it can know");
		break;
	case MODEL_ERROR:
		break;
	}
	x->status = GRAPH_FAILED;
	return 1;
}

static int keep_limits(struct exploration *x)
{
	struct graph *g = x->graph;
	size_t others = graph_bytes(g) - store_bytes(g->store) + g->model->memory(g->model->self);

	if (!affordable(x, 0))
		return limited(x, CHECK_REASON_MEMORY);
	store_limit(g->store, x->options->max_states ? x->options->max_states : UINT64_MAX,
	            x->options->max_memory ? x->options->max_memory - others : SIZE_MAX);
	return 0;
}

static void explore(struct exploration *x, uint32_t *state, graph_housekeeping *housekeeping, void *arg)
{
	struct graph *g = x->graph;
	uint64_t level_end = 0;
	uint32_t id;

	if (keep_limits(x))
		return;
	if (g->model->initial(g->model->self, state, x->error) != MODEL_OK) {
		x->status = GRAPH_FAILED;
		return;
	}
	if (visit(x, state, &id))
		return;
	while (g->n < store_count(g->store)) {
		if (g->n % HOUSEKEEPING_PERIOD == 0) {
			const char *reason = housekeeping(arg, g);

			if (reason ? limited(x, reason) : keep_limits(x))
				return;
		}
		if (g->n == level_end) {
			g->depth++;
			level_end = store_count(g->store);
		}
		if (expand(x, state))
			return;
	}
	x->status = GRAPH_COMPLETE;
}

enum graph_status graph_explore(struct graph *g, const struct model *model,
                                const struct check_options *options, graph_housekeeping *housekeeping,
                                void *arg, const char **reason, struct error *e)
{
	struct exploration x = {.graph = g, .options = options, .status = GRAPH_FAILED, .error = e};
	uint32_t *state = calloc(model->words, sizeof(*state));

	*g = (struct graph){.model = model, .store = store_new(model->words)};
	if (state && g->store)
		explore(&x, state, housekeeping, arg);
	else
		(void)limited(&x, CHECK_REASON_NO_MEMORY);
	free(state);
	*reason = x.reason;
	return x.status;
}

void graph_free(struct graph *g)
{
	store_free(g->store);
	free(g->enabled);
	free(g->first);
	free(g->edges);
	*g = (struct graph){0};
}
