/* SPDX-License-Identifier: MIT */
#include "checker/trace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A run that follows the path through the store. */
struct run {
	const struct model *model;
	struct error *error;
	uint32_t *state, *next, *representative; /* the run's, its successor, and what stands for that */
	uint32_t *stored;                        /* a state of the path */
	const uint32_t *wanted;                  /* what must stand for the successor; NULL: see property */
	int property;                            /* the step must violate it */
	uint32_t cause;                          /* and this must be why; 0: it does not matter */
	struct model_label label;
	bool found;
	enum model_status status;
};

static int take_if_wanted(void *arg, const struct model_transition *t)
{
	struct run *run = arg;
	const struct model *model = run->model;
	const uint32_t *state = t->next;

	if (!run->wanted) {
		run->found = (t->violated >> run->property & 1) != 0 &&
		             (run->cause == 0 || t->cause == run->cause);
	} else if (state) {
		if (model->representative) {
			run->status =
			        model->representative(model->self, state, run->representative, run->error);
			if (run->status != MODEL_OK)
				return 1;
			state = run->representative;
		}
		run->found = memcmp(state, run->wanted, model->words * sizeof(*state)) == 0;
		if (run->found)
			memcpy(run->next, t->next, model->words * sizeof(*run->next));
	}
	run->label = t->label;
	return run->found;
}

/* One step further: to what `wanted` stands for or, if it is NULL, to a violation. */
static enum model_status advance(struct run *run, const uint32_t *wanted, struct model_label *label)
{
	const struct model *model = run->model;
	enum model_status status;
	uint32_t *state = run->state;

	run->wanted = wanted;
	run->found = false;
	run->status = MODEL_OK;
	status = model->successors(model->self, state, take_if_wanted, run, run->error);
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
	*label = run->label;
	run->state = run->next;
	run->next = state;
	return MODEL_OK;
}

/* `path`: what is stored on the way, from 0 on. */
static enum model_status follow(struct run *run, const struct store *store, const uint32_t *path,
                                size_t steps, struct model_label *labels)
{
	enum model_status status = MODEL_OK;

	for (size_t i = 0; status == MODEL_OK && i < steps; i++) {
		store_read(store, path[i + 1], run->stored);
		status = advance(run, run->stored, &labels[i]);
	}
	if (status == MODEL_OK && run->property >= 0)
		status = advance(run, NULL, &labels[steps]);
	return status;
}

enum model_status trace_recover(const struct model *model, const struct store *store, const uint32_t *initial,
                                uint32_t state, int property, uint32_t cause, struct model_label **trace,
                                size_t *length, struct error *e)
{
	struct run run = {.model = model, .error = e, .property = property, .cause = cause};
	enum model_status status = MODEL_ERROR;
	struct model_label *labels;
	uint32_t *states, *path;
	size_t steps = 0;

	*trace = NULL;
	*length = 0;
	for (uint32_t id = state; id != 0; id = store_parent(store, id))
		steps++;
	if (steps == 0 && property < 0)
		return MODEL_OK;

	labels = calloc(steps + 1, sizeof(*labels));
	path = calloc(steps + 1, sizeof(*path));
	states = calloc(model->words * 4, sizeof(*states));
	if (labels && path && states) {
		run.state = memcpy(states, initial, model->words * sizeof(*states));
		run.next = states + model->words;
		run.representative = run.next + model->words;
		run.stored = run.representative + model->words;
		for (size_t i = steps + 1; i-- > 0; state = store_parent(store, state))
			path[i] = state;
		status = follow(&run, store, path, steps, labels);
	} else {
		error_set(e, "out of memory for a trace of %zu steps", steps + 1);
	}
	free(path);
	free(states);
	if (status != MODEL_OK) {
		free(labels);
		return status;
	}
	*trace = labels;
	*length = steps + (property >= 0 ? 1 : 0);
	return MODEL_OK;
}
