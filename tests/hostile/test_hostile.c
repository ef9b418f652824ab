/* SPDX-License-Identifier: MIT */
/*
 * Two hundred hostile inputs, the same in every run (LAZYSWITCH_TESTS_SEED=N makes others). Each is given to
 * the command in a process of its own, which has to end with a verdict or a clear message; never by a signal,
 * an internal fault or a sanitizer's report.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "attack.h"

static int setup(void **state)
{
	struct attacks *a = calloc(1, sizeof(*a));
	const char *seed;

	if (!a)
		return -1;
	a->directory = make_directory();
	seed = getenv("LAZYSWITCH_TESTS_SEED"); /* NOLINT(concurrency-mt-unsafe) */
	a->seed = seed ? strtoull(seed, NULL, 10) : 2015;
	*state = a;
	return 0;
}

/* Not by chance all of one kind; and nothing is left behind in what was TMPDIR for all of them. */
static void there_were_many_of_every_kind(void **state)
{
	struct attacks *a = *state;
	char command[256];

	print_message("%u attacks: %u pass, %u fail, %u refused, %u reached a limit\n", a->n, a->ended[0],
	              a->ended[1], a->ended[2], a->ended[3]);
	assert_int_equal(a->wrong, 0);
	assert_true(a->n >= 200);
	assert_true(a->ended[1] >= 20 && a->ended[2] >= 50);
	(void)snprintf(command, sizeof(command), "! ls %s | grep '^lazyswitch-'", a->directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

static int teardown(void **state)
{
	struct attacks *a = *state;

	remove_directory(a->directory);
	free(a);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(elf_cases),          cmocka_unit_test(object_cases),
	        cmocka_unit_test(symbol_cases),       cmocka_unit_test(code_cases),
	        cmocka_unit_test(random_code_cases),  cmocka_unit_test(source_cases),
	        cmocka_unit_test(large_source_cases), cmocka_unit_test(there_were_many_of_every_kind),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
