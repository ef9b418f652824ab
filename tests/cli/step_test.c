/* SPDX-License-Identifier: MIT */
/* lazyswitch replay --watch and --step. */
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

#define TRACE CORPUS "/no-put-fp-lost.trace"

/* Steps through the trace by these commands, `\n` between them. */
static struct outcome step(int status, const char *commands)
{
	char *directory = make_directory(), arguments[512];
	struct outcome o;

	write_file(directory, "commands", commands);
	(void)snprintf(arguments, sizeof(arguments), "replay --step %s <%s/commands", TRACE, directory);
	o = run_command(arguments);
	if (o.status != status)
		fail_msg("'%s': exit status %d, not %d: %s", commands, o.status, status, o.err);
	remove_directory(directory);
	return o;
}

/* The output of the last command: what comes behind that of those before it. */
static void assert_last(const char *before, const char *last, const char *expected)
{
	char both[512];
	struct outcome first = step(1, before), all;
	const char *verdict = strstr(first.out, "\nreproduced");
	size_t same;

	assert_non_null(verdict);
	same = (size_t)(verdict - first.out);
	(void)snprintf(both, sizeof(both), "%s%s\n", before, last);
	all = step(1, both);
	assert_memory_equal(all.out, first.out, same);
	if (strncmp(all.out + same, expected, strlen(expected)) != 0)
		fail_msg("'%s' then '%s':\n%s\nnot\n%s", before, last, all.out + same, expected);
	outcome_free(&first);
	outcome_free(&all);
}

static void test_moving(void **state)
{
	(void)state;
	assert_last("", "next",
	            "step 1 of 13: cpu0 idle0 wakes up: vmm0 is next\n    cpu0.runs: idle0 -> vmm0\n");
	assert_last("", "n 3", "step 3 of 13: ");
	assert_last("", "12", "step 12 of 13: ");
	assert_last("go 5\n", "back", "step 4 of 13: ");
	assert_last("go 5\n", "b 99", "after boot, before step 1 of 13\n");
	assert_last("go 5\n", "next 99", "step 13 of 13: ");
	assert_last("last\n", "next", "this is the end\n");
	assert_last("last\n", "first", "after boot");
	assert_last("", "back", "nothing is before this\n");
	assert_last("next\n", "", "step 2 of 13: "); /* once more */
	assert_last("", "go 14", "go takes the number of a step, 0 to 13\n");
}

static void test_finding(void **state)
{
	(void)state;
	/* FPEXC.EN: 0 after boot, 1 in step 3, 0 in 4, 1 in 5, 0 in 9, 1 in 12. */
	assert_last("", "next cpu0.fpexc.en", "step 3 of 13: ");
	assert_last("go 3\n", "next cpu0.fpexc.en", "step 4 of 13: ");
	assert_last("go 8\n", "back cpu0.fpexc.en", "step 5 of 13: ");
	assert_last("go 5\n", "back cpu0.fpexc.en", "step 4 of 13: ");
	assert_last("go 12\n", "next cpu0.fpexc.en", "it does not change any more\n");
	assert_last("go 2\n", "back cpu0.fpexc.en", "it has not changed before, since boot\n");
	assert_last("go 5\n", "until cpu0.fpexc.en == 0 && cpu0.hw.owner == vmm0", "step 9 of 13: ");
	assert_last("", "until cpu0.fpexc.en > 1", "it is not true any more\n");
	assert_last("", "next cpu0.fpexc.em",
	            "column 1: there is no field 'cpu0.fpexc.em', of 'cpu0.fpexc.em' (`state' lists");
}

static void test_showing(void **state)
{
	struct outcome o = step(1, "go 4\nwatch vcpu0.dirty == 1\nback\nlist\nhelp\n");

	(void)state;
	assert_contains(o.out, "    watch vcpu0.dirty == 1: 1\n");
	assert_contains(o.out, "    watch vcpu0.dirty == 1: 0\n");
	assert_contains(o.out, ">   3  cpu0 vmm0   goes on, enters the guest\n");
	assert_contains(o.out, "until EXPRESSION");
	outcome_free(&o);
	assert_last("go 4\n", "state vcpu0.dirty   ", "  vcpu0.dirty              1 ");
	assert_last("go 2\n", "source 1",
	            "cpu0 stands before model/linux/include/linux/preempt.h:16\n    15  {\n>   16  ");
	assert_last("", "source 1000000000000", "cpu0 stands ");
	assert_last("", "source x", "source takes how many lines");
	assert_last("", "watch", "watch takes an expression\n");
	assert_last("", "frob", "unknown command 'frob' (`help' lists them)\n");
}

/* What comes behind `quit` is not read; the end of the input is an end, too, and so is any rubbish. */
static void test_ends(void **state)
{
	static const char rubbish[] =
	        "\x01\xff\x80 next\n\n((((\nwatch ((((\nnext ==\ngo -1\nnext 99999999999999999999\n";
	struct outcome o = step(1, "quit\nnext\n");

	(void)state;
	assert_null(strstr(o.out, "step 1 of 13:"));
	assert_contains(o.out, "\nreproduced: step 13 of 13 violates fp-lost\n");
	outcome_free(&o);
	o = step(1, rubbish);
	assert_contains(o.out, "unknown command '\x01\xff\x80'");
	outcome_free(&o);
}

static void test_watch(void **state)
{
	static const char fpexc[] =
	        "\ncpu0.fpexc.en\n  after boot   0\n  step 3       1\n  step 4       0\n  step 5       1\n"
	        "  step 9       0\n  step 12      1\n";
	struct outcome o =
	        run_command("replay --watch cpu0.fpexc.en --watch 'cpu0.hw.owner == vcpu0' " TRACE);
	json_t *root, *watches;

	(void)state;
	assert_int_equal(o.status, 1);
	assert_contains(o.out, fpexc);
	assert_contains(o.out, "\ncpu0.hw.owner == vcpu0\n  after boot   0\n  step 4       1\n  step 8       "
	                       "0\n\nreproduced");
	outcome_free(&o);
	o = run_command("replay --until 4 --watch cpu0.fpexc.en " TRACE);
	assert_int_equal(o.status, 0);
	assert_contains(o.out, "  step 4       0\n\nno violation");
	outcome_free(&o);

	o = run_command("replay --format json --watch vcpu0.dirty " TRACE);
	root = json_loads(o.out, 0, NULL);
	watches = json_object_get(json_array_get(json_object_get(root, "results"), 0), "watches");
	assert_int_equal(json_array_size(watches), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(watches, 0), "expression")),
	                    "vcpu0.dirty");
	assert_true(json_array_size(json_object_get(json_array_get(watches, 0), "values")) >= 2);
	json_decref(root);
	outcome_free(&o);

	o = run_command("replay --watch help " TRACE);
	assert_int_equal(o.status, 0);
	assert_contains(o.out, "cpu0.hw.owner ");
	outcome_free(&o);
}

static void test_bad_input(void **state)
{
	static const struct {
		const char *arguments, *message;
	} cases[] = {
	        {"--watch 'cpu0.nosuch == 1' " TRACE,
	         "--watch 'cpu0.nosuch == 1', column 1: there is no field 'cpu0.nosuch' (--watch help lists"},
	        {"--watch '1 ==' " TRACE, "column 5: something is missing at the end"},
	        {"--watch help nosuch.trace", "nosuch.trace"},
	        {"--step " TRACE " " TRACE, "--step goes through one trace"},
	        {"--step --format json " TRACE, "--step goes through one trace"},
	        {"--step --on all " TRACE, "--step goes through one trace"},
	        {"--step - <" TRACE, "--step goes through one trace"},
	        {"--step nosuch.trace", "nosuch.trace"},
	        {"--step --watch cpu9.mode " TRACE " </dev/null", "there is no field 'cpu9.mode'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char arguments[512];
		struct outcome o;

		(void)snprintf(arguments, sizeof(arguments), "replay %s", cases[i].arguments);
		o = run_command(arguments);
		assert_int_equal(o.status, 2);
		assert_contains(o.err, cases[i].message);
		outcome_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_moving),  cmocka_unit_test(test_finding),
	        cmocka_unit_test(test_showing), cmocka_unit_test(test_ends),
	        cmocka_unit_test(test_watch),   cmocka_unit_test(test_bad_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
