/* SPDX-License-Identifier: MIT */
/* Whatever the number of threads, and however they are disturbed: the result is that of the reference. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/checker/toys.h"

static void assert_equal(const struct check_result *a, const struct check_result *b, const char *what)
{
	if (a->verdict != b->verdict || a->property != b->property || a->states != b->states ||
	    a->transitions != b->transitions || a->depth != b->depth || a->trace_length != b->trace_length ||
	    a->n_findings != b->n_findings)
		fail_msg("%s: %s, %" PRIu64 " states, %" PRIu64 " steps, depth %u, trace %zu, %zu findings; "
		         "expected %s, %" PRIu64 " states, %" PRIu64
		         " steps, depth %u, trace %zu, %zu findings",
		         what, check_verdict_name(a->verdict), a->states, a->transitions, a->depth,
		         a->trace_length, a->n_findings, check_verdict_name(b->verdict), b->states,
		         b->transitions, b->depth, b->trace_length, b->n_findings);
	if (a->trace_length > 0)
		assert_memory_equal(a->trace, b->trace, a->trace_length * sizeof(*a->trace));
	for (size_t i = 0; i < a->n_findings; i++) {
		assert_int_equal(a->findings[i].property, b->findings[i].property);
		assert_int_equal(a->findings[i].length, b->findings[i].length);
		if (a->findings[i].length > 0)
			assert_memory_equal(a->findings[i].trace, b->findings[i].trace,
			                    a->findings[i].length * sizeof(*a->findings[i].trace));
	}
}

static void same_as_the_reference(void **unused)
{
	const uint32_t target[] = {20, 3, 14, 9};
	struct grid grid = {.counters = 4, .size = 24, .readers = 1, .target = target};
	struct model model = grid_model(&grid);

	(void)unused;
	for (unsigned searched = 0; searched < 2; searched++) {
		struct check_options options = {.properties = searched ? 1u << GRID_TARGET : 0};
		struct check_result expected, result;
		struct error e;

		assert_int_equal(check_reference(&model, &options, &expected, &e), 0);
		for (options.threads = 1; options.threads <= 5; options.threads++) {
			options.disturb = options.threads % 2 != 0 ? 0 : options.threads;
			assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
			assert_equal(&result, &expected, "grid");
			check_result_free(&result);
		}
		check_result_free(&expected);
	}
}

/* A model that learns, a seed, a number of threads, pauses: a hundred of each. */
static void a_hundred_runs(void **unused)
{
	static const unsigned widths[] = {1, 5, 40, 100};
	uint64_t sequence = 1;

	(void)unused;
	for (unsigned run = 0; run < 100; run++) {
		struct random_graph graph = {.seed = run / 4,
		                             .states = 25000,
		                             .degree = 4,
		                             .rarity = run % 8 < 4 ? 1u << 30 : 2000,
		                             .words = widths[run / 4 % 4]};
		struct model model = random_graph_model(&graph);
		struct check_options options = {.properties = UINT32_MAX, .all = run % 3 == 0};
		struct check_result expected, result;
		struct error e;

		if (run % 5 == 0)
			options.max_states = 1000 + run * 300;
		assert_int_equal(check_breadth_first(&model, &options, &expected, &e), 0);
		graph.readers = 1;
		memset(graph.learnt, 0, sizeof(graph.learnt));
		model = random_graph_model(&graph);
		options.threads = 1 + (unsigned)(toy_random(&sequence) % 6);
		options.disturb = toy_random(&sequence);
		assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
		assert_equal(&result, &expected, "random graph");
		check_result_free(&result);
		check_result_free(&expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(same_as_the_reference),
	        cmocka_unit_test(a_hundred_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
