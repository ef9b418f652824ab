/* SPDX-License-Identifier: MIT */
/*
 * From check to file, and from the file alone, in another process, to the same violation and the same file:
 * for every violation that the shipped variants have in small systems.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/cli/run_command.h"
#include "model/world/world.h"

/* A sanitizer at work leaves out what takes long. */
static bool quick(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#else
	return getenv("LAZYSWITCH_TESTS_QUICK") != NULL;
#endif
}

static json_t *results(const struct outcome *o)
{
	json_t *document = json_loads(o->out, 0, NULL), *array;

	if (!document)
		fail_msg("no JSON: %s", o->err);
	array = json_incref(json_object_get(document, "results"));
	json_decref(document);
	return array;
}

/* What check has seen, and what the replay of its trace has seen, to the last word. */
static void expect_same_violation(json_t *checked, json_t *replayed)
{
	const char *file = json_string_value(json_object_get(replayed, "trace"));

	assert_string_equal(json_string_value(json_object_get(checked, "trace_file")), file);
	if (!json_equal(json_object_get(checked, "violation"), json_object_get(replayed, "violation")))
		fail_msg("%s: another violation", file);
	if (!json_equal(json_object_get(checked, "trace"), json_object_get(replayed, "steps")))
		fail_msg("%s: other steps", file);
	assert_string_equal(json_string_value(json_object_get(replayed, "outcome")), "reproduced");
	assert_true(json_is_true(json_object_get(replayed, "same_image")));
	assert_true(json_is_true(json_object_get(replayed, "as_seen")));
}

/* One search of all variants; returns how many failed. */
static unsigned round_trip(const char *arguments)
{
	char *directory = make_directory(), command[1024];
	struct outcome check, replay;
	json_t *checked, *replayed, *result;
	unsigned failed = 0;
	size_t i;

	(void)snprintf(command, sizeof(command), "check --format json --max-states 20000 --trace-out %s/a %s",
	               directory, arguments);
	check = run_command(command);
	if (check.status != 1 && check.status != 3 && check.status != 0)
		fail_msg("%s: %s", command, check.err);
	checked = results(&check);
	json_array_foreach(checked, i, result) failed +=
	        !strcmp(json_string_value(json_object_get(result, "verdict")), "fail");
	if (failed > 0) {
		/* In the order of check, which is not that of the shell. */
		size_t at = (size_t)snprintf(command, sizeof(command),
		                             "replay --format json --trace-out %s/b", directory);

		json_array_foreach(checked, i, result)
		{
			if (json_is_string(json_object_get(result, "trace_file")))
				at += (size_t)snprintf(
				        command + at, sizeof(command) - at, " %s",
				        json_string_value(json_object_get(result, "trace_file")));
		}
		assert_true(at < sizeof(command));
		replay = run_command(command);
		if (replay.status != 1)
			fail_msg("%s: %s", arguments, replay.err);
		replayed = results(&replay);
		assert_int_equal(json_array_size(replayed), failed);
		failed = 0;
		json_array_foreach(checked, i, result)
		{
			if (json_is_string(json_object_get(result, "trace_file")))
				expect_same_violation(result, json_array_get(replayed, failed++));
		}
		(void)snprintf(command, sizeof(command), "diff -r %s/a %s/b", directory, directory);
		assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
		json_decref(replayed);
		outcome_free(&replay);
	}
	json_decref(checked);
	outcome_free(&check);
	remove_directory(directory);
	return failed;
}

/* The early warnings, too. */
static unsigned every_property(const char *arguments)
{
	char more[256];
	unsigned failed = 0;

	for (unsigned i = 0; i < PROPERTIES; i++) {
		(void)snprintf(more, sizeof(more), "%s --property %s", arguments, world_property_names[i]);
		failed += round_trip(more);
	}
	return failed;
}

static void test_default(void **state)
{
	(void)state;
	assert_true(every_property("--vms 1") >= (quick() ? 1 : 16));
}

static void test_neon(void **state)
{
	(void)state;
	if (quick())
		assert_int_equal(round_trip("v3 load-put shadow --cpus 1 --vms 1 --threads 0 --env neon"), 3);
	else
		assert_true(every_property("--vms 1 --env neon") >= 30);
}

/* What of the same is found only after more states. */
static void test_farther(void **state)
{
	static const struct {
		const char *arguments;
		unsigned failed;
	} searches[] = {
	        {"put-only --property fp-leak", 1},
	        {"put-only --property fp-leak-saved", 1},
	        {"put-only no-put --property fp-lost-saved", 2},
	        {"load-put shadow --env neon --property fp-lost", 2},
	        {"no-put --env neon --property fp-leak-saved", 1},
	        {"load-put load-only put-only shadow no-put half-bank --env neon --property fp-lost-saved",
	         6},
	};

	(void)state;
	for (size_t i = 0; !quick() && i < sizeof(searches) / sizeof(searches[0]); i++) {
		char arguments[256];

		(void)snprintf(arguments, sizeof(arguments), "%s --vms 1 --max-states 200000",
		               searches[i].arguments);
		assert_int_equal(round_trip(arguments), searches[i].failed);
	}
}

/* All that changes what a step is, and what is asked in it. */
static void test_systems(void **state)
{
	(void)state;
	assert_true(round_trip("v3 no-put --cpus 1 --vms 1 --threads 0 --endian big") == 2);
	assert_true(round_trip("load-only no-put --vms 1 --threads 0 --smp off") >= 1);
	assert_true(round_trip("load-only no-put no-isb --cpus 1 --vms 1 --threads 0 --granularity insn "
	                       "--max-states 200000") == 3);
	assert_true(round_trip("no-put load-only --cpus 1 --vms 1 --no-reduce tags,fp-action") == 2);
	assert_true(round_trip("no-put v3 load-only --cpus 1 --vms 1 --threads 0 --env all") == 3);
	assert_true(round_trip("no-put load-only --cpus 1 --vms 1 --threads 1 --env signal,fork,exit") == 2);
	assert_true(round_trip("load-only --vms 1 --vcpus 2 --threads 0 --env vcpu-handover,onereg") == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_default),
	        cmocka_unit_test(test_neon),
	        cmocka_unit_test(test_farther),
	        cmocka_unit_test(test_systems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
