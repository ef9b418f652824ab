/* SPDX-License-Identifier: MIT */
/* A search that a limit ends says so, and never says "pass". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/checker/toys.h"

static void assert_incomplete(const struct named_engine *engine, const struct model *model,
                              const struct check_options *options, const char *reason)
{
	struct check_result result;
	struct error e;

	assert_int_equal(engine->check(model, options, &result, &e), 0);
	assert_int_equal(result.verdict, CHECK_INCOMPLETE);
	assert_string_equal(result.reason, reason);
	assert_int_equal(result.property, -1);
	assert_null(result.trace);
	if (options->max_states != 0)
		assert_true(result.states <= options->max_states);
	if (options->max_memory != 0 && engine->check == check_breadth_first)
		assert_true(result.memory <= options->max_memory);
	check_result_free(&result);
}

static void state_limit(void **unused)
{
	struct grid grid = {.counters = 3, .size = 10};
	struct model model = grid_model(&grid);
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		struct check_options options = {.max_states = 1};

		for (; options.max_states < 1000; options.max_states += 333)
			assert_incomplete(engine, &model, &options, CHECK_REASON_STATES);
		options.max_states = 999;
		assert_incomplete(engine, &model, &options, CHECK_REASON_STATES);
		/* As many as there are is enough. */
		options.max_states = 1000;
		assert_int_equal(engine->check(&model, &options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_PASS);
		check_result_free(&result);
	}
}

/* What the limit keeps out may hold the violation; what comes before it is still found. */
static void violation_before_the_limit(void **unused)
{
	const uint32_t target[] = {1, 1, 0};
	struct grid grid = {.counters = 3, .size = 10, .target = target};
	struct model model = grid_model(&grid);
	struct check_options options = {.properties = 1u << GRID_TARGET, .max_states = 20};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_int_equal(engine->check(&model, &options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_FAIL);
		check_result_free(&result);
	}
}

static void memory_limit(void **unused)
{
	struct grid grid = {.counters = 6, .size = 16}; /* 16^6 states of 24 bytes */
	struct model model = grid_model(&grid);
	struct check_options options = {.max_memory = 0};

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		for (options.max_memory = 300000; options.max_memory < 20 * 1000 * 1000;
		     options.max_memory *= 3)
			assert_incomplete(engine, &model, &options, CHECK_REASON_MEMORY);
	}
}

/* Less than the smallest store: it cannot be kept, but it must not be called a pass. */
static void tiny_memory_limit(void **unused)
{
	struct grid grid = {.counters = 2, .size = 1};
	struct model model = grid_model(&grid);
	struct check_options options = {.max_memory = 1};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		assert_int_equal(engine->check(&model, &options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_INCOMPLETE);
		assert_string_equal(result.reason, CHECK_REASON_MEMORY);
		check_result_free(&result);
	}
}

static void memory_of_the_model_counts(void **unused)
{
	struct grid grid = {.counters = 3, .size = 10};
	struct model model = grid_model(&grid);
	struct check_options options = {.max_memory = 50 * 1000 * 1000};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		grid.size = 10;
		grid.claimed_memory = 0;
		assert_int_equal(engine->check(&model, &options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_PASS);
		check_result_free(&result);
		/* Each by itself would fit. */
		grid.size = 4;
		grid.claimed_memory = options.max_memory - 1000;
		assert_incomplete(engine, &model, &options, CHECK_REASON_MEMORY);
		grid.claimed_memory = options.max_memory + 1000;
		assert_incomplete(engine, &model, &options, CHECK_REASON_MEMORY);
	}
}

static void time_limit(void **unused)
{
	struct grid grid = {.counters = 6, .size = 256};
	struct model model = grid_model(&grid);
	struct check_options options = {.timeout = 0.05, .max_memory = (size_t)4 << 30};

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++)
		assert_incomplete(engine, &model, &options, CHECK_REASON_TIME);
}

struct watch {
	volatile sig_atomic_t interrupt;
	unsigned calls;
	struct check_progress last;
};

static void interrupt_at_first_sight(void *arg, const struct check_progress *progress)
{
	struct watch *watch = arg;

	watch->calls++;
	watch->last = *progress;
	watch->interrupt = 1;
}

static void interrupt(void **unused)
{
	struct grid grid = {.counters = 6, .size = 256};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		struct watch watch = {.interrupt = 1};
		struct check_options options = {.interrupt = &watch.interrupt, .timeout = 600};

		assert_incomplete(engine, &model, &options, CHECK_REASON_INTERRUPTED);
		/* In the middle. */
		watch.interrupt = 0;
		options.progress = interrupt_at_first_sight;
		options.progress_arg = &watch;
		assert_incomplete(engine, &model, &options, CHECK_REASON_INTERRUPTED);
		assert_int_equal(watch.calls, 2);
	}
}

static void count_calls(void *arg, const struct check_progress *progress)
{
	struct watch *watch = arg;

	watch->calls++;
	assert_true(progress->expanded <= progress->states);
	assert_true(progress->expanded >= watch->last.expanded);
	assert_true(progress->seconds >= watch->last.seconds);
	watch->last = *progress;
}

static void progress_ends_with_the_result(void **unused)
{
	struct grid grid = {.counters = 4, .size = 20, .claimed_memory = 12345};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		struct watch watch = {0};
		struct check_options options = {.progress = count_calls, .progress_arg = &watch};
		struct check_result result;
		struct error e;

		assert_int_equal(engine->check(&model, &options, &result, &e), 0);
		assert_true(watch.calls >= 1);
		assert_int_equal(watch.last.states, result.states);
		assert_int_equal(watch.last.expanded, result.states);
		assert_int_equal(watch.last.transitions, result.transitions);
		assert_int_equal(watch.last.depth, result.depth);
		assert_true(watch.last.memory > grid.claimed_memory);
		assert_true(watch.last.seconds <= result.seconds);
		check_result_free(&result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(state_limit),
	        cmocka_unit_test(violation_before_the_limit),
	        cmocka_unit_test(memory_limit),
	        cmocka_unit_test(tiny_memory_limit),
	        cmocka_unit_test(memory_of_the_model_counts),
	        cmocka_unit_test(time_limit),
	        cmocka_unit_test(interrupt),
	        cmocka_unit_test(progress_ends_with_the_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
