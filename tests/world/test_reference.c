/* SPDX-License-Identifier: MIT */
/*
 * The search against a naive one: every state of the plain machine, word for word, with no canonical form,
 * explored by the reference engine. Both must come to the same verdict, by the same property, with a shortest
 * counterexample of the same length.
 *
 * The plain system has thousands of times as many states, so the systems are small where everything must be
 * explored. What test_canonical.c does goes further there: it compares the steps from each state, not the
 * verdicts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/reference.h"
#include "numbered.h"
#include "sim/replay.h"
#include "system.h"

/* The search of one state of all that are alike must come to the same, by another counterexample perhaps. */
static void compare_symmetric(const struct system *s, uint32_t properties,
                              const struct check_result *expected)
{
	struct error e = {0};
	struct collapsed *collapsed =
	        collapsed_new(s->world, &(struct collapsed_options){.symmetry = true}, &e);
	struct system symmetric = *s;
	struct check_result result;

	assert_non_null(collapsed);
	symmetric.collapsed = collapsed;
	result = system_search(&symmetric, properties);
	if (result.verdict != expected->verdict || result.property != expected->property ||
	    result.trace_length != expected->trace_length || result.states > expected->states)
		fail_msg("%s: properties 0x%x: with symmetry %s by property %d in %zu steps", s->name,
		         properties, check_verdict_name(result.verdict), result.property,
		         result.trace_length);
	if (result.verdict == CHECK_FAIL && replay(s->world, collapsed_learnt(collapsed), result.trace,
	                                           result.trace_length, result.property, NULL, NULL, &e))
		fail_msg("%s: properties 0x%x: %s", s->name, properties, e.text);
	check_result_free(&result);
	collapsed_free(collapsed);
}

/* Both engines, both systems. */
static void compare(struct system *s, uint32_t properties)
{
	const struct check_options options = {
	        .properties = properties, .max_memory = (size_t)6 << 30, .timeout = 600};
	struct check_result fast = system_search(s, properties), naive = {0};
	struct error e = {0};
	struct numbered numbered;

	numbered_open(&numbered, s->world, collapsed_learnt(s->collapsed));
	if (check_reference(&numbered.model, &options, &naive, &e))
		fail_msg("%s: properties 0x%x: %s", s->name, properties, e.text);
	if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
		(void)fprintf(stderr,
		              "%s: properties 0x%x: naive: %s, %lu states, depth %u, %.1f s, %zu MB\n",
		              s->name, properties, check_verdict_name(naive.verdict),
		              (unsigned long)naive.states, naive.depth, naive.seconds, naive.memory >> 20);
	if (fast.verdict != naive.verdict || fast.property != naive.property ||
	    fast.trace_length != naive.trace_length)
		fail_msg("%s: properties 0x%x: %s by property %d in %zu steps, but naively %s by property %d "
		         "in %zu",
		         s->name, properties, check_verdict_name(fast.verdict), fast.property,
		         fast.trace_length, check_verdict_name(naive.verdict), naive.property,
		         naive.trace_length);
	/* The same labels in the same order, so the same counterexample. */
	for (size_t i = 0; i < fast.trace_length; i++)
		assert_memory_equal(&fast.trace[i], &naive.trace[i], sizeof(fast.trace[i]));
	assert_true(naive.states >= fast.states);
	compare_symmetric(s, properties, &fast);
	check_result_free(&fast);
	check_result_free(&naive);
	numbered_close(&numbered);
}

/* Every shipped variant with one VMM thread on one CPU, or, where others wait, every fourth: the plain system is explored to its end. */
static void test_one_thread(void **state)
{
	size_t n;
	const struct shipped_variant *variants = shipped_variants(&n);

	(void)state;
	for (size_t i = 0; i < n; i += quick() ? 5 : getenv("CI") ? 4 : 1) {
		const struct setup setup = {
		        .variant = variants[i].name, .cpus = 1, .vms = 1, .big_endian = i % 2 == 1};
		struct system s = system_open(&setup);

		compare(&s, ALL_PROPERTIES);
		system_close(&s);
	}
}

/* Two plain threads: the host's own lazy switch, with and without kernel-mode NEON. */
static void test_two_plain_threads(void **state)
{
	(void)state;
	for (unsigned env = 0; env <= ENV_NEON; env++) {
		const struct setup setup = {.variant = "baseline", .cpus = 1, .threads = 2, .env = env};
		struct system s = system_open(&setup);

		compare(&s, ALL_PROPERTIES);
		system_close(&s);
	}
}

/*
 * A VMM thread and a plain one, one property at a time: those that the failing variants are to show. (Where
 * nothing fails, dead words make the plain system too large to be explored to its end.)
 */
static void test_properties(void **state)
{
	static const struct {
		const char *variant;
		enum world_property property;
	} wanted[] = {
	        {"load-only", PROPERTY_FP_LOST},  {"load-only", PROPERTY_FPEXC_HOST},
	        {"put-only", PROPERTY_FP_LOST},   {"put-only", PROPERTY_FPEXC_HOST},
	        {"no-put", PROPERTY_FP_LEAK},     {"no-put", PROPERTY_FP_LOST},
	        {"no-put", PROPERTY_FPEXC_GUEST}, {"no-enable", PROPERTY_FPEXC_GUEST},
	        {"fpexc-first", PROPERTY_CRASH},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct setup setup = {.variant = wanted[i].variant, .cpus = 1, .vms = 1, .threads = 1};
		struct system s = system_open(&setup);

		compare(&s, 1u << wanted[i].property);
		system_close(&s);
	}
}

/* A plain thread on its own, and two: no KVM at all. */
static void plain_threads(void **unused)
{
	static const struct setup setups[] = {
	        {.variant = "baseline", .cpus = 1, .threads = 1, .env = ENV_NEON},
	        {.variant = "baseline", .cpus = 1, .threads = 2},
	        {.variant = "baseline", .cpus = 2, .threads = 1, .big_endian = true},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		struct system s = system_open(&setups[i]);

		compare(&s, ALL_PROPERTIES);
		system_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_one_thread),
	        cmocka_unit_test(test_two_plain_threads),
	        cmocka_unit_test(test_properties),
	        cmocka_unit_test(plain_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
