/* SPDX-License-Identifier: MIT */
#include "tests/checker/cycles_naive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STATES_MAX = 700, PROCESSES_MAX = 32 };

struct explorer {
	const struct model *model;
	struct naive_cycles *found;
	uint32_t *vectors; /* [STATES_MAX * words] */
	unsigned depth[STATES_MAX];
	bool can[STATES_MAX][PROCESSES_MAX];
	bool leads[STATES_MAX][STATES_MAX];  /* by one step without progress, then by some */
	uint32_t by[STATES_MAX][STATES_MAX]; /* which processes make such a step */
	unsigned now;
};

static unsigned number(struct explorer *x, const uint32_t *vector)
{
	size_t words = x->model->words;
	unsigned i = 0;

	while (i < x->found->states && memcmp(x->vectors + i * words, vector, words * sizeof(*vector)) != 0)
		i++;
	assert_true(i < STATES_MAX);
	if (i == x->found->states) {
		memcpy(x->vectors + i * words, vector, words * sizeof(*vector));
		x->depth[i] = i == 0 ? 0 : x->depth[x->now] + 1;
		x->found->states++;
	}
	return i;
}

static int on_step(void *arg, const struct model_transition *t)
{
	struct explorer *x = arg;

	x->found->transitions++;
	if (t->process < x->model->processes)
		x->can[x->now][t->process] = true;
	if (t->next) {
		unsigned next = number(x, t->next);

		if (!t->progress) {
			x->leads[x->now][next] = true;
			if (t->process < x->model->processes)
				x->by[x->now][next] |= 1u << t->process;
		}
	}
	return 0;
}

static void close_over(struct explorer *x)
{
	unsigned n = x->found->states;

	for (unsigned k = 0; k < n; k++) {
		for (unsigned i = 0; i < n; i++) {
			for (unsigned j = 0; x->leads[i][k] && j < n; j++)
				x->leads[i][j] |= x->leads[k][j];
		}
	}
}

/* Can a fair run without progress go round through state s? */
static bool is_fair(const struct explorer *x, unsigned s)
{
	for (unsigned p = 0; p < x->model->processes; p++) {
		bool fair = false;

		for (unsigned i = 0; i < x->found->states && !fair; i++) {
			if (!x->leads[s][i] || !x->leads[i][s])
				continue;
			fair = !x->can[i][p];
			for (unsigned j = 0; j < x->found->states && !fair; j++)
				fair = (x->by[i][j] >> p & 1) != 0 && x->leads[j][s];
		}
		if (!fair)
			return false;
	}
	return x->leads[s][s];
}

struct naive_cycles naive_cycles(const struct model *model)
{
	struct naive_cycles found = {0};
	struct explorer *x = calloc(1, sizeof(*x));
	uint32_t *state = calloc(model->words, sizeof(*state));
	struct error e;

	assert_non_null(x);
	assert_non_null(state);
	x->model = model;
	x->found = &found;
	x->vectors = calloc(STATES_MAX * model->words, sizeof(*x->vectors));
	assert_non_null(x->vectors);
	assert_int_equal(model->initial(model->self, state, &e), MODEL_OK);
	(void)number(x, state);
	for (x->now = 0; x->now < found.states; x->now++) {
		memcpy(state, x->vectors + x->now * model->words, model->words * sizeof(*state));
		assert_int_equal(model->successors(model->self, state, on_step, x, &e), MODEL_OK);
	}
	close_over(x);
	for (unsigned s = 0; s < found.states; s++) {
		if (is_fair(x, s) && (!found.found || x->depth[s] < found.stem)) {
			found.found = true;
			found.stem = x->depth[s];
		}
	}
	free(x->vectors);
	free(x);
	free(state);
	return found;
}

/* One step of a trace. */
struct player {
	const struct model_label *wanted;
	size_t bytes;
	uint32_t *next;
	unsigned found;
	bool progress;
	unsigned process;
	uint32_t can;
};

static int play(void *arg, const struct model_transition *t)
{
	struct player *p = arg;

	p->can |= t->process < PROCESSES_MAX ? 1u << t->process : 0;
	if (t->label.length != p->wanted->length ||
	    memcmp(t->label.choice, p->wanted->choice, t->label.length) != 0)
		return 0;
	assert_non_null(t->next);
	memcpy(p->next, t->next, p->bytes);
	p->progress = t->progress;
	p->process = t->process;
	p->found++;
	return 0;
}

void assert_lasso(const struct model *model, const struct check_result *result)
{
	size_t words = model->words;
	uint32_t *states = calloc(3 * words, sizeof(*states)), *at = states, *loop = states + 2 * words;
	uint32_t always = UINT32_MAX, moved = 0;
	struct error e;

	assert_non_null(states);
	assert_int_equal(result->verdict, CHECK_FAIL);
	assert_int_equal(result->property, model->deadlock_property);
	assert_int_equal(result->depth, result->trace_length);
	assert_true(result->loop < result->trace_length);
	assert_int_equal(model->initial(model->self, at, &e), MODEL_OK);
	for (size_t i = 0; i < result->trace_length; i++) {
		struct player p = {
		        .wanted = &result->trace[i], .bytes = words * sizeof(*at), .next = states + words};

		if (i == result->loop)
			memcpy(loop, at, p.bytes);
		assert_int_equal(model->successors(model->self, at, play, &p, &e), MODEL_OK);
		assert_int_equal(p.found, 1);
		if (i >= result->loop) {
			assert_false(p.progress);
			always &= p.can;
			moved |= p.process < model->processes ? 1u << p.process : 0;
		}
		memcpy(at, p.next, p.bytes);
	}
	assert_memory_equal(at, loop, words * sizeof(*at));
	for (unsigned p = 0; p < model->processes; p++)
		assert_true(((moved | ~always) >> p & 1) != 0);
	free(states);
}
