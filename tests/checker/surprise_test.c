/* SPDX-License-Identifier: MIT */
/* Models that refine their steps, fail, or break the rules in the middle of a search. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/checker/toys.h"

static const struct check_options everything = {.properties = UINT32_MAX};

static void refinement_starts_again(void **unused)
{
	struct random_graph graph = {.seed = 5, .states = 500, .degree = 3, .rarity = 1u << 30, .words = 2};
	struct model model = random_graph_model(&graph);
	struct check_options nothing = {.properties = 0};
	struct check_result plain, refined;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		graph.refine_at = 0;
		assert_int_equal(engine->check(&model, &nothing, &plain, &e), 0);
		assert_true(plain.states > 100);
		graph.calls = 0;
		graph.refine_at = 60;
		assert_int_equal(engine->check(&model, &nothing, &refined, &e), 0);
		assert_int_equal(refined.verdict, CHECK_PASS);
		assert_int_equal(refined.restarts, 1);
		assert_int_equal(refined.states, plain.states);
		assert_int_equal(refined.transitions, plain.transitions);
		assert_int_equal(refined.depth, plain.depth);
		check_result_free(&plain);
		check_result_free(&refined);
	}
}

/* The last calls are those that recover the trace: a refinement there voids it, an error there is one. */
static void surprises_while_the_trace_is_recovered(void **unused)
{
	struct random_graph graph = {.seed = 11, .states = 3000, .degree = 2, .rarity = 40, .words = 1};
	struct model model = random_graph_model(&graph);
	struct check_result plain, refined;
	struct error e;
	uint64_t calls;

	(void)unused;
	assert_int_equal(check_breadth_first(&model, &everything, &plain, &e), 0);
	assert_trace_violates(&model, &plain);
	assert_true(plain.trace_length > 2);
	graph.calls = 0;
	check_result_free(&plain);
	assert_int_equal(check_breadth_first(&model, &everything, &plain, &e), 0);
	calls = graph.calls;
	for (uint64_t at = 1; at <= calls; at++) {
		graph.calls = 0;
		graph.fail_at = at;
		assert_int_equal(check_breadth_first(&model, &everything, &refined, &e), -1);
		assert_int_equal(refined.verdict, CHECK_ERROR);
		assert_null(refined.trace);
		assert_non_null(strstr(e.text, "told to fail"));
		check_result_free(&refined);
	}
	graph.fail_at = 0;
	graph.refine_early = 1;
	for (uint64_t at = 1; at <= calls; at++) {
		graph.calls = 0;
		graph.refine_at = at;
		assert_int_equal(check_breadth_first(&model, &everything, &refined, &e), 0);
		assert_int_equal(refined.restarts, 1);
		assert_int_equal(refined.verdict, CHECK_FAIL);
		assert_int_equal(refined.states, plain.states);
		assert_int_equal(refined.trace_length, plain.trace_length);
		assert_memory_equal(refined.trace, plain.trace, plain.trace_length * sizeof(*plain.trace));
		check_result_free(&refined);
	}
	check_result_free(&plain);
}

static void endless_refinement_is_an_error(void **unused)
{
	struct random_graph graph = {.seed = 5, .states = 500, .degree = 3, .rarity = 1u << 30, .words = 2};
	struct model model = random_graph_model(&graph);
	struct check_options nothing = {.properties = 0};
	struct check_result result;
	struct error e;

	(void)unused;
	graph.refine_always = 10;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		memset(&e, 0, sizeof(e));
		assert_int_equal(engine->check(&model, &nothing, &result, &e), -1);
		assert_int_equal(result.verdict, CHECK_ERROR);
		assert_int_equal(result.restarts, CHECK_RESTARTS_MAX);
		assert_non_null(strstr(e.text, "refine"));
		check_result_free(&result);
	}
}

static void errors_of_the_model_come_through(void **unused)
{
	struct random_graph graph = {.seed = 5, .states = 500, .degree = 3, .rarity = 1u << 30, .words = 2};
	struct model model = random_graph_model(&graph);
	struct check_options nothing = {.properties = 0};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		for (uint64_t at = 1; at < 100; at += 7) {
			graph.calls = 0;
			graph.fail_at = at;
			memset(&e, 0, sizeof(e));
			assert_int_equal(engine->check(&model, &nothing, &result, &e), -1);
			assert_int_equal(result.verdict, CHECK_ERROR);
			assert_int_equal(result.property, -1);
			assert_null(result.reason);
			assert_non_null(strstr(e.text, "told to fail"));
			check_result_free(&result);
		}
	}
}

static enum model_status initial_that_fails(void *self, uint32_t *state, struct error *e)
{
	(void)self;
	state[0] = 0;
	(void)error_set(e, "no initial state");
	return MODEL_ERROR;
}

static void error_of_the_initial_state_comes_through(void **unused)
{
	struct grid grid = {.counters = 2, .size = 3};
	struct model model = grid_model(&grid);
	struct check_result result;
	struct error e;

	(void)unused;
	model.initial = initial_that_fails;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_int_equal(engine->check(&model, &everything, &result, &e), -1);
		assert_int_equal(result.verdict, CHECK_ERROR);
		assert_string_equal(e.text, "no initial state");
		check_result_free(&result);
	}
}

/*
 * A model that plays a script, one line for each call of successors(): states
 * are 0, 1, 2, ...; a line emits at most one step and returns a status whatever
 * emit says.
 */
struct line {
	uint32_t next; /* 0: emit nothing */
	uint32_t violated;
	enum model_status status;
};

struct script {
	const struct line *lines;
	size_t length, played;
};

static enum model_status script_initial(void *self, uint32_t *state, struct error *e)
{
	(void)self;
	(void)e;
	*state = 0;
	return MODEL_OK;
}

static enum model_status script_successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                           struct error *e)
{
	struct script *script = self;
	const struct line *line = &script->lines[script->played++];
	struct model_transition t = {.violated = line->violated, .next = &line->next};

	(void)state;
	assert_true(script->played <= script->length);
	if (line->next != 0)
		(void)emit(arg, &t);
	if (line->status == MODEL_ERROR)
		(void)error_set(e, "scripted");
	return line->status;
}

static size_t script_memory(void *self)
{
	(void)self;
	return 0;
}

static int play(engine *check, const struct line *lines, size_t length, const struct check_options *options,
                struct check_result *result, struct error *e)
{
	static const char *const names[] = {"deadlock", "one"};
	struct script script = {.lines = lines, .length = length};
	struct model model = {
	        .self = &script,
	        .words = 1,
	        .properties = 2,
	        .property_names = names,
	        .deadlock_property = 0,
	        .initial = script_initial,
	        .successors = script_successors,
	        .memory = script_memory,
	};

	e->text[0] = '\0';
	return check(&model, options, result, e);
}

#define PLAY(check, lines, options, result, e)                                                               \
	play(check, lines, sizeof(lines) / sizeof(*(lines)), options, result, e)

static void refinement_voids_what_was_emitted(void **unused)
{
	/* A violation that the refinement takes back; then another state space: one step, and a deadlock. */
	static const struct line violation[] = {
	        {.next = 1, .violated = 2, .status = MODEL_REFINED},
	        {.next = 1},
	        {.next = 0},
	        {.next = 1, .status = MODEL_STOPPED}, /* the trace */
	};
	/* The refinement comes while the trace of a violating step is recovered. */
	static const struct line late[] = {
	        {.next = 1},
	        {.next = 2, .violated = 2},
	        {.status = MODEL_REFINED},
	        {.next = 0},
	};
	/* The limit is reached, and then not. */
	static const struct line limit[] = {
	        {.next = 1},
	        {.next = 2, .status = MODEL_REFINED},
	        {.next = 1},
	        {.next = 1},
	};
	struct check_options options = {.properties = UINT32_MAX};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_int_equal(PLAY(engine->check, violation, &options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_FAIL);
		assert_int_equal(result.property, 0);
		assert_int_equal(result.trace_length, 1);
		assert_int_equal(result.restarts, 1);
		check_result_free(&result);

		options.max_states = 2;
		assert_int_equal(PLAY(engine->check, limit, &options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_PASS);
		assert_int_equal(result.states, 2);
		assert_null(result.reason);
		check_result_free(&result);
		options.max_states = 0;
	}
	assert_int_equal(PLAY(check_breadth_first, late, &options, &result, &e), 0);
	assert_int_equal(result.verdict, CHECK_FAIL);
	assert_int_equal(result.property, 0);
	assert_int_equal(result.trace_length, 0);
	assert_null(result.trace);
	check_result_free(&result);
}

static void error_outranks_a_limit(void **unused)
{
	static const struct line lines[] = {{.next = 1, .status = MODEL_ERROR}};
	struct check_options options = {.max_states = 1};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_int_equal(PLAY(engine->check, lines, &options, &result, &e), -1);
		assert_int_equal(result.verdict, CHECK_ERROR);
		assert_null(result.reason);
		assert_string_equal(e.text, "scripted");
		check_result_free(&result);
	}
}

/* What was not enumerated to the end must not pass. */
static void stopping_unasked_is_an_error(void **unused)
{
	static const struct line lines[] = {{.next = 1, .status = MODEL_STOPPED}};
	struct check_options options = {.properties = 0};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_int_equal(PLAY(engine->check, lines, &options, &result, &e), -1);
		assert_int_equal(result.verdict, CHECK_ERROR);
		assert_non_null(strstr(e.text, "nobody asked"));
		check_result_free(&result);
	}
}

static void a_step_made_once_only_is_an_error(void **unused)
{
	static const struct line lines[] = {
	        {.next = 1}, {.next = 1, .violated = 2}, {.next = 1}, {.next = 1}, /* was a violation */
	};
	struct check_result result;
	struct error e;

	(void)unused;
	assert_int_equal(PLAY(check_breadth_first, lines, &everything, &result, &e), -1);
	assert_int_equal(result.verdict, CHECK_ERROR);
	assert_int_equal(result.property, -1);
	assert_non_null(strstr(e.text, "deterministic"));
	check_result_free(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(refinement_starts_again),
	        cmocka_unit_test(surprises_while_the_trace_is_recovered),
	        cmocka_unit_test(endless_refinement_is_an_error),
	        cmocka_unit_test(errors_of_the_model_come_through),
	        cmocka_unit_test(error_of_the_initial_state_comes_through),
	        cmocka_unit_test(refinement_voids_what_was_emitted),
	        cmocka_unit_test(error_outranks_a_limit),
	        cmocka_unit_test(stopping_unasked_is_an_error),
	        cmocka_unit_test(a_step_made_once_only_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
