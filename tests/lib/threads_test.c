/* SPDX-License-Identifier: MIT */
/* Several threads at once: on one system, and on systems that each opens, builds and walks for itself. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/include/lazyswitch.h"

struct work {
	const struct lazyswitch_system *system; /* shared */
	const char *variant;                    /* of one's own */
	struct lazyswitch_result result;
	int good;
};

static struct lazyswitch_system *open_system(const char *variant)
{
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_system *system = NULL;

	if (s && lazyswitch_settings_set(s, "cpus", "1", NULL) == 0 &&
	    lazyswitch_settings_set(s, "vms", "1", NULL) == 0 &&
	    lazyswitch_settings_set(s, "jobs", "2", NULL) == 0)
		system = lazyswitch_system_new(variant, s, NULL);
	lazyswitch_settings_free(s);
	return system;
}

static void *check_shared(void *arg)
{
	struct work *w = arg;

	w->good = lazyswitch_check(w->system, NULL, &w->result, NULL) == 0;
	return NULL;
}

static void *check_own(void *arg)
{
	struct work *w = arg;
	struct lazyswitch_system *system = open_system(w->variant);
	struct lazyswitch_cursor *c = system ? lazyswitch_cursor_new(system, NULL) : NULL;

	w->good = c && lazyswitch_check(system, NULL, &w->result, NULL) == 0;
	for (unsigned i = 0; w->good && i < 20 && lazyswitch_cursor_choices(c) > 0; i++)
		w->good = lazyswitch_cursor_take(c, i % lazyswitch_cursor_choices(c), NULL) == 0;
	lazyswitch_cursor_free(c);
	lazyswitch_system_free(system);
	return NULL;
}

static void run_both(void *(*f)(void *arg), struct work work[2])
{
	pthread_t threads[2];

	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, f, &work[i]), 0);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_true(work[0].good && work[1].good);
}

static void two_checks_of_one_system(void **state)
{
	struct lazyswitch_system *passes = open_system("v3"), *fails = open_system("half-bank");
	struct work work[2] = {{.system = passes}, {.system = passes}};

	(void)state;
	run_both(check_shared, work);
	assert_int_equal(work[0].result.verdict, LAZYSWITCH_PASS);
	assert_int_equal(work[0].result.states, work[1].result.states);
	assert_int_equal(work[0].result.transitions, work[1].result.transitions);
	work[0].system = work[1].system = fails;
	run_both(check_shared, work);
	assert_int_equal(work[0].result.verdict, LAZYSWITCH_FAIL);
	assert_string_equal(work[0].result.property, work[1].result.property);
	lazyswitch_system_free(passes);
	lazyswitch_system_free(fails);
}

static void two_that_have_nothing_in_common(void **state)
{
	struct work work[2] = {{.variant = "v3"}, {.variant = ROOT "/model/variants/eager.S"}};

	(void)state;
	run_both(check_own, work);
	assert_int_equal(work[0].result.verdict, LAZYSWITCH_PASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(two_checks_of_one_system),
	        cmocka_unit_test(two_that_have_nothing_in_common),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
