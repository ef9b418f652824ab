/* SPDX-License-Identifier: MIT */
/* lazyswitch check --cycles: livelocks are found, told, written and replayed; what is none passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "files.h"
#include "run_command.h"

#define LIVELOCK VARIANTS "/livelock.c -D "

static char *directory;

static int setup(void **state)
{
	(void)state;
	directory = make_directory();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

/* `words`, if not NULL, must be in what it says. */
static void expect(int status, const char *words, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static void expect(int status, const char *words, const char *format, ...)
{
	char arguments[1024];
	struct outcome o;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(arguments, sizeof(arguments), format, args);
	va_end(args);
	o = run_command(arguments);
	if (o.status != status || (words && !strstr(o.out, words) && !strstr(o.err, words)))
		fail_msg("lazyswitch %s: status %d: %s%s", arguments, o.status, o.out, o.err);
	outcome_free(&o);
}

/* None of these stands still, nor has an endless step: only a search for cycles finds them. */
static const char *const livelocks[] = {
        "POLITE --vms 2 --threads 0",
        "BACK_OFF --vms 2 --threads 0",
        "CALL --vms 1 --threads 0",
        "CALL --vms 1 --threads 1 --endian big", /* user programs that go on owe nothing to who waits */
        "CALL -D SWAP --vms 1 --threads 0",
        "NEVER --cpus 1 --vms 1 --threads 0",
        "NEVER --cpus 1 --vms 1 --threads 0 --granularity insn",
        "NEVER --vms 1 --threads 1",
};

static void livelocks_are_found_and_replay(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(livelocks) / sizeof(livelocks[0]); i++) {
		const char *what = livelocks[i];
		char again[512], *first, *second;

		expect(0, NULL, "check " LIVELOCK "%s", what);
		expect(1, "from here on, again and again:", "check " LIVELOCK "%s --cycles --trace-out %s",
		       what, directory);
		expect(1, "can be repeated for ever, which violates stuck",
		       "replay %s/livelock-stuck.trace --trace-out %s/again -D %.*s%s", directory, directory,
		       (int)strcspn(what, " "), what, strstr(what, "SWAP") ? " -D SWAP" : "");
		expect(1, "can be repeated for ever, which violates stuck\n  minim",
		       "replay --minimize %s/livelock-stuck.trace -D %.*s%s", directory,
		       (int)strcspn(what, " "), what, strstr(what, "SWAP") ? " -D SWAP" : "");
		(void)snprintf(again, sizeof(again), "%s/again", directory);
		first = read_file_of(directory, "livelock-stuck.trace");
		second = read_file_of(again, "livelock-stuck.trace");
		assert_string_equal(first, second);
		assert_contains(first, "\nloop ");
		free(first);
		free(second);
	}
}

/* Twins of these: who spins is waiting for somebody who goes on. */
static void others_pass(void **unused)
{
	static const char *const fine[] = {
	        LIVELOCK "TURN --vms 2 --threads 0",
	        LIVELOCK "IN_ORDER --vms 2 --threads 0",
	        LIVELOCK "ANSWER --vms 1 --threads 1",
	        "baseline eager v3 v3-byte load-put shadow neon-safe --cpus 1 --vms 1 --threads 1",
	        "baseline eager v3 v3-byte load-put shadow neon-safe --vms 1 --threads 0",
	        "baseline neon-safe --vms 1 --threads 0 --cpus 1 --env neon,onereg",
	        "baseline --vms 0 --threads 1 --env hotplug,pm,neon",
	        "baseline --vms 0 --threads 2 --cpus 1 --env fork,ptrace,exit",
	        "baseline eager --vms 1 --threads 0 --env vcpu-handover",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		expect(0, "; and livelocks, so without symmetry", "check %s --cycles", fine[i]);
}

/* A violation that the first search finds is reported as ever, a limit as a limit. */
static void what_comes_before_the_cycles(void **unused)
{
	(void)unused;
	expect(1, "the shortest schedule", "check no-put --cpus 1 --vms 1 --threads 0 --cycles");
	expect(1, "2 causes",
	       "check no-put --cpus 1 --vms 1 --threads 0 --cycles --all --property fp-lost,stuck");
	expect(1, "again and again", "check " LIVELOCK "NEVER --cpus 1 --vms 1 --threads 0 --cycles --all");
	expect(3, "state limit", "check baseline --cpus 1 --vms 1 --threads 0 --cycles --max-states 80");
	expect(2, "exclude each other", "check baseline --cycles --symmetry on");
	expect(2, "which --property leaves out", "check baseline --property crash,fp-lost --cycles");
	expect(0, NULL, "check baseline --cpus 1 --vms 1 --threads 0 --cycles --symmetry off");
}

static void json_says_where_the_loop_begins(void **unused)
{
	struct outcome o = run_command("check " LIVELOCK "CALL --vms 1 --threads 0 --cycles --format json");
	json_t *document = json_loads(o.out, 0, NULL),
	       *result = json_array_get(json_object_get(document, "results"), 0);

	(void)unused;
	assert_non_null(document);
	assert_int_equal(o.status, 1);
	assert_string_equal(json_string_value(json_object_get(result, "property")), "stuck");
	assert_true(json_is_true(json_object_get(json_object_get(result, "config"), "cycles")));
	assert_true(json_is_false(json_object_get(json_object_get(result, "config"), "symmetry")));
	assert_int_equal(json_integer_value(json_object_get(result, "loop")), 3);
	assert_true(json_array_size(json_object_get(result, "trace")) > 4);
	json_decref(document);
	outcome_free(&o);

	o = run_command("check no-put --cpus 1 --vms 1 --threads 0 --format json");
	document = json_loads(o.out, 0, NULL);
	result = json_array_get(json_object_get(document, "results"), 0);
	assert_true(json_is_null(json_object_get(result, "loop")));
	assert_true(json_is_false(json_object_get(json_object_get(result, "config"), "cycles")));
	json_decref(document);
	outcome_free(&o);
}

/* A loop that is none is not believed. */
static void a_false_loop_is_no_violation(void **unused)
{
	static const char one[] =
	        "lazyswitch-trace 1\nvariant baseline\ncpus 1\nvms 1\nthreads 0\nproperty stuck\n",
	                  two[] = "lazyswitch-trace 1\nvariant " VARIANTS
	                          "/livelock.c\ncpus 2\nvms 2\nthreads 0\nproperty stuck\n";
	static const struct {
		const char *loop, *steps, *says;
	} cases[] = {
	        /* Unfair: CPU 0 spins, and CPU 1, which has only to take its turn, never goes on. */
	        {"loop 10",
	         "cpu0 wake pick=vmm0\ncpu0 kvm-run\ncpu0 go signal=1\ncpu1 wake\ncpu1 kvm-run\ncpu1 go "
	         "signal=1\n"
	         "cpu0 go\ncpu0 go\ncpu0 go\ncpu0 go\ncpu0 go\n",
	         "no violation"},
	        /* Progress: a guest that goes on and on. */
	        {"loop 4", "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=0\ncpu0 fp\n", "no violation"},
	        /* It does not come back. */
	        {"loop 2", "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\n", "no violation"},
	        {"loop 3", "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\n", "no violation"},
	        {"loop 4", "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\n",
	         "step 4 is to be repeated, but there are 3"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];

		(void)snprintf(text, sizeof(text), "%s%s\n%s", i == 0 ? two : one, cases[i].loop,
		               cases[i].steps);
		write_file(directory, "false.trace", text);
		expect(i == 4 ? 2 : 0, cases[i].says, "replay %s/false.trace%s", directory,
		       i == 0 ? " -D TURN" : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(livelocks_are_found_and_replay),
	        cmocka_unit_test(others_pass),
	        cmocka_unit_test(what_comes_before_the_cycles),
	        cmocka_unit_test(json_says_where_the_loop_begins),
	        cmocka_unit_test(a_false_loop_is_no_violation),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
