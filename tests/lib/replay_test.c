/* SPDX-License-Identifier: MIT */
/* Traces through the library: on their own variant, on others, and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/include/lazyswitch.h"

#define TRACE CORPUS "/load-only-fp-leak-neon.trace"

static void it_is_reproduced(void **state)
{
	struct lazyswitch_replay r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(lazyswitch_replay(TRACE, NULL, 0, NULL, NULL, &r, &e), 0);
	assert_int_equal(r.outcome, LAZYSWITCH_REPRODUCED);
	assert_string_equal(r.property, "fp-leak");
	assert_int_equal(r.steps, 5);
	assert_string_equal(r.why, "");
	assert_non_null(strstr(r.story, "=> violates fp-leak"));
	lazyswitch_replay_free(&r);
	lazyswitch_replay_free(NULL);
}

static void another_variant_may_diverge_or_hold(void **state)
{
	struct lazyswitch_replay r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(lazyswitch_replay(TRACE, NULL, 0, "eager", NULL, &r, &e), 0);
	assert_true(r.outcome == LAZYSWITCH_DIVERGED || r.outcome == LAZYSWITCH_NO_VIOLATION);
	assert_int_equal(r.line > 0, r.outcome == LAZYSWITCH_DIVERGED);
	assert_null(r.property);
	lazyswitch_replay_free(&r);
	assert_int_equal(lazyswitch_replay(TRACE, NULL, 0, "v4", NULL, &r, &e), -1);
	assert_non_null(strstr(e.text, "unknown variant 'v4'"));
}

static void a_step_that_is_not_possible(void **state)
{
	static const char trace[] = "lazyswitch-trace 1\nvariant v3\ncpus 1\nvms 1\nproperty fp-leak\n\n"
	                            "cpu0 idle0 wake\ncpu0 app0 kvm-run\n";
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_replay r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(lazyswitch_replay("mine", trace, sizeof(trace) - 1, NULL, s, &r, &e), 0);
	assert_int_equal(r.outcome, LAZYSWITCH_DIVERGED);
	assert_int_equal(r.line, 8);
	assert_int_equal(strncmp(r.why, "mine:8:", 7), 0);
	assert_non_null(r.story);
	lazyswitch_replay_free(&r);
	lazyswitch_settings_free(s);
}

static void keep_trace(void *arg, const struct lazyswitch_violation *v)
{
	char **trace = arg;

	*trace = strdup(v->trace);
}

static void what_a_check_finds_replays(void **state)
{
	struct lazyswitch_system *system = lazyswitch_system_new("half-bank", NULL, NULL);
	char *trace = NULL;
	const struct lazyswitch_watcher watcher = {&trace, NULL, keep_trace};
	struct lazyswitch_result result;
	struct lazyswitch_replay r;

	(void)state;
	assert_int_equal(lazyswitch_check(system, &watcher, &result, NULL), 0);
	assert_int_equal(result.verdict, LAZYSWITCH_FAIL);
	assert_int_equal(lazyswitch_replay("found", trace, strlen(trace), NULL, NULL, &r, NULL), 0);
	assert_int_equal(r.outcome, LAZYSWITCH_REPRODUCED);
	assert_string_equal(r.property, result.property);
	assert_int_equal(r.steps, result.depth);
	lazyswitch_replay_free(&r);
	lazyswitch_system_free(system);
	free(trace);
}

static void what_is_no_trace_is_an_error(void **state)
{
	struct lazyswitch_replay r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(lazyswitch_replay("empty", "", 0, NULL, NULL, &r, &e), -1);
	assert_int_equal(strncmp(e.text, "empty:", 6), 0);
	assert_int_equal(lazyswitch_replay("zeros", "\0\0\0\n", 4, NULL, NULL, &r, &e), -1);
	assert_int_equal(lazyswitch_replay("/nowhere", NULL, 0, NULL, NULL, &r, &e), -1);
	assert_int_equal(lazyswitch_replay(ROOT, NULL, 0, NULL, NULL, &r, NULL), -1);
	assert_int_equal(lazyswitch_replay(NULL, NULL, 0, NULL, NULL, &r, &e), -1);
	assert_int_equal(lazyswitch_replay("x", NULL, 0, NULL, NULL, NULL, &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_is_reproduced),
	        cmocka_unit_test(another_variant_may_diverge_or_hold),
	        cmocka_unit_test(a_step_that_is_not_possible),
	        cmocka_unit_test(what_a_check_finds_replays),
	        cmocka_unit_test(what_is_no_trace_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
