/* SPDX-License-Identifier: MIT */
#include "checker/cycles.h"

#include <stdlib.h>
#include <time.h>

#include "checker/components.h"
#include "checker/lasso.h"

enum { PROGRESS_PER_SECOND = 4 };

struct search {
	const struct model *model;
	const struct check_options *options;
	struct check_result *result;
	double started, next_progress;
};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report_progress(const struct search *s, const struct graph *g, double time)
{
	const struct check_progress progress = {
	        .states = g->store ? store_count(g->store) : 0,
	        .expanded = g->n,
	        .transitions = g->transitions,
	        .depth = g->depth,
	        .restarts = s->result->restarts,
	        .memory = graph_bytes(g) + s->model->memory(s->model->self),
	        .seconds = time - s->started,
	};

	if (s->options->progress)
		s->options->progress(s->options->progress_arg, &progress);
}

static const char *housekeeping(void *arg, const struct graph *g)
{
	struct search *s = arg;
	double time;

	if (s->options->interrupt && *s->options->interrupt)
		return CHECK_REASON_INTERRUPTED;
	time = now();
	if (s->options->timeout > 0 && time - s->started >= s->options->timeout)
		return CHECK_REASON_TIME;
	if (time >= s->next_progress) {
		report_progress(s, g, time);
		s->next_progress = time + 1.0 / PROGRESS_PER_SECOND;
	}
	return NULL;
}

static void limited(struct check_result *result, const char *reason)
{
	result->verdict = CHECK_INCOMPLETE;
	result->reason = reason;
}

/* Looks for a cycle in the complete graph. Returns false if the model refined its steps meanwhile. */
static bool search_graph(struct search *s, const struct graph *g, struct error *e)
{
	struct check_result *result = s->result;
	size_t bytes = graph_bytes(g) + components_bytes(g), limit = s->options->max_memory;
	struct component component = {0};
	enum model_status status = MODEL_OK;

	if (limit != 0 && bytes + s->model->memory(s->model->self) > limit) {
		limited(result, CHECK_REASON_MEMORY);
		return true;
	}
	result->memory = bytes > result->memory ? bytes : result->memory;
	if (components_find_fair(g, &component)) {
		limited(result, CHECK_REASON_NO_MEMORY);
		return true;
	}
	if (!component.states) {
		result->verdict = CHECK_PASS;
		return true;
	}
	status = lasso_make(g, &component, &result->trace, &result->trace_length, &result->loop, e);
	free(component.states);
	if (status == MODEL_OK) {
		result->verdict = CHECK_FAIL;
		result->property = s->model->deadlock_property;
		result->depth = (unsigned)result->trace_length;
	}
	return status != MODEL_REFINED;
}

/* One pass, from the initial state on. Returns false if the model refined its steps. */
static bool search_once(struct search *s, struct graph *g, struct error *e)
{
	struct check_result *result = s->result;
	const char *reason;
	enum graph_status status = graph_explore(g, s->model, s->options, housekeeping, s, &reason, e);

	result->verdict = CHECK_ERROR;
	result->states = g->store ? store_count(g->store) : 0;
	result->transitions = g->transitions;
	result->depth = g->depth;
	if (g->store && graph_bytes(g) > result->memory)
		result->memory = graph_bytes(g);
	switch (status) {
	case GRAPH_COMPLETE:
		return search_graph(s, g, e);
	case GRAPH_LIMITED:
		limited(result, reason);
		return true;
	case GRAPH_REFINED:
		return false;
	case GRAPH_FAILED:
		break;
	}
	return true;
}

int check_cycles(const struct model *model, const struct check_options *options, struct check_result *result,
                 struct error *e)
{
	struct search s = {.model = model, .options = options, .result = result, .started = now()};
	bool over = false;

	*result = (struct check_result){.verdict = CHECK_ERROR, .property = -1};
	if (model->deadlock_property < 0 || model->processes > GRAPH_PROCESSES_MAX) {
		error_set(e,
		          model->deadlock_property < 0
		                  ? "the model has no property that a run without progress violates"
		                  : "the model has more processes than a search for cycles can tell apart");
		return -1;
	}
	while (!over) {
		struct graph graph;

		over = search_once(&s, &graph, e);
		if (!over && result->restarts == CHECK_RESTARTS_MAX) {
			error_set(e, "the model still refines its steps after %d restarts",
			          CHECK_RESTARTS_MAX);
			result->verdict = CHECK_ERROR;
			over = true;
		}
		result->restarts += !over;
		result->seconds = now() - s.started;
		if (over)
			report_progress(&s, &graph, s.started + result->seconds);
		graph_free(&graph);
	}
	return result->verdict == CHECK_ERROR ? -1 : 0;
}
