/* SPDX-License-Identifier: MIT */
#include "checker/trace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What is wanted of the steps from a state. */
struct wanted {
	const uint32_t *representative; /* of the state that the step leads to; NULL: see below */
	bool by_number;                 /* step number `number` */
	uint32_t number;
	int property;   /* otherwise the step must violate it */
	uint32_t cause; /* and this must be why; 0: it does not matter */
};

/* A run beside the path that was found: the path's states are what stands for the run's. */
struct run {
	const struct model *model;
	struct error *error;
	uint32_t *state, *path;     /* where they are */
	uint32_t *next, *next_path; /* where they go */
	uint32_t *representative;   /* scratch */

	struct wanted wanted;
	uint32_t *to; /* where the wanted step leads to is put here */
	uint32_t seen;
	struct model_label label;
	bool found;
	enum model_status status;
};

static int take_if_wanted(void *arg, const struct model_transition *t)
{
	struct run *run = arg;
	const struct model *model = run->model;
	const uint32_t *state = t->next;

	if (run->wanted.by_number) {
		run->found = run->seen++ == run->wanted.number && state;
	} else if (!run->wanted.representative) {
		run->found = (t->violated >> run->wanted.property & 1) != 0 &&
		             (run->wanted.cause == 0 || t->cause == run->wanted.cause);
	} else if (state) {
		run->status = model->representative(model->self, state, run->representative, run->error);
		if (run->status != MODEL_OK)
			return 1;
		run->found = memcmp(run->representative, run->wanted.representative,
		                    model->words * sizeof(*state)) == 0;
	}
	if (run->found && state && run->to)
		memcpy(run->to, state, model->words * sizeof(*state));
	run->label = t->label;
	return run->found;
}

/* Finds the wanted step from a state; where it leads to goes to `to`. */
static enum model_status find_step(struct run *run, const uint32_t *from, struct wanted wanted, uint32_t *to)
{
	enum model_status status;

	run->wanted = wanted;
	run->to = to;
	run->seen = 0;
	run->found = false;
	run->status = MODEL_OK;
	status = run->model->successors(run->model->self, from, take_if_wanted, run, run->error);
	if (status == MODEL_ERROR || status == MODEL_REFINED)
		return status;
	if (run->status != MODEL_OK)
		return run->status;
	if (!run->found) {
		error_set(run->error,
		          "the model is not deterministic: a step that it made once is missing the second "
		          "time");
		return MODEL_ERROR;
	}
	return MODEL_OK;
}

static void swap(uint32_t **a, uint32_t **b)
{
	uint32_t *c = *a;

	*a = *b;
	*b = c;
}

/* One step further, along step `number` of the path. */
static enum model_status advance(struct run *run, uint32_t number, struct model_label *label)
{
	const struct model *model = run->model;
	enum model_status status;

	status = find_step(run, model->representative ? run->path : run->state,
	                   (struct wanted){.by_number = true, .number = number}, run->next);
	if (status == MODEL_OK && model->representative) {
		status = model->representative(model->self, run->next, run->next_path, run->error);
		if (status == MODEL_OK)
			status = find_step(run, run->state, (struct wanted){.representative = run->next_path},
			                   run->next);
	}
	*label = run->label;
	swap(&run->state, &run->next);
	swap(&run->path, &run->next_path);
	return status;
}

/* steps[i]: the number of the step that leads from the i-th state of the path to the next. */
static enum model_status follow(struct run *run, const uint32_t *steps, size_t n,
                                const struct finding *finding, struct model_label *labels)
{
	const struct model *model = run->model;
	enum model_status status = MODEL_OK;

	if (model->representative)
		status = model->representative(model->self, run->state, run->path, run->error);
	for (size_t i = 0; status == MODEL_OK && i < n; i++)
		status = advance(run, steps[i], &labels[i]);
	if (status == MODEL_OK && finding->by_step) {
		status = find_step(run, run->state,
		                   (struct wanted){.property = finding->property, .cause = finding->cause},
		                   NULL);
		labels[n] = run->label;
	}
	return status;
}

enum model_status trace_by_steps(const struct model *model, const uint32_t *initial, const uint32_t *steps,
                                 size_t n, const struct finding *finding, struct model_label **trace,
                                 size_t *length, struct error *e)
{
	struct run run = {.model = model, .error = e};
	enum model_status status = MODEL_ERROR;
	struct model_label *labels;
	uint32_t *states;

	*trace = NULL;
	*length = 0;
	if (n == 0 && !finding->by_step)
		return MODEL_OK;

	labels = calloc(n + 1, sizeof(*labels));
	states = calloc(model->words * 5, sizeof(*states));
	if (labels && states) {
		run.state = memcpy(states, initial, model->words * sizeof(*states));
		run.next = run.state + model->words;
		run.path = run.next + model->words;
		run.next_path = run.path + model->words;
		run.representative = run.next_path + model->words;
		status = follow(&run, steps, n, finding, labels);
	} else {
		error_set(e, "out of memory for a trace of %zu steps", n + 1);
	}
	free(states);
	if (status != MODEL_OK) {
		free(labels);
		return status;
	}
	*trace = labels;
	*length = n + (finding->by_step ? 1 : 0);
	return MODEL_OK;
}

enum model_status trace_recover(const struct model *model, const struct ancestry *ancestry,
                                const uint32_t *initial, const struct finding *finding,
                                struct model_label **trace, size_t *length, struct error *e)
{
	uint64_t state = finding->state;
	enum model_status status;
	uint32_t *steps, step;
	size_t n = 0;

	for (; state != 0; state = ancestry_of(ancestry, state, &step))
		n++;
	*trace = NULL;
	*length = 0;
	steps = calloc(n + 1, sizeof(*steps));
	if (!steps) {
		error_set(e, "out of memory for a trace of %zu steps", n + 1);
		return MODEL_ERROR;
	}
	state = finding->state;
	for (size_t i = n; i-- > 0;)
		state = ancestry_of(ancestry, state, &steps[i]);
	status = trace_by_steps(model, initial, steps, n, finding, trace, length, e);
	free(steps);
	return status;
}
