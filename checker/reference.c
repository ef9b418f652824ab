/* SPDX-License-Identifier: MIT */
#include "checker/reference.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BUCKETS = 1 << 18 };

struct node {
	struct node *in_bucket; /* next in the same bucket */
	struct node *in_queue;  /* found next after this one */
	struct node *parent;    /* NULL: the initial state */
	struct model_label label;
	unsigned level; /* of the initial state: 1 */
	uint32_t state[];
};

struct explorer {
	const struct model *model;
	const struct check_options *options;
	struct check_result *result;

	struct node **buckets;
	struct node *first, *last; /* the queue: every node, in the order in which it was found */
	struct node *current;      /* the node that is being expanded */
	uint64_t steps_of_current;
	uint64_t expanded;
	size_t bytes;

	const char *limit;        /* the limit that was reached, or NULL */
	int property;             /* violated, or -1 */
	struct model_label final; /* of the violating step */
	bool final_is_step;
};

static double seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* FNV-1a over the words. */
static size_t bucket_of(const uint32_t *state, size_t words)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < words; i++)
		h = (h ^ state[i]) * UINT64_C(1099511628211);
	return (size_t)(h >> 32) % BUCKETS;
}

static bool too_much_memory(const struct explorer *x, size_t more)
{
	return x->options->max_memory != 0 &&
	       x->bytes + more + x->model->memory(x->model->self) > x->options->max_memory;
}

/* Adds the state to the queue unless it is known. Returns non-zero if a limit forbids it. */
static int discover(struct explorer *x, const uint32_t *state, const struct model_label *label)
{
	size_t bytes = sizeof(uint32_t) * x->model->words;
	struct node **bucket = &x->buckets[bucket_of(state, x->model->words)];
	struct node *node;

	for (node = *bucket; node; node = node->in_bucket) {
		if (memcmp(node->state, state, bytes) == 0)
			return 0;
	}
	if (x->options->max_states != 0 && x->result->states == x->options->max_states) {
		x->limit = CHECK_REASON_STATES;
		return 1;
	}
	if (too_much_memory(x, sizeof(*node) + bytes)) {
		x->limit = CHECK_REASON_MEMORY;
		return 1;
	}
	node = malloc(sizeof(*node) + bytes);
	if (!node) {
		x->limit = CHECK_REASON_NO_MEMORY;
		return 1;
	}
	*node = (struct node){.in_bucket = *bucket, .parent = x->current, .level = 1};
	if (x->current) {
		node->level = x->current->level + 1;
		node->label = *label;
	}
	memcpy(node->state, state, bytes);
	*bucket = node;
	if (x->last)
		x->last->in_queue = node;
	else
		x->first = node;
	x->last = node;
	x->bytes += sizeof(*node) + bytes;
	x->result->states++;
	return 0;
}

static int on_transition(void *arg, const struct model_transition *t)
{
	struct explorer *x = arg;

	x->steps_of_current += t->stutters ? 0 : 1;
	x->result->transitions++;
	for (int p = 0; p < 32; p++) {
		uint32_t bit = UINT32_C(1) << p;

		if ((t->violated & bit) != 0 && (x->options->properties & bit) != 0) {
			x->property = p;
			x->final = t->label;
			x->final_is_step = true;
			return 1;
		}
	}
	return t->next ? discover(x, t->next, &t->label) : 0;
}

/* Copies the labels on the way to the current node, and the violating step's. */
static int build_trace(struct explorer *x, struct error *e)
{
	size_t length = x->current->level - 1 + (x->final_is_step ? 1 : 0);
	struct model_label *labels;

	x->result->depth = (unsigned)length;
	if (length == 0)
		return 0;
	labels = malloc(length * sizeof(*labels));
	if (!labels)
		return error_set(e, "out of memory for a trace of %zu steps", length);
	labels[length - 1] = x->final; /* overwritten below if it is not a step */
	for (const struct node *node = x->current; node->parent; node = node->parent)
		labels[node->level - 2] = node->label;
	x->result->trace = labels;
	x->result->trace_length = length;
	return 0;
}

static void forget_everything(struct explorer *x)
{
	while (x->first) {
		struct node *next = x->first->in_queue;

		free(x->first);
		x->first = next;
	}
	free(x->buckets);
	x->buckets = NULL;
	x->last = NULL;
	x->current = NULL;
}

static void show_progress(const struct explorer *x, double seconds)
{
	struct check_progress progress = {0};

	if (!x->options->progress)
		return;
	progress.states = x->result->states;
	progress.expanded = x->expanded;
	progress.transitions = x->result->transitions;
	progress.depth = x->result->depth;
	progress.restarts = x->result->restarts;
	progress.memory = x->bytes + x->model->memory(x->model->self);
	progress.seconds = seconds;
	x->options->progress(x->options->progress_arg, &progress);
}

static bool must_end(struct explorer *x, double started)
{
	double seconds;

	if (x->options->interrupt && *x->options->interrupt) {
		x->limit = CHECK_REASON_INTERRUPTED;
		return true;
	}
	if (x->expanded % 1024 != 0)
		return false;
	if (too_much_memory(x, 0)) {
		x->limit = CHECK_REASON_MEMORY;
		return true;
	}
	seconds = seconds_now() - started;
	if (x->options->timeout > 0 && seconds >= x->options->timeout) {
		x->limit = CHECK_REASON_TIME;
		return true;
	}
	if (x->expanded % (UINT64_C(1) << 18) == 0)
		show_progress(x, seconds);
	return false;
}

/* Expands node after node. MODEL_OK: the search is over, for whatever reason the explorer says. */
static enum model_status expand_all(struct explorer *x, double started, struct error *e)
{
	const struct model *model = x->model;

	for (x->current = x->first; x->current; x->current = x->current->in_queue) {
		enum model_status status;

		if (must_end(x, started))
			return MODEL_OK;
		x->expanded++;
		x->result->depth = x->current->level;
		x->steps_of_current = 0;
		status = model->successors(model->self, x->current->state, on_transition, x, e);
		if (status == MODEL_ERROR || status == MODEL_REFINED)
			return status;
		if (x->limit || x->property >= 0)
			return MODEL_OK;
		if (status != MODEL_OK) {
			error_set(e, "the model stopped an enumeration that nobody asked it to stop");
			return MODEL_ERROR;
		}
		if (x->steps_of_current == 0 && model->deadlock_property >= 0 &&
		    (x->options->properties & UINT32_C(1) << model->deadlock_property) != 0) {
			x->property = model->deadlock_property;
			return MODEL_OK;
		}
	}
	return MODEL_OK;
}

/* One search from the initial state. */
static enum model_status explore(struct explorer *x, double started, struct error *e)
{
	uint32_t *initial;
	enum model_status status;

	x->bytes = BUCKETS * sizeof(*x->buckets);
	if (too_much_memory(x, 0)) {
		x->limit = CHECK_REASON_MEMORY;
		return MODEL_OK;
	}
	x->buckets = calloc(BUCKETS, sizeof(*x->buckets));
	initial = calloc(x->model->words, sizeof(*initial));
	if (!x->buckets || !initial) {
		free(initial);
		x->limit = CHECK_REASON_NO_MEMORY;
		return MODEL_OK;
	}
	status = x->model->initial(x->model->self, initial, e);
	if (status == MODEL_OK && discover(x, initial, NULL) == 0)
		status = expand_all(x, started, e);
	free(initial);
	return status;
}

int check_reference(const struct model *model, const struct check_options *options,
                    struct check_result *result, struct error *e)
{
	double started = seconds_now();
	unsigned restarts = 0;
	size_t peak = 0;
	struct explorer x;
	enum model_status status;
	int failed = 0;

	for (;;) {
		*result = (struct check_result){.property = -1, .restarts = restarts};
		x = (struct explorer){.model = model, .options = options, .result = result, .property = -1};
		status = explore(&x, started, e);
		if (x.bytes > peak)
			peak = x.bytes;
		if (status != MODEL_REFINED)
			break;
		if (restarts == CHECK_RESTARTS_MAX) {
			failed =
			        error_set(e, "the model still refines its steps after %u restarts", restarts);
			break;
		}
		restarts++;
		forget_everything(&x);
	}

	if (status == MODEL_ERROR)
		failed = -1;
	if (failed == 0 && x.property >= 0)
		failed = build_trace(&x, e);
	if (failed != 0) {
		result->verdict = CHECK_ERROR;
	} else if (x.limit) {
		result->verdict = CHECK_INCOMPLETE;
		result->reason = x.limit;
	} else if (x.property >= 0) {
		result->verdict = CHECK_FAIL;
		result->property = x.property;
	}
	result->memory = peak;
	result->seconds = seconds_now() - started;
	show_progress(&x, result->seconds);
	forget_everything(&x);
	return failed;
}
