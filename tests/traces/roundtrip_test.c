/* SPDX-License-Identifier: MIT */
/*
 * From check to file, and from the file alone, in another process, to the same violation and the same file:
 * for every violation that the shipped variants have in small systems. Livelocks: tests/cli/cycles_test.c.
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

	if (!json_equal(json_object_get(checked, "violation"), json_object_get(replayed, "violation")))
		fail_msg("%s: another violation", file);
	if (!json_equal(json_object_get(checked, "trace"), json_object_get(replayed, "steps")))
		fail_msg("%s: other steps", file);
	assert_string_equal(json_string_value(json_object_get(replayed, "outcome")), "reproduced");
	assert_true(json_is_true(json_object_get(replayed, "same_image")));
	assert_true(json_is_true(json_object_get(replayed, "as_seen")));
}

/* Everything that has a trace, by its file: violations, or with --all causes. */
static json_t *traces_of(json_t *checked)
{
	json_t *traces = json_object(), *result, *cause;
	size_t i, k;

	json_array_foreach(checked, i, result)
	{
		const char *file = json_string_value(json_object_get(result, "trace_file"));

		if (file)
			json_object_set(traces, file, result);
		json_array_foreach(json_object_get(result, "causes"), k, cause)
		{
			file = json_string_value(json_object_get(cause, "trace_file"));
			if (file)
				json_object_set(traces, file, cause);
		}
	}
	return traces;
}

/* In one process that knows nothing but the files. */
static void replay_all(const char *directory, json_t *traces)
{
	char command[1024];
	json_t *replayed, *result;
	struct outcome o;
	size_t i;

	(void)snprintf(command, sizeof(command), "replay --format json --trace-out %s/b %s/a/*.trace",
	               directory, directory);
	o = run_command(command);
	if (o.status != 1)
		fail_msg("%s: %s", command, o.err);
	replayed = results(&o);
	assert_int_equal(json_array_size(replayed), json_object_size(traces));
	json_array_foreach(replayed, i, result)
	{
		json_t *checked =
		        json_object_get(traces, json_string_value(json_object_get(result, "trace")));

		assert_non_null(checked);
		expect_same_violation(checked, result);
	}
	(void)snprintf(command, sizeof(command), "diff -r %s/a %s/b", directory, directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	json_decref(replayed);
	outcome_free(&o);
}

/* One search of variants; returns how many traces it has written. */
static unsigned round_trip(const char *arguments)
{
	char *directory = make_directory(), command[1024];
	struct outcome check;
	json_t *checked, *traces;
	unsigned written;

	(void)snprintf(command, sizeof(command), "check --format json --trace-out %s/a %s", directory,
	               arguments);
	check = run_command(command);
	if (check.status != 1 && check.status != 3 && check.status != 0)
		fail_msg("%s: %s", command, check.err);
	checked = results(&check);
	traces = traces_of(checked);
	written = (unsigned)json_object_size(traces);
	if (written > 0)
		replay_all(directory, traces);
	json_decref(traces);
	json_decref(checked);
	outcome_free(&check);
	remove_directory(directory);
	return written;
}

#define SMALL   "--cpus 1 --vms 1 --threads 0 "
#define FAILING "load-only put-only no-put no-enable fpexc-first half-bank trap-stays no-isb "

/* Each cause of each property that each variant violates, the early warnings included. */
static void every_cause(const char *arguments, unsigned at_least)
{
	char more[512];
	unsigned written;

	(void)snprintf(more, sizeof(more), "--all --property all --max-states 10000 %s", arguments);
	written = round_trip(more);
	if (written < at_least)
		fail_msg("%s: %u traces", arguments, written);
}

static void test_every_cause(void **state)
{
	static const char *const events[] = {
	        "neon", "fork", "exec", "exit", "ptrace", "signal", "pm", "onereg",
	};
	char arguments[128];

	(void)state;
	every_cause(SMALL, 20);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		(void)snprintf(arguments, sizeof(arguments), SMALL "--env %s", events[i]);
		if (!quick() || i == 0)
			every_cause(arguments, 20);
	}
	if (quick())
		return;
	every_cause(SMALL "--endian big", 20);
	every_cause("--vms 1 --threads 0 --smp off", 20);
	every_cause("--vms 1 --threads 0 --smp off --env neon", 60);
	every_cause("--cpus 1 --vms 1 --threads 1 --env vcpu-handover", 20);
	every_cause(SMALL "--no-reduce tags", 20);
	every_cause(SMALL "--no-reduce fp-action", 20);
	every_cause(SMALL "--no-reduce symmetry", 20);
	every_cause("no-put load-only " SMALL "--no-reduce dead", 10);
	/* Two CPUs, and the default system. */
	every_cause(FAILING "--vms 1", 20);
	every_cause("load-only no-put", 4);
	every_cause("v3 v3-byte load-put shadow --vms 1 --env neon", 20);
	every_cause(FAILING "--vms 1 --threads 0 --env hotplug", 15);
}

/* Each property alone, as people look for it: the search, and the replay, end with the first violation. */
static void test_alone(void **state)
{
	unsigned written = 0;

	(void)state;
	for (unsigned i = 0; i < PROPERTIES; i++) {
		char arguments[256];

		(void)snprintf(arguments, sizeof(arguments), SMALL "--env neon --property %s",
		               world_property_names[i]);
		if (!quick() || i % 4 == 0)
			written += round_trip(arguments);
	}
	assert_true(written >= (quick() ? 5 : 50));
}

/* What is found only after more states. */
static void test_farther(void **state)
{
	(void)state;
	if (quick())
		return;
	assert_int_equal(round_trip("put-only --vms 1 --property fp-leak"), 1);
	assert_int_equal(round_trip("put-only --vms 1 --property fp-leak-saved"), 1);
	assert_int_equal(round_trip("put-only no-put --vms 1 --property fp-lost-saved"), 2);
	assert_int_equal(round_trip("v3 " SMALL "--endian big"), 1);
}

/* A step for each instruction: traces of hundreds of steps. */
static void test_instructions(void **state)
{
	(void)state;
	assert_int_equal(round_trip("load-only " SMALL "--granularity insn --property fpexc-host"), 1);
	if (quick())
		return;
	assert_int_equal(round_trip("fpexc-first " SMALL "--granularity insn --property crash"), 1);
	assert_int_equal(round_trip("load-only " SMALL "--granularity insn --property fp-lost"), 1);
	assert_int_equal(round_trip("load-only " SMALL "--no-reduce merge,tags --property fpexc-host"), 1);
}

static void test_systems(void **state)
{
	(void)state;
	assert_int_equal(round_trip("no-put v3 load-only " SMALL "--env all"), 3);
	assert_int_equal(round_trip("load-only --vms 1 --vcpus 2 --threads 0 --env vcpu-handover,onereg"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_every_cause), cmocka_unit_test(test_alone),
	        cmocka_unit_test(test_farther),     cmocka_unit_test(test_instructions),
	        cmocka_unit_test(test_systems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
