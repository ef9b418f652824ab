/* SPDX-License-Identifier: MIT */
/* The world, asked by several threads that are disturbed: everything is as with one, the first word of a trace to the last. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "system.h"

static struct check_result search(struct system *s, const struct check_options *options)
{
	struct check_result result;
	struct error e = {0};

	if (check_breadth_first(collapsed_model(s->collapsed), options, &result, &e))
		fail_msg("%s: %s", s->name, e.text);
	return result;
}

static void assert_same(const struct system *s, const struct check_result *a, const struct check_result *b)
{
	if (a->verdict != b->verdict || a->property != b->property || a->states != b->states ||
	    a->transitions != b->transitions || a->depth != b->depth || a->restarts != b->restarts ||
	    a->trace_length != b->trace_length || a->n_findings != b->n_findings)
		fail_msg("%s: %s, %" PRIu64 " states, %" PRIu64 " steps, depth %u, %u restarts; "
		         "one thread: %s, %" PRIu64 " states, %" PRIu64 " steps, depth %u, %u restarts",
		         s->name, check_verdict_name(a->verdict), a->states, a->transitions, a->depth,
		         a->restarts, check_verdict_name(b->verdict), b->states, b->transitions, b->depth,
		         b->restarts);
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

static uint64_t next(uint64_t *sequence)
{
	*sequence = *sequence * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *sequence >> 33;
}

static void compare(const struct setup *setup, unsigned runs, bool all)
{
	struct check_options options = {.properties = ALL_PROPERTIES, .all = all};
	struct system one = system_open(setup);
	struct check_result expected = search(&one, &options);
	uint64_t sequence = setup->cpus;

	for (unsigned i = 0; i < runs; i++) {
		struct system several = system_open(setup);
		struct check_result result;

		options.threads = 2 + (unsigned)(next(&sequence) % 4);
		options.disturb = next(&sequence);
		result = search(&several, &options);
		assert_same(&several, &result, &expected);
		check_result_free(&result);
		system_close(&several);
	}
	check_result_free(&expected);
	system_close(&one);
}

static void variants_that_hold(void **unused)
{
	const struct setup setups[] = {
	        {"v3", .cpus = 2, .vms = 1, .threads = 1, .symmetry = true},
	        {"baseline", .cpus = 2, .vms = 1, .threads = 1, .symmetry = false},
	        {"neon-safe", .cpus = 1, .vms = 2, .threads = 1, .env = ENV_NEON, .symmetry = true},
	        {"shadow", .cpus = 1, .vms = 2, .threads = 2, .symmetry = true},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i += quick() ? 3 : 1)
		compare(&setups[i], quick() ? 1 : 5, false);
}

static void variants_that_fail(void **unused)
{
	static const char *const variants[] = {"load-only", "put-only",  "no-put",
	                                       "no-enable", "half-bank", "no-isb"};

	(void)unused;
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i += quick() ? 2 : 1) {
		struct setup setup = {variants[i], .cpus = 2, .vms = 2, .threads = 1, .symmetry = true};

		compare(&setup, quick() ? 1 : 3, false);
		setup.vms = 1;
		setup.cpus = 1;
		compare(&setup, quick() ? 1 : 2, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(variants_that_hold),
	        cmocka_unit_test(variants_that_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
