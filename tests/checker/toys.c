/* SPDX-License-Identifier: MIT */
#include "tests/checker/toys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

const struct named_engine engines[] = {
        {"breadth-first", check_breadth_first},
        {"reference", check_reference},
        {NULL, NULL},
};

static size_t no_memory(void *self)
{
	(void)self;
	return 0;
}

static struct model_label label(unsigned choice)
{
	return (struct model_label){.length = 1, .choice = {(uint8_t)choice}};
}

static enum model_status all_zero(uint32_t *state, size_t words)
{
	memset(state, 0, words * sizeof(*state));
	return MODEL_OK;
}

/* Grid */

static enum model_status grid_initial(void *self, uint32_t *state, struct error *e)
{
	const struct grid *grid = self;

	(void)e;
	return all_zero(state, grid->counters);
}

static enum model_status grid_successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                         struct error *e)
{
	const struct grid *grid = self;
	size_t bytes = grid->counters * sizeof(*state);
	uint32_t next[GRID_COUNTERS_MAX];

	(void)e;
	memcpy(next, state, bytes);
	for (unsigned i = 0; i < grid->counters; i++) {
		struct model_transition t = {.label = label(i), .next = next};

		next[i]++;
		if (next[i] == grid->size) {
			t.next = NULL;
			t.violated = 1u << GRID_OVERRUN;
		} else if (grid->target && memcmp(next, grid->target, bytes) == 0) {
			t.violated = 1u << GRID_TARGET | grid->target_violates;
		}
		if ((t.next || grid->overrun) && emit(arg, &t) != 0)
			return MODEL_STOPPED;
		next[i]--;
	}
	return MODEL_OK;
}

/* A toy is asked by any number of threads: it does not change. */
static void *reader_of_toy(void *self)
{
	return self;
}

static void free_nothing(void *reader)
{
	(void)reader;
}

static enum model_status grid_recall(void *reader, const uint32_t *state, model_emit *emit, void *arg)
{
	return grid_successors(reader, state, emit, arg, NULL);
}

static size_t grid_memory(void *self)
{
	return ((const struct grid *)self)->claimed_memory;
}

struct model grid_model(struct grid *grid)
{
	static const char *const names[] = {"deadlock", "target", "overrun"};

	return (struct model){
	        .self = grid,
	        .words = grid->counters,
	        .properties = 3,
	        .property_names = names,
	        .deadlock_property = GRID_DEADLOCK,
	        .initial = grid_initial,
	        .successors = grid_successors,
	        .reader_new = grid->readers ? reader_of_toy : NULL,
	        .reader_free = free_nothing,
	        .recall = grid->readers ? grid_recall : NULL,
	        .memory = grid_memory,
	};
}

/* Philosophers */

enum { THINKING, LEFT_FORK, EATING };

static enum model_status philosophers_initial(void *self, uint32_t *state, struct error *e)
{
	const struct philosophers *p = self;

	(void)e;
	return all_zero(state, p->number);
}

static enum model_status philosophers_successors(void *self, const uint32_t *state, model_emit *emit,
                                                 void *arg, struct error *e)
{
	const struct philosophers *p = self;
	unsigned n = p->number;
	uint32_t next[16];

	(void)e;
	assert_in_range(n, 2, 16);
	memcpy(next, state, n * sizeof(*state));
	for (unsigned i = 0; i < n; i++) {
		struct model_transition t = {.label = label(i), .process = (uint8_t)i, .next = next};
		unsigned left = (i + n - 1) % n, right = (i + 1) % n;

		if (state[i] == THINKING && state[left] != EATING)
			next[i] = LEFT_FORK;
		else if (state[i] == LEFT_FORK && state[right] == THINKING)
			next[i] = EATING;
		else if (state[i] == EATING || (state[i] == LEFT_FORK && p->polite))
			next[i] = THINKING;
		else
			continue;
		t.progress = next[i] == EATING;
		if (emit(arg, &t) != 0)
			return MODEL_STOPPED;
		next[i] = state[i];
	}
	return MODEL_OK;
}

struct model philosophers_model(struct philosophers *philosophers)
{
	static const char *const names[] = {"deadlock"};

	return (struct model){
	        .self = philosophers,
	        .words = philosophers->number,
	        .properties = 1,
	        .property_names = names,
	        .deadlock_property = 0,
	        .processes = philosophers->number,
	        .initial = philosophers_initial,
	        .successors = philosophers_successors,
	        .memory = no_memory,
	};
}

/* Peterson: words 0 and 1 are program counters, 2 and 3 flags, 4 is the turn. */

enum { IDLE, RAISED, WAITING, CRITICAL, PETERSON_WORDS = 5 };

static enum model_status peterson_initial(void *self, uint32_t *state, struct error *e)
{
	(void)self;
	(void)e;
	return all_zero(state, PETERSON_WORDS);
}

/* One instruction of process i; returns whether it can be executed. */
static bool peterson_step(const struct peterson *p, uint32_t *s, unsigned i)
{
	unsigned other = 1 - i;

	switch (s[i]) {
	case IDLE:
		s[2 + i] = !p->broken;
		s[i] = RAISED;
		return true;
	case RAISED:
		s[4] = other;
		s[i] = WAITING;
		return true;
	case WAITING:
		if (s[2 + other] != 0 && (s[4] == other || p->selfish))
			return p->spins;
		s[i] = CRITICAL;
		return true;
	default: /* CRITICAL */
		s[2 + i] = 0;
		s[i] = IDLE;
		return true;
	}
}

static enum model_status peterson_successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                             struct error *e)
{
	const struct peterson *p = self;

	(void)e;
	for (unsigned i = 0; i < 2; i++) {
		uint32_t next[PETERSON_WORDS];
		struct model_transition t = {.label = label(i), .process = (uint8_t)i, .next = next};

		memcpy(next, state, sizeof(next));
		if (!peterson_step(p, next, i))
			continue;
		t.stutters = memcmp(next, state, sizeof(next)) == 0;
		t.progress = next[i] == CRITICAL;
		if (next[0] == CRITICAL && next[1] == CRITICAL)
			t.violated = 1;
		if (emit(arg, &t) != 0)
			return MODEL_STOPPED;
	}
	return MODEL_OK;
}

struct model peterson_model(struct peterson *peterson)
{
	static const char *const names[] = {"exclusion", "standstill"};

	return (struct model){
	        .self = peterson,
	        .words = PETERSON_WORDS,
	        .properties = 2,
	        .property_names = names,
	        .deadlock_property = 1,
	        .processes = 2,
	        .initial = peterson_initial,
	        .successors = peterson_successors,
	        .memory = no_memory,
	};
}

/* Random graph */

/* splitmix64 */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

enum { RANDOM_GRAPH_WORDS_MAX = 300 };

/* The number of the state is in the last word; of the others, some never change, and some do. */
static void random_graph_vector(const struct random_graph *g, uint32_t number, uint32_t *vector)
{
	for (unsigned i = 0; i < g->words; i++)
		vector[i] =
		        i % 4 == 0 ? i % 3 : (uint32_t)(mix((number / (1 + i % 7)) * 977 + i) % (1 + i % 40));
	vector[g->words - 1] = number;
}

static enum model_status random_graph_initial(void *self, uint32_t *state, struct error *e)
{
	(void)e;
	random_graph_vector(self, 0, state);
	return MODEL_OK;
}

static enum model_status random_graph_successors(void *self, const uint32_t *state, model_emit *emit,
                                                 void *arg, struct error *e)
{
	struct random_graph *g = self;
	uint32_t number = state[g->words - 1];
	uint64_t r = mix(g->seed ^ mix(number));
	unsigned steps = (unsigned)(r % (g->degree + 1));
	uint32_t next[RANDOM_GRAPH_WORDS_MAX];
	bool refine;

	assert_true(g->words <= RANDOM_GRAPH_WORDS_MAX);
	g->calls++;
	refine = g->calls == g->refine_at || (g->refine_always != 0 && g->calls % g->refine_always == 0);
	if (refine && g->refine_early)
		return MODEL_REFINED;
	if (g->calls == g->fail_at) {
		error_set(e, "told to fail at call %llu", (unsigned long long)g->calls);
		return MODEL_ERROR;
	}
	/* Most states go on near themselves, so that graphs are deep; deadlock is made rare. */
	if (steps == 0 && mix(r) % g->rarity != 0)
		steps = 1;
	for (unsigned i = 0; i < steps; i++) {
		struct model_transition t = {.label = label(i), .next = next};
		uint64_t v;

		r = mix(r);
		v = mix(r);
		random_graph_vector(g, (number + (uint32_t)(r % 16)) % g->states, next);
		if ((r >> 32) % 8 == 0)
			random_graph_vector(g, (uint32_t)((r >> 8) % g->states), next);
		if (v % g->rarity == 0)
			t.violated = (uint32_t)(v >> 32) & 0xe;
		if ((v >> 16) % 32 == 0)
			t.next = NULL;
		t.process = (uint8_t)((v >> 24) % (g->processes + 1));
		t.progress = g->achieves != 0 && (v >> 40) % g->achieves == 0;
		if (emit(arg, &t) != 0)
			return MODEL_STOPPED;
	}
	if (!g->learnt[number % RANDOM_GRAPH_LESSONS])
		g->order[number % RANDOM_GRAPH_LESSONS] = ++g->lessons;
	g->learnt[number % RANDOM_GRAPH_LESSONS] = true;
	return refine ? MODEL_REFINED : MODEL_OK;
}

/* What is taught with one state is known of all that are like it. */
static enum model_status random_graph_recall(void *reader, const uint32_t *state, model_emit *emit, void *arg)
{
	const struct random_graph *g = reader;
	struct random_graph copy = *g;
	enum model_status status;

	copy.refine_at = copy.refine_always = copy.fail_at = 0;
	status = random_graph_successors(&copy, state, emit, arg, NULL);
	/* After all steps were told, or all but the last ones: whoever asks must forget them. */
	return g->learnt[state[g->words - 1] % RANDOM_GRAPH_LESSONS] ? status : MODEL_UNKNOWN;
}

static int random_graph_save(void *self, const struct sink *sink, struct error *e)
{
	const struct random_graph *g = self;

	return sink_write(sink, g->learnt, sizeof(g->learnt), e) ||
	                       sink_write(sink, g->order, sizeof(g->order), e)
	               ? -1
	               : 0;
}

static int random_graph_restore(void *self, const struct source *source, struct error *e)
{
	struct random_graph *g = self;
	uint8_t learnt[RANDOM_GRAPH_LESSONS];

	if (source_read(source, learnt, sizeof(learnt), e) ||
	    source_read(source, g->order, sizeof(g->order), e))
		return -1;
	for (size_t i = 0; i < RANDOM_GRAPH_LESSONS; i++) {
		if (learnt[i] > 1)
			return error_set(e, "half learnt");
		g->learnt[i] = learnt[i] != 0;
		g->lessons = (uint8_t)(g->lessons + learnt[i]);
	}
	return 0;
}

static bool random_graph_plausible(void *self, const uint32_t *state)
{
	const struct random_graph *g = self;
	uint32_t vector[RANDOM_GRAPH_WORDS_MAX];

	random_graph_vector(g, state[g->words - 1], vector);
	return state[g->words - 1] < g->states && memcmp(vector, state, g->words * sizeof(*state)) == 0;
}

struct model random_graph_model(struct random_graph *graph)
{
	static const char *const names[RANDOM_GRAPH_PROPERTIES] = {"deadlock", "one", "two", "three"};

	return (struct model){
	        .self = graph,
	        .words = graph->words,
	        .properties = RANDOM_GRAPH_PROPERTIES,
	        .property_names = names,
	        .deadlock_property = 0,
	        .processes = graph->processes,
	        .initial = random_graph_initial,
	        .successors = random_graph_successors,
	        .reader_new = graph->readers ? reader_of_toy : NULL,
	        .reader_free = free_nothing,
	        .recall = graph->readers ? random_graph_recall : NULL,
	        .save = random_graph_save,
	        .restore = random_graph_restore,
	        .plausible = random_graph_plausible,
	        .memory = no_memory,
	};
}

/* Replay of a trace */

struct replay {
	const struct model *model;
	const struct model_label *wanted;
	uint32_t *state;
	uint32_t violated;
	unsigned steps, found;
	bool ended;
};

static int replay_step(void *arg, const struct model_transition *t)
{
	struct replay *r = arg;

	r->steps++;
	if (!r->wanted || t->label.length != r->wanted->length ||
	    memcmp(t->label.choice, r->wanted->choice, t->label.length) != 0)
		return 0;
	r->found++;
	r->violated = t->violated;
	r->ended = !t->next;
	/* The vector is not the model's to change while it enumerates: stop here. */
	if (t->next)
		memcpy(r->state + r->model->words, t->next, r->model->words * sizeof(*t->next));
	return 1;
}

void assert_trace_violates(const struct model *model, const struct check_result *result)
{
	size_t bytes = model->words * sizeof(uint32_t);
	uint32_t *state = test_malloc(2 * bytes); /* the current one and the next */
	struct error e;

	assert_int_equal(result->verdict, CHECK_FAIL);
	assert_int_equal(result->depth, result->trace_length);
	assert_int_equal(model->initial(model->self, state, &e), MODEL_OK);
	for (size_t i = 0; i < result->trace_length; i++) {
		struct replay r = {.model = model, .wanted = &result->trace[i], .state = state};
		uint32_t property = UINT32_C(1) << result->property;

		assert_int_equal(model->successors(model->self, state, replay_step, &r, &e), MODEL_STOPPED);
		assert_int_equal(r.found, 1);
		memcpy(state, state + model->words, bytes);
		if (i + 1 < result->trace_length) {
			assert_false(r.ended);
			assert_false(r.violated & property);
		} else if (r.violated & property) {
			test_free(state);
			return;
		}
	}
	/* No step violates it: then it must be a deadlock. */
	struct replay r = {.model = model, .state = state};

	assert_int_equal(result->property, model->deadlock_property);
	assert_int_equal(model->successors(model->self, state, replay_step, &r, &e), MODEL_OK);
	assert_int_equal(r.steps, 0);
	test_free(state);
}
