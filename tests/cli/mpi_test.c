/* SPDX-License-Identifier: MIT */
/* The command under mpirun: what it says does not depend on the number of processes, nor on which of them die. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "files.h"

static char *directory;

static int setup(void **state)
{
	(void)state;
	/* Tests may run as root, and on a machine with fewer CPUs than ranks. */
	(void)setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
	(void)setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
	(void)setenv("OMPI_MCA_rmaps_base_oversubscribe", "1", 1);
	directory = make_directory();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

static struct outcome run_ranks(unsigned ranks, const char *arguments)
{
	char before[400];

	(void)snprintf(before, sizeof(before), "timeout 300 %s -q -np %u", MPIRUN, ranks);
	return ranks == 0 ? run_command(arguments) : run_command_after(before, arguments);
}

/* The counts of the only variant in a report. */
struct counts {
	json_int_t states, transitions, depth;
	char verdict[16];
};

static struct counts read_counts(const struct outcome *o)
{
	json_t *report = json_loads(o->out, 0, NULL), *run;
	struct counts counts = {0};

	if (!report)
		fail_msg("status %d, stdout '%s', stderr '%s'", o->status, o->out, o->err);
	run = json_array_get(json_object_get(report, "results"), 0);
	assert_non_null(run);
	counts.states = json_integer_value(json_object_get(run, "states"));
	counts.transitions = json_integer_value(json_object_get(run, "transitions"));
	counts.depth = json_integer_value(json_object_get(run, "depth"));
	(void)snprintf(counts.verdict, sizeof(counts.verdict), "%s",
	               json_string_value(json_object_get(run, "verdict")));
	json_decref(report);
	return counts;
}

static void as_alone(void **unused)
{
	static const char *const checks[] = {"check v3 --vms 1 --format json",
	                                     "check no-put --all --max-states 9000 --format json",
	                                     "check put-only --vms 1 --max-states 500 --format json"};

	(void)unused;
	for (unsigned i = 0; i < 3; i++) {
		struct counts alone = {0};

		for (unsigned ranks = 0; ranks <= 3; ranks++) {
			struct outcome o = run_ranks(ranks, checks[i]);
			struct counts counts = read_counts(&o);

			if (ranks == 0)
				alone = counts;
			assert_string_equal(counts.verdict, alone.verdict);
			assert_int_equal(counts.states, alone.states);
			assert_int_equal(counts.transitions, alone.transitions);
			assert_int_equal(counts.depth, alone.depth);
			assert_int_equal(o.status, strcmp(alone.verdict, "pass") == 0   ? 0
			                           : strcmp(alone.verdict, "fail") == 0 ? 1
			                                                                : 3);
			outcome_free(&o);
		}
	}
}

/* The counterexample is put together from what each rank knows: it is the same file. */
static void the_same_trace(void **unused)
{
	char arguments[400], *alone = NULL;

	(void)unused;
	for (unsigned ranks = 0; ranks <= 3; ranks++) {
		struct outcome o;
		char *trace;

		(void)snprintf(arguments, sizeof(arguments), "check load-only --trace-out %s/%u", directory,
		               ranks);
		o = run_ranks(ranks, arguments);
		assert_int_equal(o.status, 1);
		(void)snprintf(arguments, sizeof(arguments), "%u/load-only-fpexc-host.trace", ranks);
		trace = read_file_of(directory, arguments);
		if (ranks == 0)
			alone = trace;
		else
			assert_string_equal(trace, alone);
		if (ranks > 0)
			free(trace);
		outcome_free(&o);
	}
	free(alone);
}

static void remove_file_of(const char *where, const char *name)
{
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/%s", where, name);
	(void)remove(path);
}

/* One message, from whoever has something to say, and the right status. */
static void heard_once(void **unused)
{
	static const struct {
		const char *arguments, *err;
		int status;
	} cases[] = {
	        {"check nosuch", "nosuch", 2},
	        {"check v3 --cpus 0", "0 CPUs", 2},
	        {"check v3 --cycles --symmetry off", "--cycles is for one process", 2},
	        {"check v3 --store bitstate", "cannot be distributed", 2},
	        {"check v3 --resume /nowhere", "/nowhere", 2},
	};

	(void)unused;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome o = run_ranks(3, cases[i].arguments);
		const char *first = strstr(o.err, cases[i].err);

		if (o.status != cases[i].status || !first || strstr(first + 1, "lazyswitch: "))
			fail_msg("%s: status %d, stdout '%s', stderr '%s'", cases[i].arguments, o.status,
			         o.out, o.err);
		outcome_free(&o);
	}
}

static void other_commands_run_once(void **unused)
{
	struct outcome alone = run_command("list"), o = run_ranks(3, "list");

	(void)unused;
	assert_int_equal(o.status, 0);
	assert_string_equal(o.out, alone.out);
	outcome_free(&alone);
	outcome_free(&o);
}

/*
 * Twenty times (in CI five) a rank is killed, at some moment, while checkpoints are written: what the others say is never more than what is
 * known, and the last checkpoint leads to the end, on another number of ranks.
 */
static void killed_ranks(void **unused)
{
	struct outcome alone = run_command("check v3 --format json"), o;
	struct counts expected = read_counts(&alone), counts;
	char command[1600], arguments[400], *out;
	unsigned incomplete = 0;

	(void)unused;
	for (unsigned i = 0; i < (getenv("CI") ? 5 : 20); i++) {
		(void)snprintf(
		        command, sizeof(command),
		        "cd %s && { timeout 300 %s -q -np %u %s check v3 $([ ! -e save ] || echo --resume "
		        "save) "
		        "--checkpoint save --checkpoint-every 0.1 --format json >out 2>err & }; run=$!; "
		        "sleep %u.%02u; { child=$(cut -d' ' -f1 /proc/$run/task/$run/children); "
		        "kill -KILL $(cut -d' ' -f%u /proc/$child/task/$child/children); } 2>/dev/null; wait "
		        "$run",
		        directory, MPIRUN, 2 + i % 2, LAZYSWITCH, i * 7 % 10 < 3 ? 0 : 1, 20 + i * 37 % 80,
		        1 + i % 2);
		(void)system(
		        command); /* NOLINT(cert-env33-c): a shell is what runs things beside each other */
		out = read_file_of(directory, "out");
		assert_null(strstr(out, "\"fail\""));
		if (strstr(out, "\"pass\"")) {
			o = (struct outcome){.out = out};
			counts = read_counts(&o);
			assert_int_equal(counts.states, expected.states);
			remove_file_of(directory, "save");
		}
		incomplete += strstr(out, "\"incomplete\"") != NULL;
		free(out);
	}
	assert_true(incomplete > 0);
	(void)snprintf(arguments, sizeof(arguments), "%s/save", directory);
	if (access(arguments, R_OK) != 0) { /* the last one came to its end before it was killed */
		(void)snprintf(arguments, sizeof(arguments),
		               "check v3 --max-states 100000 --checkpoint %s/save --format json", directory);
		o = run_ranks(2, arguments);
		assert_int_equal(o.status, 3);
		outcome_free(&o);
	}
	(void)snprintf(arguments, sizeof(arguments), "check v3 --resume %s/save --format json", directory);
	o = run_ranks(3, arguments);
	counts = read_counts(&o);
	assert_string_equal(counts.verdict, "pass");
	assert_int_equal(counts.states, expected.states);
	assert_int_equal(counts.transitions, expected.transitions);
	assert_int_equal(counts.depth, expected.depth);
	outcome_free(&o);
	outcome_free(&alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(as_alone),     cmocka_unit_test(the_same_trace),
	        cmocka_unit_test(heard_once),   cmocka_unit_test(other_commands_run_once),
	        cmocka_unit_test(killed_ranks),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
