/* SPDX-License-Identifier: MIT */
/* lazyswitch replay: what it says, and its exit statuses. */
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

#define START "lazyswitch-trace 1\nvariant load-only\ncpus 1\nvms 1\nthreads 0\n"
#define LOST  START "property fp-lost\ncpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n"

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

/* Each % is the directory of the files; `words` must be in what it says, in this order. */
static void expect(const char *arguments, int status, const char *const *words)
{
	char command[2048] = "replay ", *text;
	size_t at = strlen(command), size;
	struct outcome o;
	const char *rest;

	for (; *arguments; arguments++) {
		if (*arguments == '%')
			at += (size_t)snprintf(command + at, sizeof(command) - at, "%s/", directory);
		else
			command[at++] = *arguments;
		assert_true(at < sizeof(command) - 1);
		command[at] = '\0';
	}
	o = run_command(command);
	size = strlen(o.out) + strlen(o.err) + 1;
	text = malloc(size);
	assert_non_null(text);
	(void)snprintf(text, size, "%s%s", o.out, o.err);
	if (o.status != status)
		fail_msg("%s: exit status %d: %s", command, o.status, text);
	for (rest = text; *words; words++) {
		const char *found = strstr(rest, *words);

		if (!found) {
			fail_msg("%s: no '%s' in its place in '%s'", command, *words, text);
			break;
		}
		rest = found + strlen(*words);
	}
	free(text);
	outcome_free(&o);
}

#define EXPECT(arguments, status, ...)                                                                       \
	do {                                                                                                 \
		static const char *const words[] = {__VA_ARGS__, NULL};                                      \
		expect(arguments, status, words);                                                            \
	} while (0)

static void test_outcomes(void **state)
{
	(void)state;
	write_file(directory, "lost.trace", LOST);
	EXPECT("%lost.trace", 1, "lost.trace: 4 steps, on load-only\n", "[idle0] wakes up: vmm0 is next",
	       "violated: fp-lost - ", "At that moment:", "\nreproduced: step 4 of 4 violates fp-lost\n");
	EXPECT("--until 3 %lost.trace", 0, "The machine at the end:", "\nno violation in 3 of 4 steps\n");
	EXPECT("--on baseline %lost.trace", 0, ", on baseline\n", "no violation in 4 of 4 steps\n");
	write_file(directory, "other.trace",
	           START "property crash\nsearched crash,fpexc-host\n"
	                 "cpu0 wake\ncpu0 kvm-run\ncpu0 preempt\ncpu0 wake\n");
	EXPECT("%other.trace", 1, "another violation: step 3 of 4 violates fpexc-host, not crash\n");
	write_file(directory, "diverged.trace", START "cpu0 wake\ncpu0 vmm0 preempt\ncpu0 vmm0 fp\n");
	EXPECT("%diverged.trace", 2,
	       "The machine at the end:", "diverged behind 2 of 3 steps: line 8 is not possible\n",
	       "lazyswitch: ", "/diverged.trace:8:6: cpu0 runs idle0 here, not vmm0\n");
	/* The worst counts, and the others are replayed all the same. */
	EXPECT("%diverged.trace %lost.trace", 2, "diverged behind", "\nreproduced: ");
	EXPECT("--on baseline %lost.trace %lost.trace", 0, "no violation", "no violation");
}

static void test_stdin(void **state)
{
	(void)state;
	write_file(directory, "lost.trace", LOST);
	EXPECT("- < %lost.trace", 1, "<stdin>: 4 steps", "reproduced");
	EXPECT("- < /dev/null", 2, "lazyswitch: <stdin>:1:1: this file is empty");
}

static void test_bad_input(void **state)
{
	(void)state;
	write_file(directory, "bad.trace", START "cpu0 wake pick=everybody\n");
	write_file(directory, "unknown.trace", "lazyswitch-trace 1\nvariant nobody\n");
	write_file(directory, "large.trace", "lazyswitch-trace 1\nvariant v3\nvms 8\nvcpus 8\n");
	write_file(directory, "gone.trace", "lazyswitch-trace 1\nvariant /nowhere/x.elf\n");
	EXPECT("%bad.trace", 2, "lazyswitch: ", "/bad.trace:6:16: 'everybody' is no value of pick: ");
	EXPECT("%unknown.trace", 2, "/unknown.trace: unknown variant 'nobody'");
	EXPECT("%large.trace", 2, "/large.trace: 8 VMs with 8 vCPUs each");
	EXPECT("%gone.trace", 2, "/gone.trace: /nowhere/x.elf: No such file or directory");
	EXPECT("%none.trace", 2, "/none.trace: No such file or directory");
	EXPECT("--on nobody %bad.trace", 2, "bad.trace:6:16: ");
	EXPECT("", 2, "replay takes the traces to be replayed");
	EXPECT("--until 0 x", 2, "--until");
	EXPECT("--until many x", 2, "--until");
	EXPECT("--format xml x", 2, "--format");
	EXPECT("--trace-out '' x", 2, "--trace-out takes a directory");
	EXPECT("--onn v3 x", 2, "did you mean '--on'?");
	EXPECT("--help", 0, "replay [OPTION...] TRACE...", "--on=VARIANT", "Exit status:");
}

static void test_json(void **state)
{
	char command[512];
	struct outcome o;
	json_t *document, *results, *result;

	(void)state;
	write_file(directory, "lost.trace", LOST);
	write_file(directory, "bad.trace", START "cpu0 wake pick=everybody\n");
	write_file(directory, "diverged.trace", START "cpu0 wake\n\ncpu0 idle0 fp\n");
	(void)snprintf(command, sizeof(command),
	               "replay --format json %s/lost.trace %s/bad.trace %s/diverged.trace", directory,
	               directory, directory);
	o = run_command(command);
	assert_int_equal(o.status, 2);
	document = json_loads(o.out, 0, NULL);
	assert_non_null(document);
	assert_int_equal(json_integer_value(json_object_get(document, "version")), 1);
	results = json_object_get(document, "results");
	assert_int_equal(json_array_size(results), 3);
	result = json_array_get(results, 0);
	assert_string_equal(json_string_value(json_object_get(result, "outcome")), "reproduced");
	assert_string_equal(json_string_value(json_object_get(result, "property")), "fp-lost");
	assert_string_equal(json_string_value(json_object_get(result, "variant")), "load-only");
	assert_int_equal(json_array_size(json_object_get(result, "steps")), 4);
	assert_string_equal(
	        json_string_value(json_object_get(json_object_get(result, "violation"), "symbol")),
	        "user_fp");
	assert_true(json_is_null(json_object_get(result, "same_image")));
	assert_true(json_is_null(json_object_get(result, "message")));
	result = json_array_get(results, 1);
	assert_string_equal(json_string_value(json_object_get(result, "outcome")), "error");
	assert_true(json_is_null(json_object_get(result, "steps")));
	assert_non_null(strstr(json_string_value(json_object_get(result, "message")), "bad.trace:6:16: "));
	result = json_array_get(results, 2);
	assert_string_equal(json_string_value(json_object_get(result, "outcome")), "diverged");
	assert_int_equal(json_integer_value(json_object_get(result, "line")), 8);
	assert_int_equal(json_integer_value(json_object_get(result, "column")), 6);
	assert_int_equal(json_array_size(json_object_get(result, "steps")), 1);
	json_decref(document);
	outcome_free(&o);
}

/* A file of the own hand becomes a complete one, which becomes itself. */
static void test_trace_out(void **state)
{
	char command[512];

	(void)state;
	write_file(directory, "lost.trace", "# a story\n" LOST "\n");
	EXPECT("--trace-out %a %lost.trace", 1, "reproduced", "trace: ", "/a/lost.trace\n");
	EXPECT("--trace-out %b %a/lost.trace", 1, ", the image of the trace\n", "reproduced");
	EXPECT("--trace-out %c - < %lost.trace", 1, "/c/load-only-fp-lost.trace\n");
	(void)snprintf(
	        command, sizeof(command),
	        "cd %s && cmp a/lost.trace b/lost.trace && cmp a/lost.trace c/load-only-fp-lost.trace && "
	        "grep -q '^# a story$' a/lost.trace && grep -q '^seen cpu0 user_fp \"' a/lost.trace",
	        directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	/* Nothing was seen: nothing is written. */
	EXPECT("--until 3 --trace-out %d %lost.trace", 0, "no violation");
	(void)snprintf(command, sizeof(command), "test ! -e %s/d", directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	EXPECT("--trace-out /dev/null/x %lost.trace", 2, "reproduced", "lazyswitch: /dev/null/x: ");
	/* On another image. */
	EXPECT("--on put-only %a/lost.trace", 0, "not the image that the trace is of", "no violation");
}

/* A trace that says it was seen otherwise. */
static void test_seen(void **state)
{
	(void)state;
	write_file(directory, "lost.trace",
	           START "seen cpu0 user_fp \"something else\"\n"
	                 "cpu0 wake\ncpu0 kvm-run\ncpu0 preempt\n");
	EXPECT("%lost.trace", 1, "reproduced: step 3 of 3 violates fpexc-host\n",
	       "the trace says otherwise: cpu0, at user_fp: something else\n");
}

#define START2 "lazyswitch-trace 2\nvariant load-only\ncpus 1\nvms 1\nthreads 0\n"

/* Steps that wait, and steps that are searched for; what is written says each of them. */
static void test_open(void **state)
{
	(void)state;
	write_file(directory, "waits.trace",
	           START2 "property fp-lost\ncpu0 wake\ncpu0 kvm-run\ncpu0 irq\ncpu0 signal=1\ncpu0 fp\n");
	EXPECT("--trace-out %e %waits.trace", 1, "waits.trace: 5 steps, on load-only\n",
	       "\nreproduced: step 6 of 6 violates fp-lost\n",
	       "  1 step is not in the trace: the CPU had to go on until the next was possible\n");
	EXPECT("%e/waits.trace", 1, "waits.trace: 6 steps", "reproduced: step 6 of 6");
	write_file(directory, "open.trace", START2 "property fp-lost\ncpu0 wake\nchoose * 3\n");
	EXPECT("--trace-out %e %open.trace", 1, "\nreproduced: step 4 of 4 violates fp-lost\n",
	       "open steps: this is the first of the completions with the fewest steps; states seen: ");
	EXPECT("%e/open.trace", 1, "open.trace: 4 steps", "reproduced: step 4 of 4");
	EXPECT("--on baseline %open.trace", 0, "\nno violation in 2 of 2 steps\n",
	       "open steps: no completion reproduces it, this one comes closest; states seen: ");
	EXPECT("--max-states 2 %open.trace", 3, "not finished: how it ends is not known\n",
	       "/open.trace:8:1: not finished: among 2 states ");
	EXPECT("--max-states 0 %open.trace", 2, "--max-states");
	EXPECT("--format json %e/open.trace %open.trace", 1, "\"filled\": 0", "\"states\": null",
	       "\"outcome\": \"reproduced\"", "\"filled\": 2", "\"states\": ");
	EXPECT("--format json --max-states 2 %open.trace", 3, "\"outcome\": \"incomplete\"");
	write_file(directory, "old.trace", START "choose *\n");
	EXPECT("%old.trace", 2, "/old.trace:6:1: open steps came with version 2");
}

#define PADDED                                                                                               \
	START "property fp-lost\ncpu0 wake\ncpu0 kvm-run\ncpu0 go signal=0\ncpu0 irq\ncpu0 go "              \
	      "signal=1\ncpu0 fp\n"

static void test_minimize(void **state)
{
	(void)state;
	write_file(directory, "lost.trace", LOST);
	write_file(directory, "padded.trace", "# why\n" PADDED);
	EXPECT("--minimize %lost.trace", 1, "reproduced: step 4 of 4 violates fp-lost\n",
	       "minimal: no step of it can be left out (what check finds is a shortest schedule already");
	EXPECT("--minimize --trace-out %f %padded.trace", 1, "padded.trace: 6 steps, on load-only\n",
	       "reproduced: step 4 of 4 violates fp-lost\n",
	       "minimized: 2 of 6 steps left out, 0 choices made the first possibility",
	       "; no step of this can be left out\n", "/f/padded.trace\n");
	EXPECT("- < %f/padded.trace", 1, "4 steps, on load-only, the image of the trace\n",
	       "reproduced: step 4 of 4");
	EXPECT("--minimize --on baseline %lost.trace", 0, "not minimized: it ends in no violation\n");
	EXPECT("--minimize --format json %padded.trace %lost.trace", 1,
	       "\"minimized\": {\n        \"left_out\": 2,", "\"minimized\": {\n        \"left_out\": 0,");
	EXPECT("--minimize --on all %lost.trace", 2,
	       "--on all prints a table: --minimize is for one variant");
}

static void test_on_all(void **state)
{
	(void)state;
	write_file(directory, "lost.trace", LOST);
	write_file(directory, "wake.trace", START "cpu0 wake\ncpu0 kvm-run\n");
	write_file(directory, "never.trace", START "cpu0 wake\ncpu0 wake\n");
	EXPECT("--on all %lost.trace", 1, "lost.trace, on every variant that ships:\n", "variant ",
	       "\nbaseline        no violation                 4/4\n",
	       "\nload-only       violates fp-lost             4/4  vmm0 reads d0: ",
	       "\nbreaks 1 of 15: load-only\n", "no violation on 14 of 15: baseline, ");
	EXPECT("--on all %wake.trace", 0, "breaks 0 of 15\n", "no violation on 15 of 15: ");
	/* Not possible anywhere is a result, too. */
	EXPECT("--on all %never.trace", 0,
	       "\nv3              diverged                     1/2  line 7: vmm0 cannot wake",
	       "breaks 0 of 15\nno violation on 0 of 15\n");
	EXPECT("--on all --format json %lost.trace %wake.trace", 1, "\"variant\": \"baseline\"",
	       "\"variant\": \"no-isb\"", "\"variant\": \"baseline\"", "\"variant\": \"no-isb\"");
	EXPECT("--on all - < %lost.trace", 2, "it takes a file, not standard input");
	EXPECT("--on all --trace-out %g %lost.trace", 2, "--trace-out is for one variant");
	EXPECT("--on all %none.trace %wake.trace", 2, "breaks 0 of 15",
	       "none.trace: No such file or directory");
}

/* What is written, byte for byte, but for what a compiler decides. */
static void test_golden(void **state)
{
	static const char *const names[] = {"by-hand", "completed", "options"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char command[1024];
		struct outcome o;

		(void)snprintf(command, sizeof(command), "replay --trace-out %s/golden " GOLDEN "/%s.trace",
		               directory, names[i]);
		o = run_command(command);
		if (o.status != 1)
			fail_msg("%s: exit status %d: %s", command, o.status, o.err);
		outcome_free(&o);
		(void)snprintf(command, sizeof(command),
		               "sed -E 's/^(image xxh3) .*/\\1 HASH/; s/[+]0x[0-9a-f]+/+N/' "
		               "%s/golden/%s.trace | uniq | "
		               "diff " GOLDEN "/%s.golden - >&2",
		               directory, names[i], names[i]);
		assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_outcomes),  cmocka_unit_test(test_stdin),
	        cmocka_unit_test(test_bad_input), cmocka_unit_test(test_json),
	        cmocka_unit_test(test_trace_out), cmocka_unit_test(test_seen),
	        cmocka_unit_test(test_open),      cmocka_unit_test(test_minimize),
	        cmocka_unit_test(test_on_all),    cmocka_unit_test(test_golden),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
