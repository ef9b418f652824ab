/* SPDX-License-Identifier: MIT */
/* lazyswitch sim. */
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

static struct outcome sim(int status, const char *arguments)
{
	char command[512];
	struct outcome o;

	(void)snprintf(command, sizeof(command), "sim %s", arguments);
	o = run_command(command);
	if (o.status != status)
		fail_msg("sim %s: exit status %d, not %d\n%s", arguments, o.status, status, o.err);
	return o;
}

static void test_same_every_time(void **state)
{
	struct outcome a = sim(0, "v3 shadow --steps 20000 --workload oversubscribed --seed 5"),
	               b = sim(0, "v3 shadow --steps 20000 --workload oversubscribed --seed 5"),
	               c = sim(0, "v3 shadow --steps 20000 --workload oversubscribed --seed 6");

	(void)state;
	assert_string_equal(a.out, b.out);
	assert_string_not_equal(a.out, c.out);
	assert_contains(a.out, "workload oversubscribed, seed 5\n");
	assert_contains(a.out, "v3: 20000 steps in 2 walks: no violation seen, which proves nothing: "
	                       "lazyswitch check does\n");
	outcome_free(&a);
	outcome_free(&b);
	outcome_free(&c);
}

/* A violation seen is a trace, which replays, and which can be made short. */
static void test_violation(void **state)
{
	char *directory = make_directory(), arguments[512];
	struct outcome o;

	(void)state;
	(void)snprintf(arguments, sizeof(arguments), "no-put --seed 3 --property fp-leak --trace-out %s",
	               directory);
	o = sim(1, arguments);
	assert_contains(o.out, "of the last one violates fp-leak\n");
	assert_contains(o.out, "/no-put-fp-leak-sim.trace");
	outcome_free(&o);
	(void)snprintf(arguments, sizeof(arguments), "replay --minimize %s/no-put-fp-leak-sim.trace",
	               directory);
	o = run_command(arguments);
	assert_int_equal(o.status, 1);
	assert_contains(o.out, ", the image of the trace\n");
	assert_contains(o.out, "violates fp-leak\n");
	outcome_free(&o);
	remove_directory(directory);
}

static double real_at(const json_t *cost, const char *place, const char *counter)
{
	return json_number_value(json_object_get(json_object_get(cost, place), counter));
}

/* Laziness pays: the file is not moved at every exit. */
static void test_compare(void **state)
{
	struct outcome o =
	        sim(0, "--compare v3 baseline no-put --workload fp-heavy --steps 30000 --format json");
	json_t *root = json_loads(o.out, 0, NULL), *results = json_object_get(root, "results"), *v3,
	       *baseline;

	(void)state;
	assert_int_equal(json_array_size(results), 3);
	v3 = json_array_get(results, 0);
	baseline = json_array_get(results, 1);
	assert_string_equal(json_string_value(json_object_get(v3, "variant")), "v3");
	assert_string_equal(json_string_value(json_object_get(json_array_get(results, 2), "outcome")),
	                    "none seen");
	assert_true(real_at(json_object_get(baseline, "cost"), "world-switch", "stores") >
	            json_number_value(json_object_get(baseline, "exits")));
	assert_true(real_at(json_object_get(v3, "cost"), "world-switch", "stores") <
	            json_number_value(json_object_get(v3, "exits")) / 4);
	assert_true(real_at(json_object_get(v3, "cost"), "load-put", "stores") > 0);
	json_decref(root);
	outcome_free(&o);

	o = sim(0, "--compare v3 load-put shadow baseline --workload fp-heavy --steps 5000");
	for (const char *line = o.out; *line != '\0'; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 110);
	assert_contains(o.out, "v3    load-put      shadow    baseline\n");
	assert_contains(o.out, "per exit: Hyp mode and guest\n");
	outcome_free(&o);
}

static void test_workloads(void **state)
{
	char *directory = make_directory(), arguments[512], message[512];
	struct outcome o = sim(0, "--workloads");

	(void)state;
	assert_contains(o.out, "# --workload interrupt-heavy\nlazyswitch-workload 1\n");
	outcome_free(&o);
	write_file(directory, "mine.workload", "lazyswitch-workload 1\nguest fp 1\nguest fq 2\n");
	(void)snprintf(arguments, sizeof(arguments), "v3 --workload %s/mine.workload", directory);
	(void)snprintf(message, sizeof(message), "%s/mine.workload:3:7: this is no action", directory);
	o = sim(2, arguments);
	assert_contains(o.err, message);
	outcome_free(&o);
	write_file(directory, "mine.workload", "lazyswitch-workload 1\nguest fp 1\n");
	(void)snprintf(arguments, sizeof(arguments), "v3 --steps 100 --workload %s/mine.workload", directory);
	o = sim(0, arguments);
	outcome_free(&o);
	remove_directory(directory);
}

static void test_ends_early(void **state)
{
	struct outcome o = sim(3, "v3 --steps 4000000000 --timeout 0.3");

	(void)state;
	assert_contains(o.out, "(stopped early)");
	assert_contains(o.out, "per vcpu_load and vcpu_put");
	outcome_free(&o);
	o = run_command_signalled("sim v3 --steps 4000000000", "INT", "0.5");
	assert_int_equal(o.status, 3);
	assert_contains(o.out, "(stopped early)");
	outcome_free(&o);
}

static void test_systems(void **state)
{
	static const char *const systems[] = {"v3 --env all --steps 5000", "v3 --smp off --steps 5000",
	                                      "baseline --endian big --cpus 3 --vcpus 2 --steps 5000",
	                                      "eager --vms 0 --threads 2 --steps 5000"};

	(void)state;
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		struct outcome o = sim(0, systems[i]);

		outcome_free(&o);
	}
}

static void test_bad_input(void **state)
{
	static const struct {
		const char *arguments, *message;
	} cases[] = {
	        {"", "sim takes the variants"},
	        {"nosuch", "unknown variant 'nosuch'"},
	        {"v3 --workload fp-hevy", "did you mean 'fp-heavy'"},
	        {"v3 --workload ./nosuch", "./nosuch: cannot read it: No such file or directory"},
	        {"v3 --workload .", "cannot read it"},
	        {"v3 --steps 0", "--steps"},
	        {"v3 --walk 100001", "--walk"}, /* more steps than a trace may have */
	        {"v3 --seed -1", "--seed"},
	        {"v3 --format xml", "xml"},
	        {"v3 --trace-out ''", "--trace-out takes a directory"},
	        {"no-put --trace-out /proc/nosuch/x", "/proc/nosuch"},
	        {"v3 --steps 100 >/dev/full", "cannot write the output"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome o = sim(2, cases[i].arguments);

		assert_contains(o.err, cases[i].message);
		outcome_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_same_every_time), cmocka_unit_test(test_violation),
	        cmocka_unit_test(test_compare),         cmocka_unit_test(test_workloads),
	        cmocka_unit_test(test_ends_early),      cmocka_unit_test(test_systems),
	        cmocka_unit_test(test_bad_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
