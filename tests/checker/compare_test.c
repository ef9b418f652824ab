/* SPDX-License-Identifier: MIT */
/* The engines against each other. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/checker/toys.h"

static void assert_same(const struct model *model, const struct check_options *options, const char *what,
                        struct check_result *result)
{
	struct check_result expected;
	struct error e;

	assert_int_equal(check_reference(model, options, &expected, &e), 0);
	assert_int_equal(check_breadth_first(model, options, result, &e), 0);
	if (result->verdict != expected.verdict || result->property != expected.property ||
	    result->states != expected.states || result->transitions != expected.transitions ||
	    result->depth != expected.depth || result->trace_length != expected.trace_length)
		fail_msg("%s: %s property %d, %" PRIu64 " states, %" PRIu64 " steps, depth %u, trace %zu; "
		         "the reference: %s property %d, %" PRIu64 " states, %" PRIu64
		         " steps, depth %u, trace %zu",
		         what, check_verdict_name(result->verdict), result->property, result->states,
		         result->transitions, result->depth, result->trace_length,
		         check_verdict_name(expected.verdict), expected.property, expected.states,
		         expected.transitions, expected.depth, expected.trace_length);
	if (result->verdict == CHECK_FAIL) {
		assert_trace_violates(model, result);
		assert_trace_violates(model, &expected);
	}
	check_result_free(&expected);
}

static void random_graphs(void **unused)
{
	static const uint32_t rarities[] = {5, 100, 3000, 1u << 30};
	static const unsigned widths[] = {1, 2, 3, 7, 64, 300};
	unsigned verdicts[4] = {0}, deadlocks = 0;

	(void)unused;
	for (uint64_t seed = 0; seed < 600; seed++) {
		struct random_graph graph = {
		        .seed = seed,
		        .states = 10 + (uint32_t)(seed * 37 % 6000),
		        .degree = 1 + (unsigned)(seed % 5),
		        .rarity = rarities[seed / 5 % 4],
		        .words = widths[seed % 6],
		};
		struct model model = random_graph_model(&graph);

		/* All, none, and one at a time. */
		for (unsigned i = 0; i < 6; i++) {
			struct check_options options = {.properties = i == 4   ? 0
			                                              : i == 5 ? UINT32_MAX
			                                                       : 1u << i};
			struct check_result result;
			char what[80];

			(void)snprintf(what, sizeof(what), "graph %" PRIu64 ", properties %#" PRIx32, seed,
			               options.properties);
			assert_same(&model, &options, what, &result);
			verdicts[result.verdict]++;
			deadlocks += result.verdict == CHECK_FAIL && result.property == 0;
			check_result_free(&result);
		}
	}
	/* The comparison means something only if there is something of everything. */
	assert_true(verdicts[CHECK_PASS] > 300);
	assert_true(verdicts[CHECK_FAIL] > 300);
	assert_true(deadlocks > 30);
}

/* The table grows many times, and about 128 pairs of states have the same tag. */
static void a_million_states(void **unused)
{
	const uint32_t target[] = {31, 31, 31, 30};
	struct grid grid = {.counters = 4, .size = 32, .target = target};
	struct model model = grid_model(&grid);
	struct check_options options = {.properties = 0};
	struct check_result result;

	(void)unused;
	assert_same(&model, &options, "grid", &result);
	assert_int_equal(result.verdict, CHECK_PASS);
	assert_int_equal(result.states, 1u << 20);
	check_result_free(&result);

	options.properties = 1u << GRID_TARGET;
	assert_same(&model, &options, "grid", &result);
	assert_int_equal(result.verdict, CHECK_FAIL);
	assert_int_equal(result.trace_length, 4 * 31 - 1);
	check_result_free(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(random_graphs),
	        cmocka_unit_test(a_million_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
