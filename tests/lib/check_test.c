/* SPDX-License-Identifier: MIT */
/* Checks through the library: verdicts, limits, who follows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/include/lazyswitch.h"

/* What was told during a check. */
struct told {
	unsigned progress, violations, messages;
	int stop; /* what progress is answered with */
	char property[32], message[512];
	int has_story, has_trace;
};

static int on_progress(void *arg, const struct lazyswitch_progress *p)
{
	struct told *told = arg;

	assert_true(p->states >= p->expanded);
	told->progress++;
	return told->stop;
}

static void on_violation(void *arg, const struct lazyswitch_violation *v)
{
	struct told *told = arg;

	(void)snprintf(told->property, sizeof(told->property), "%s", v->property);
	told->violations++;
	told->has_story = v->steps > 0 && strstr(v->story, "=> violates") != NULL;
	told->has_trace = strncmp(v->trace, "lazyswitch-trace 1\n", 19) == 0;
}

static void on_message(void *arg, const char *text)
{
	struct told *told = arg;

	told->messages++;
	(void)snprintf(told->message, sizeof(told->message), "%s", text);
}

/* Pairs of names and values, then NULL. */
static int check(const char *variant, const char *const *settings, struct told *told,
                 struct lazyswitch_result *result, struct lazyswitch_error *e)
{
	const struct lazyswitch_watcher watcher = {told, on_progress, on_violation};
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_system *system;
	int status = -1;

	lazyswitch_settings_on_message(s, on_message, told);
	for (; *settings; settings += 2)
		assert_int_equal(lazyswitch_settings_set(s, settings[0], settings[1], e), 0);
	system = lazyswitch_system_new(variant, s, e);
	lazyswitch_settings_free(s);
	if (system)
		status = lazyswitch_check(system, &watcher, result, e);
	lazyswitch_system_free(system);
	return status;
}

#define WITH(...)                                                                                            \
	(const char *const[])                                                                                \
	{                                                                                                    \
		"vms", "1", __VA_ARGS__, NULL                                                                \
	}

static void a_proof(void **state)
{
	struct told told = {0};
	struct lazyswitch_result r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(check("v3", WITH("jobs", "2"), &told, &r, &e), 0);
	assert_int_equal(r.verdict, LAZYSWITCH_PASS);
	assert_null(r.property);
	assert_int_equal(r.states, 10686);
	assert_true(r.transitions > r.states && r.depth > 20 && r.memory > 0);
	assert_string_equal(r.reason, "");
	assert_true(told.progress > 0);
	assert_int_equal(told.violations + told.messages, 0);
}

static void a_counterexample(void **state)
{
	struct told told = {0};
	struct lazyswitch_result r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(check("load-only", WITH("cpus", "1"), &told, &r, &e), 0);
	assert_int_equal(r.verdict, LAZYSWITCH_FAIL);
	assert_string_equal(r.property, "fpexc-host");
	assert_int_equal(r.violations, 1);
	assert_int_equal(told.violations, 1);
	assert_string_equal(told.property, "fpexc-host");
	assert_true(told.has_story && told.has_trace);
}

static void every_cause(void **state)
{
	struct told told = {0};
	struct lazyswitch_result r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(check("load-only", WITH("cpus", "1", "all", "on", "property", "all"), &told, &r, &e),
	                 0);
	assert_int_equal(r.verdict, LAZYSWITCH_FAIL);
	assert_true(r.violations > 1);
	assert_int_equal(told.violations, r.violations);
}

static void limits_are_never_proofs(void **state)
{
	static const struct {
		const char *name, *value, *reason;
	} limits[] = {
	        {"max-states", "100", "state limit"},
	        {"memory", "1M", "memory limit"},
	        {"timeout", "0.000001", "time limit"},
	        {"max-depth", "2", "depth limit"},
	        {"store", "bitstate", "bitstate search: probability"},
	};
	struct lazyswitch_result r;
	struct lazyswitch_error e;

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct told told = {0};

		assert_int_equal(check("v3",
		                       WITH("jobs", "1", "memory", "64M", limits[i].name, limits[i].value),
		                       &told, &r, &e),
		                 0);
		assert_int_equal(r.verdict, LAZYSWITCH_INCOMPLETE);
		if (strncmp(r.reason, limits[i].reason, strlen(limits[i].reason)) != 0)
			fail_msg("%s: %s", limits[i].name, r.reason);
	}
}

static void a_callback_stops_it(void **state)
{
	struct told told = {.stop = 1};
	struct lazyswitch_result r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(check("v3", (const char *const[]){"env", "all", NULL}, &told, &r, &e), 0);
	assert_int_equal(r.verdict, LAZYSWITCH_INCOMPLETE);
	assert_string_equal(r.reason, "interrupted");
	assert_true(told.progress >= 1 && r.seconds < 60);
}

static void vacuous_proofs_are_told(void **state)
{
	struct told told = {0};
	struct lazyswitch_result r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(check("v3", (const char *const[]){"vms", "0", NULL}, &told, &r, &e), 0);
	assert_int_equal(r.verdict, LAZYSWITCH_PASS);
	assert_true(told.messages > 0);
	assert_non_null(strstr(told.message, "vacuously"));
}

static void what_does_not_fit_together_is_an_error(void **state)
{
	struct told told = {0};
	struct lazyswitch_result r;
	struct lazyswitch_error e;

	(void)state;
	assert_int_equal(check("v3", WITH("cycles", "on", "property", "crash"), &told, &r, &e), -1);
	assert_non_null(strstr(e.text, "stuck"));
	assert_int_equal(lazyswitch_check(NULL, NULL, &r, &e), -1);
	assert_int_equal(lazyswitch_check(NULL, NULL, NULL, NULL), -1);
}

static void nobody_needs_to_watch(void **state)
{
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_system *system;
	struct lazyswitch_result r;

	(void)state;
	assert_int_equal(lazyswitch_settings_set(s, "cycles", "on", NULL), 0);
	assert_int_equal(lazyswitch_settings_set(s, "cpus", "1", NULL), 0);
	assert_int_equal(lazyswitch_settings_set(s, "vms", "1", NULL), 0);
	system = lazyswitch_system_new("eager", s, NULL);
	lazyswitch_settings_free(s);
	assert_int_equal(lazyswitch_check(system, NULL, &r, NULL), 0);
	assert_int_equal(r.verdict, LAZYSWITCH_PASS);
	assert_int_equal(lazyswitch_check(system, NULL, &r, NULL), 0); /* and once more */
	assert_int_equal(r.verdict, LAZYSWITCH_PASS);
	lazyswitch_system_free(system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_proof),
	        cmocka_unit_test(a_counterexample),
	        cmocka_unit_test(every_cause),
	        cmocka_unit_test(limits_are_never_proofs),
	        cmocka_unit_test(a_callback_stops_it),
	        cmocka_unit_test(vacuous_proofs_are_told),
	        cmocka_unit_test(what_does_not_fit_together_is_an_error),
	        cmocka_unit_test(nobody_needs_to_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
