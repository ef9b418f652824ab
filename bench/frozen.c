/* SPDX-License-Identifier: MIT */
#include "frozen.h"

#include <stdlib.h>
#include <string.h>

/* Passes transitions on, and looks at them. */
struct look {
	struct frozen *frozen;
	model_emit *emit;
	void *arg;
	unsigned steps;
};

static void look_at(struct frozen *f, const uint32_t *state)
{
	for (size_t i = 0; i < f->model.words; i++)
		if (state[i] > f->largest[i])
			f->largest[i] = state[i];
}

static int look(void *arg, const struct model_transition *t)
{
	struct look *l = arg;

	l->steps++;
	if (l->steps > l->frozen->branching)
		l->frozen->branching = l->steps;
	if (t->next)
		look_at(l->frozen, t->next);
	return l->emit(l->arg, t);
}

static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	struct frozen *f = self;

	if (!f->frozen) {
		enum model_status status = f->of->initial(f->of->self, f->initial, e);

		if (status != MODEL_OK)
			return status;
		/* What was seen before the model refined itself is void. */
		memset(f->largest, 0, f->model.words * sizeof(*f->largest));
		f->branching = 0;
		look_at(f, f->initial);
	}
	memcpy(state, f->initial, f->model.words * sizeof(*state));
	return MODEL_OK;
}

static enum model_status known(enum model_status status, struct error *e)
{
	if (status != MODEL_UNKNOWN)
		return status;
	error_set(e, "internal fault: a search met what the search before it had not");
	return MODEL_ERROR;
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	struct frozen *f = self;
	struct look l = {.frozen = f, .emit = emit, .arg = arg};

	return f->frozen ? known(f->of->recall(f->reader, state, emit, arg), e)
	                 : f->of->successors(f->of->self, state, look, &l, e);
}

static enum model_status representative(void *self, const uint32_t *state, uint32_t *out, struct error *e)
{
	struct frozen *f = self;
	enum model_status status;

	if (f->frozen) {
		status = f->of->recall_representative(f->reader, state, out);
		return status == MODEL_ITSELF ? MODEL_OK : known(status, e);
	}
	status = f->of->representative(f->of->self, state, out, e);
	if (status == MODEL_OK)
		look_at(f, out);
	return status;
}

static void *reader_new(void *self)
{
	struct frozen *f = self;

	return f->of->reader_new(f->of->self);
}

static size_t memory(void *self)
{
	struct frozen *f = self;

	return f->of->memory(f->of->self);
}

/* While it learns the model is asked by one thread. */
static int learn(struct frozen *f, struct error *e)
{
	const struct check_options options = {.threads = 1};
	struct check_result result;
	int status = check_breadth_first(&f->model, &options, &result, e);

	if (status == 0 && result.verdict != CHECK_PASS)
		status = error_set(e, "cannot search the whole system: %s", result.reason);
	f->states = result.states;
	f->transitions = result.transitions;
	check_result_free(&result);
	return status;
}

int frozen_init(struct frozen *f, const struct system *system, struct error *e)
{
	const struct model *of = system->model;

	*f = (struct frozen){
	        .of = of,
	        .model = *of,
	        .symmetric = system->symmetric,
	        .initial = calloc(of->words, sizeof(*f->initial)),
	        .largest = calloc(of->words, sizeof(*f->largest)),
	};
	f->model.self = f;
	f->model.initial = initial;
	f->model.successors = successors;
	f->model.representative = f->symmetric ? representative : NULL;
	f->model.memory = memory;
	f->model.reader_new = NULL;
	f->model.reader_free = NULL;
	f->model.recall = NULL;
	f->model.recall_representative = NULL;
	if (f->initial && f->largest) {
		if (learn(f, e)) {
			frozen_free(f);
			return -1;
		}
		f->reader = of->reader_new(of->self);
	}
	if (!f->reader) {
		frozen_free(f);
		return error_set(e, "out of memory");
	}
	f->model.reader_new = reader_new;
	f->model.reader_free = of->reader_free;
	f->model.recall = of->recall;
	f->model.recall_representative = f->symmetric ? of->recall_representative : NULL;
	f->frozen = true;
	return 0;
}

void frozen_free(struct frozen *f)
{
	if (f->reader)
		f->of->reader_free(f->reader);
	free(f->initial);
	free(f->largest);
	*f = (struct frozen){0};
}
