/* SPDX-License-Identifier: MIT */
/* Both engines on models whose state spaces are known from elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/checker/toys.h"

static const struct check_options everything = {.properties = UINT32_MAX};

static void assert_passes(const struct named_engine *engine, const struct model *model, uint32_t properties,
                          uint64_t states, uint64_t transitions, unsigned depth)
{
	struct check_options options = {.properties = properties};
	struct check_result result;
	struct error e;

	assert_int_equal(engine->check(model, &options, &result, &e), 0);
	assert_int_equal(result.verdict, CHECK_PASS);
	assert_int_equal(result.property, -1);
	assert_int_equal(result.states, states);
	assert_int_equal(result.transitions, transitions);
	assert_int_equal(result.depth, depth);
	assert_int_equal(result.restarts, 0);
	assert_null(result.reason);
	assert_null(result.trace);
	assert_int_equal(result.trace_length, 0);
	assert_true(result.memory > 0);
	check_result_free(&result);
}

static void assert_fails(const struct named_engine *engine, const struct model *model, uint32_t properties,
                         int property, size_t length)
{
	struct check_options options = {.properties = properties};
	struct check_result result;
	struct error e;

	assert_int_equal(engine->check(model, &options, &result, &e), 0);
	assert_int_equal(result.verdict, CHECK_FAIL);
	assert_int_equal(result.property, property);
	assert_int_equal(result.trace_length, length);
	assert_null(result.reason);
	assert_trace_violates(model, &result);
	check_result_free(&result);
	assert_null(result.trace);
}

static void grid_is_counted(void **unused)
{
	struct grid grid = {.counters = 3, .size = 10};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		/* 10^3 states; each counter can step in 9 of 10 cases; 9 + 9 + 9 steps to the end. */
		assert_passes(engine, &model, 0, 1000, 3 * 900, 28);
	}
}

/* States with the same sum of counters are a level. */
static void levels_are_counted(void **unused)
{
	struct grid grid = {.counters = 3, .size = 10, .readers = 1};
	struct model model = grid_model(&grid);
	struct check_options options = {.threads = 2};
	struct check_result result;
	struct error e;
	uint64_t expected[28] = {0}, widest = 0;

	(void)unused;
	for (unsigned i = 0; i < 1000; i++)
		expected[i / 100 + i / 10 % 10 + i % 10]++;
	assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
	assert_int_equal(result.stats.n_levels, 28);
	assert_memory_equal(result.stats.levels, expected, sizeof(expected));
	for (unsigned i = 0; i < 28; i++)
		widest = expected[i] > widest ? expected[i] : widest;
	assert_int_equal(result.stats.widest, widest);
	assert_true(result.stats.set_bytes > 0 && result.stats.tree_bytes > 0);
	assert_true(result.stats.load > 0 && result.stats.load <= 1);
	check_result_free(&result);
	/* Cut short: the levels begun, all of their states known. */
	options.max_depth = 5;
	assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
	assert_int_equal(result.stats.n_levels, 5);
	assert_memory_equal(result.stats.levels, expected, 5 * sizeof(*expected));
	check_result_free(&result);
	assert_null(result.stats.levels);
}

static void one_state_is_one_level(void **unused)
{
	struct grid grid = {.counters = 2, .size = 1};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_passes(engine, &model, 0, 1, 0, 1);
		/* It deadlocks at once: a counterexample without a step. */
		assert_fails(engine, &model, 1u << GRID_DEADLOCK, GRID_DEADLOCK, 0);
	}
}

static void deadlock_is_found_at_the_end(void **unused)
{
	struct grid grid = {.counters = 4, .size = 5};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++)
		assert_fails(engine, &model, 1u << GRID_DEADLOCK, GRID_DEADLOCK, 16);
}

static void shortest_violation_is_found(void **unused)
{
	const uint32_t target[] = {3, 0, 6, 2};
	struct grid grid = {.counters = 4, .size = 8, .target = target};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++)
		assert_fails(engine, &model, 1u << GRID_TARGET, GRID_TARGET, 11);
}

static void first_step_may_violate(void **unused)
{
	const uint32_t target[] = {0, 1};
	struct grid grid = {.counters = 2, .size = 8, .target = target};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++)
		assert_fails(engine, &model, UINT32_MAX, GRID_TARGET, 1);
}

static void lowest_property_of_a_step_is_reported(void **unused)
{
	const uint32_t target[] = {1, 1};
	struct grid grid = {
	        .counters = 2, .size = 4, .target = target, .target_violates = 1u << 31 | 1u << 5};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_fails(engine, &model, UINT32_MAX, GRID_TARGET, 2);
		assert_fails(engine, &model, 1u << 31 | 1u << 5, 5, 2);
		assert_fails(engine, &model, 1u << 31, 31, 2);
	}
}

/* A step that violates what nobody asked about leads on like any other. */
static void other_violations_are_passed_through(void **unused)
{
	const uint32_t target[] = {1};
	struct grid grid = {.counters = 1, .size = 4, .target = target};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_passes(engine, &model, 0, 4, 3, 4);
		/* Every way to the deadlock goes through the target. */
		assert_fails(engine, &model, 1u << GRID_DEADLOCK, GRID_DEADLOCK, 3);
	}
}

static void steps_that_end_the_run(void **unused)
{
	struct grid grid = {.counters = 2, .size = 5, .overrun = 1};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		/* 2 steps a state, some of which lead nowhere; a state with such a step does not deadlock. */
		assert_passes(engine, &model, 1u << GRID_DEADLOCK, 25, 50, 9);
		assert_fails(engine, &model, UINT32_MAX, GRID_OVERRUN, 5);
	}
}

static void philosophers_starve(void **unused)
{
	static const uint64_t pell_lucas[] = {2, 2, 6, 14, 34, 82, 198, 478, 1154, 2786};

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		for (unsigned n = 2; n < 10; n++) {
			struct philosophers p = {.number = n};
			struct model model = philosophers_model(&p);
			struct check_options nothing = {.properties = 0};
			struct check_result result;
			struct error e;

			assert_int_equal(engine->check(&model, &nothing, &result, &e), 0);
			assert_int_equal(result.verdict, CHECK_PASS);
			assert_int_equal(result.states, pell_lucas[n]);
			check_result_free(&result);
			/* Everybody takes the left fork. */
			assert_fails(engine, &model, 1, 0, n);
		}
	}
}

static void peterson_excludes(void **unused)
{
	struct peterson right = {.broken = 0}, wrong = {.broken = 1};
	struct model model = peterson_model(&right), broken = peterson_model(&wrong);
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_int_equal(engine->check(&model, &everything, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_PASS);
		check_result_free(&result);
		/* Three instructions of each process. */
		assert_fails(engine, &broken, 1, 0, 6);
	}
}

static void verdicts_have_names(void **unused)
{
	(void)unused;
	assert_string_equal(check_verdict_name(CHECK_PASS), "pass");
	assert_string_equal(check_verdict_name(CHECK_FAIL), "fail");
	assert_string_equal(check_verdict_name(CHECK_INCOMPLETE), "incomplete");
	assert_string_equal(check_verdict_name(CHECK_ERROR), "error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(grid_is_counted),
	        cmocka_unit_test(levels_are_counted),
	        cmocka_unit_test(one_state_is_one_level),
	        cmocka_unit_test(deadlock_is_found_at_the_end),
	        cmocka_unit_test(shortest_violation_is_found),
	        cmocka_unit_test(first_step_may_violate),
	        cmocka_unit_test(lowest_property_of_a_step_is_reported),
	        cmocka_unit_test(other_violations_are_passed_through),
	        cmocka_unit_test(steps_that_end_the_run),
	        cmocka_unit_test(philosophers_starve),
	        cmocka_unit_test(peterson_excludes),
	        cmocka_unit_test(verdicts_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
