/* SPDX-License-Identifier: MIT */
/* Step by step: a trace of the corpus by hand, to its violation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/include/lazyswitch.h"

static struct lazyswitch_system *open_system(const char *variant, const char *const *settings)
{
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_system *system;
	struct lazyswitch_error e;

	for (; *settings; settings += 2)
		assert_int_equal(lazyswitch_settings_set(s, settings[0], settings[1], &e), 0);
	system = lazyswitch_system_new(variant, s, &e);
	lazyswitch_settings_free(s);
	assert_non_null(system);
	return system;
}

/* The choice that is called so. */
static size_t find(const struct lazyswitch_cursor *c, const char *text)
{
	size_t i = 0;

	while (i < lazyswitch_cursor_choices(c) && strcmp(lazyswitch_cursor_choice(c, i), text) != 0)
		i++;
	if (i == lazyswitch_cursor_choices(c))
		fail_msg("no choice '%s'", text);
	return i;
}

static const char *field(const struct lazyswitch_cursor *c, const char *wanted)
{
	const char *name, *value;

	for (size_t i = 0; (name = lazyswitch_cursor_field(c, i, &value)) != NULL; i++) {
		if (strcmp(name, wanted) == 0)
			return value;
	}
	return NULL;
}

/* Takes the steps of a trace; returns how many there are. */
static unsigned follow(struct lazyswitch_cursor *c, const char *path)
{
	FILE *f = fopen(path, "r");
	struct lazyswitch_error e;
	char line[256];
	unsigned steps = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, "cpu0 ", 5) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		assert_null(lazyswitch_cursor_violated(c, 0, NULL));
		assert_int_equal(lazyswitch_cursor_take(c, find(c, line), &e), 0);
		steps++;
	}
	(void)fclose(f);
	return steps;
}

static void a_trace_of_the_corpus_leads_to_its_violation(void **state)
{
	struct lazyswitch_system *system =
	        open_system("load-only", (const char *const[]){"cpus", "1", "vms", "1", "threads", "0", "env",
	                                                       "neon", "property", "fp-leak", NULL});
	struct lazyswitch_error e;
	struct lazyswitch_cursor *c = lazyswitch_cursor_new(system, &e);
	const char *seen = NULL;

	(void)state;
	assert_non_null(c);
	assert_string_equal(field(c, "cpu0.runs"), "idle0");
	assert_null(field(c, "cpu1.runs"));
	assert_non_null(strstr(lazyswitch_cursor_place(c, 0), "cpu_idle"));
	assert_null(lazyswitch_cursor_place(c, 1));
	assert_int_equal(follow(c, CORPUS "/load-only-fp-leak-neon.trace"), 5);
	assert_string_equal(lazyswitch_cursor_violated(c, 0, &seen), "fp-leak");
	assert_non_null(strstr(seen, "kernel-mode NEON"));
	assert_null(lazyswitch_cursor_violated(c, 1, NULL));
	assert_string_equal(field(c, "cpu0.runs"), "vmm0");
	assert_int_equal(strncmp(lazyswitch_cursor_place(c, 0), "user.S:", 7), 0);
	lazyswitch_cursor_free(c);
	lazyswitch_system_free(system);
}

static void a_wrong_number_is_an_error(void **state)
{
	struct lazyswitch_system *system = open_system("v3", (const char *const[]){NULL});
	struct lazyswitch_error e;
	struct lazyswitch_cursor *c = lazyswitch_cursor_new(system, &e);
	size_t n;

	(void)state;
	n = lazyswitch_cursor_choices(c);
	assert_true(n > 1);
	assert_null(lazyswitch_cursor_choice(c, n));
	assert_int_equal(lazyswitch_cursor_take(c, n, &e), -1);
	assert_non_null(strstr(e.text, "there is no choice"));
	assert_int_equal(lazyswitch_cursor_choices(c), n); /* and nothing has happened */
	assert_null(lazyswitch_cursor_new(NULL, &e));
	lazyswitch_cursor_free(c);
	lazyswitch_cursor_free(NULL);
	lazyswitch_system_free(system);
}

static void a_crash_is_the_end(void **state)
{
	struct lazyswitch_system *system = open_system(
	        "trap-stays", (const char *const[]){"cpus", "1", "vms", "1", "threads", "0", NULL});
	struct lazyswitch_error e;
	struct lazyswitch_cursor *c = lazyswitch_cursor_new(system, &e);

	(void)state;
	assert_int_equal(follow(c, CORPUS "/trap-stays-crash.trace"), 4);
	assert_string_equal(lazyswitch_cursor_violated(c, 0, NULL), "crash");
	assert_int_equal(lazyswitch_cursor_choices(c), 0);
	assert_int_equal(lazyswitch_cursor_take(c, 0, &e), -1);
	lazyswitch_cursor_free(c);
	lazyswitch_system_free(system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_trace_of_the_corpus_leads_to_its_violation),
	        cmocka_unit_test(a_wrong_number_is_an_error),
	        cmocka_unit_test(a_crash_is_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
