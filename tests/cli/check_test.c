/* SPDX-License-Identifier: MIT */
/* lazyswitch check: statuses, tables, JSON, trace files. */
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

#include "run_command.h"

#define SMALL " --cpus 1 --threads 0 --vms 1 "

static struct outcome expect_status(const char *arguments, int status)
{
	struct outcome o = run_command(arguments);

	if (o.status != status)
		fail_msg("lazyswitch %s: status %d, stdout '%s', stderr '%s'", arguments, o.status, o.out,
		         o.err);
	return o;
}

static void test_pass(void **state)
{
	struct outcome o = expect_status("check v3" SMALL, 0);

	(void)state;
	assert_non_null(strstr(o.out,
	                       "1 CPU, 0 plain threads, 1 VM with 1 vCPU, little endian, no optional events; "
	                       "all properties\n"));
	assert_non_null(strstr(o.out, "\nv3                pass        -  "));
	assert_string_equal(o.err, "");
	outcome_free(&o);
}

static void test_fail(void **state)
{
	struct outcome o = expect_status("check no-put" SMALL, 1);

	(void)state;
	assert_non_null(strstr(o.out, "\nno-put            fail        fp"));
	assert_non_null(strstr(o.out, "\nviolated: fp"));
	assert_string_equal(o.err, "");
	outcome_free(&o);
}

static void test_worst_wins(void **state)
{
	struct outcome o = expect_status("check v3 no-put" SMALL, 1);

	(void)state;
	outcome_free(&o);
	/* A violation outweighs an unfinished search. */
	o = expect_status("check load-only v3 --max-states 200", 1);
	assert_non_null(strstr(o.out, "incomplete"));
	assert_non_null(strstr(o.out, "state limit"));
	outcome_free(&o);
	/* The story comes behind the table. */
	o = expect_status("check no-put v3" SMALL, 1);
	assert_true(strstr(o.out, "\nv3  ") < strstr(o.out, "violates"));
	outcome_free(&o);
}

static void test_limits(void **state)
{
	struct outcome o = expect_status("check v3 --max-states 100", 3);

	(void)state;
	assert_non_null(strstr(o.out, "state limit"));
	outcome_free(&o);
	o = expect_status("check v3 --cpus 3 --timeout 0.3", 3);
	assert_non_null(strstr(o.out, "time limit"));
	outcome_free(&o);
	o = expect_status("check v3 --memory 2M", 3);
	assert_non_null(strstr(o.out, "incomplete"));
	outcome_free(&o);
}

static void test_interrupt(void **state)
{
	struct outcome o = run_command_signalled("check v3 baseline", "INT", "0.5");

	(void)state;
	assert_int_equal(o.status, 3);
	assert_non_null(strstr(o.out, "\nv3                incomplete  "));
	assert_non_null(strstr(o.out, "\nbaseline          incomplete  "));
	assert_non_null(strstr(o.out, "  interrupted\n"));
	outcome_free(&o);
	o = run_command_signalled("check v3 --format json", "TERM", "0.5");
	assert_int_equal(o.status, 3);
	assert_non_null(strstr(o.out, "\"reason\": \"interrupted\""));
	outcome_free(&o);
}

static json_t *only_result(const char *text)
{
	json_error_t error;
	json_t *document = json_loads(text, 0, &error);

	if (!document)
		fail_msg("not JSON: %s, line %d", error.text, error.line);
	assert_int_equal(json_integer_value(json_object_get(document, "version")), 1);
	assert_int_equal(json_array_size(json_object_get(document, "results")), 1);
	return document;
}

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void test_json_fail(void **state)
{
	struct outcome o = expect_status("check no-put --format json --property fp-lost" SMALL, 1);
	json_t *document = only_result(o.out);
	const json_t *result = json_array_get(json_object_get(document, "results"), 0), *config, *violation,
	             *trace;

	(void)state;
	assert_string_equal(o.err, "");
	assert_string_equal(member(result, "variant"), "no-put");
	assert_string_equal(member(result, "verdict"), "fail");
	assert_string_equal(member(result, "property"), "fp-lost");
	assert_true(json_integer_value(json_object_get(result, "states")) > 1);
	assert_true(json_integer_value(json_object_get(result, "transitions")) > 1);
	assert_true(json_is_real(json_object_get(result, "seconds")));
	config = json_object_get(result, "config");
	assert_int_equal(json_integer_value(json_object_get(config, "cpus")), 1);
	assert_int_equal(json_integer_value(json_object_get(config, "vms")), 1);
	assert_int_equal(json_integer_value(json_object_get(config, "vcpus")), 1);
	assert_int_equal(json_integer_value(json_object_get(config, "threads")), 0);
	assert_int_equal(json_array_size(json_object_get(config, "env")), 0);
	assert_string_equal(member(config, "endian"), "little");
	assert_int_equal(json_array_size(json_object_get(config, "properties")), 1);
	trace = json_object_get(result, "trace");
	assert_int_equal(json_array_size(trace), json_integer_value(json_object_get(result, "depth")));
	assert_non_null(strstr(json_string_value(json_array_get(trace, 0)), "cpu0 idle0 wake"));
	violation = json_object_get(result, "violation");
	assert_string_equal(member(violation, "property"), "fp-lost");
	assert_non_null(strstr(member(violation, "observer"), "vmm0 reads d0"));
	assert_string_equal(member(violation, "symbol"), "user_fp");
	assert_non_null(strstr(member(violation, "file"), "user.S"));
	assert_true(json_integer_value(json_object_get(violation, "line")) > 0);
	assert_true(json_is_null(json_object_get(result, "reason")));
	json_decref(document);
	outcome_free(&o);
}

static void test_json_pass_and_incomplete(void **state)
{
	struct outcome o = expect_status(
	        "check v3 --format json --endian little --env neon --property crash,stuck" SMALL, 0);
	json_t *document = only_result(o.out);
	const json_t *result = json_array_get(json_object_get(document, "results"), 0);

	(void)state;
	assert_string_equal(member(result, "verdict"), "pass");
	assert_true(json_is_null(json_object_get(result, "property")));
	assert_true(json_is_null(json_object_get(result, "trace")));
	assert_true(json_is_null(json_object_get(result, "violation")));
	assert_int_equal(json_array_size(json_object_get(json_object_get(result, "config"), "env")), 1);
	assert_int_equal(json_array_size(json_object_get(json_object_get(result, "config"), "properties")),
	                 2);
	json_decref(document);
	outcome_free(&o);

	o = expect_status("check v3 --format json --max-states 50", 3);
	document = only_result(o.out);
	result = json_array_get(json_object_get(document, "results"), 0);
	assert_string_equal(member(result, "verdict"), "incomplete");
	assert_string_equal(member(result, "reason"), "state limit");
	json_decref(document);
	outcome_free(&o);
}

/* The image is the variant, whether it comes by name or by path; a path says which endianness it is. */
static void test_path(void **state)
{
	struct outcome o = expect_status("check --format json " IMAGES "/big/v3.elf" SMALL, 1);
	json_t *document = only_result(o.out);
	const json_t *result = json_array_get(json_object_get(document, "results"), 0);

	(void)state;
	assert_string_equal(member(result, "variant"), IMAGES "/big/v3.elf");
	assert_string_equal(member(json_object_get(result, "config"), "endian"), "big");
	json_decref(document);
	outcome_free(&o);
	o = expect_status("check " IMAGES "/little/v3.elf" SMALL, 0);
	outcome_free(&o);
}

/* Copies an image, with every `from` replaced by `to`: both are instructions, little endian as in the file.
 */
static void patch_image(const char *source, const char *target, uint32_t from, uint32_t to)
{
	static unsigned char bytes[1 << 20];
	FILE *f = fopen(source, "rb");
	size_t size;
	unsigned patched = 0;

	assert_non_null(f);
	size = fread(bytes, 1, sizeof(bytes), f);
	assert_int_equal(fclose(f), 0);
	for (size_t i = 0; i + 4 <= size; i += 4) {
		uint32_t word;

		memcpy(&word, bytes + i, 4);
		if (word != from)
			continue;
		memcpy(bytes + i, &to, 4);
		patched++;
	}
	assert_true(patched > 0);
	f = fopen(target, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

/* An instruction that the machine does not know, in kvm_arch_vcpu_put: no verdict, but bad input. */
static void test_unknown_instruction(void **state)
{
	char *directory = make_directory(), image[256], arguments[512];
	struct outcome o;
	json_t *document;
	const json_t *result;

	(void)state;
	(void)snprintf(image, sizeof(image), "%s/bad.elf", directory);
	patch_image(IMAGES "/little/v3.elf", image, 0xe3e02000 /* mvn r2, #0 */,
	            0xe1022051 /* qadd r2, r1, r2 */);
	(void)snprintf(arguments, sizeof(arguments), "check --format json %s" SMALL, image);
	o = expect_status(arguments, 2);
	document = only_result(o.out);
	result = json_array_get(json_object_get(document, "results"), 0);
	assert_string_equal(member(result, "verdict"), "error");
	assert_non_null(strstr(member(result, "message"), "kvm_arch_vcpu_put"));
	assert_non_null(strstr(member(result, "message"), "qadd"));
	assert_non_null(strstr(o.err, "kvm_arch_vcpu_put"));
	json_decref(document);
	outcome_free(&o);
	/* The others are checked all the same, and the worst status wins. */
	(void)snprintf(arguments, sizeof(arguments), "check %s no-put" SMALL, image);
	o = expect_status(arguments, 2);
	assert_non_null(strstr(o.out, "=> violates"));
	outcome_free(&o);
	remove_directory(directory);
}

static void test_trace_out(void **state)
{
	char *directory = make_directory(), arguments[256], path[256], text[4096];
	struct outcome o;
	FILE *f;

	(void)state;
	(void)snprintf(arguments, sizeof(arguments),
	               "check v3 no-put --property fp-lost --trace-out %s/new" SMALL, directory);
	o = expect_status(arguments, 1);
	(void)snprintf(path, sizeof(path), "%s/new/no-put-fp-lost.trace", directory);
	assert_non_null(strstr(o.out, path));
	outcome_free(&o);
	f = fopen(path, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	assert_int_equal(fclose(f), 0);
	assert_memory_equal(text, "lazyswitch-trace 1\nvariant no-put\nimage xxh3 ", 45);
	assert_non_null(strstr(text, "\ncpus 1\nvms 1\nvcpus 1\nthreads 0\nenv none\nsmp on\ngranularity "
	                             "step\nendian little\nproperty fp-lost\n"));
	assert_non_null(strstr(text, "\n\ncpu0 idle0 wake @ user_choose\n"));
	assert_non_null(strstr(text, " signal=1 "));
	/* What holds leaves no trace; nothing temporary is left behind. */
	(void)snprintf(path, sizeof(path), "test \"$(ls %s/new)\" = no-put-fp-lost.trace", directory);
	assert_int_equal(system(path), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	(void)snprintf(arguments, sizeof(arguments), "check v3 --trace-out %s/none" SMALL, directory);
	o = expect_status(arguments, 0);
	outcome_free(&o);
	(void)snprintf(path, sizeof(path), "%s/none", directory);
	assert_int_not_equal(access(path, F_OK), 0);
	remove_directory(directory);
}

/* Every cause has a schedule of its own, and a file that says it; each replays. */
static void test_all_causes(void **state)
{
	char *directory = make_directory(), arguments[256];
	struct outcome o;
	json_t *document, *causes;
	size_t i;
	json_t *cause;

	(void)state;
	(void)snprintf(arguments, sizeof(arguments), "check no-put --all --format json --trace-out %s" SMALL,
	               directory);
	o = expect_status(arguments, 1);
	document = json_loads(o.out, 0, NULL);
	assert_non_null(document);
	causes = json_object_get(json_array_get(json_object_get(document, "results"), 0), "causes");
	assert_true(json_array_size(causes) > 3);
	json_array_foreach(causes, i, cause)
	{
		const char *file = json_string_value(json_object_get(cause, "trace_file"));

		assert_non_null(file);
		assert_non_null(json_string_value(json_object_get(cause, "culprit")));
		(void)snprintf(arguments, sizeof(arguments), "replay %s", file);
		outcome_free(&o);
		o = expect_status(arguments, 1);
		assert_non_null(strstr(o.out, "reproduced"));
	}
	outcome_free(&o);
	json_decref(document);
	remove_directory(directory);
}

static void test_trace_cannot_be_written(void **state)
{
	char *directory = make_directory(), arguments[256], command[256];
	struct outcome o;

	(void)state;
	/* A directory stands where the file should go: found out only when the trace is there. */
	(void)snprintf(command, sizeof(command), "mkdir %s/no-put-fp-lost.trace", directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	(void)snprintf(arguments, sizeof(arguments), "check no-put --property fp-lost --trace-out %s" SMALL,
	               directory);
	o = expect_status(arguments, 2);
	assert_non_null(strstr(o.err, "cannot write the trace"));
	outcome_free(&o);
	(void)snprintf(command, sizeof(command), "test \"$(ls %s)\" = no-put-fp-lost.trace", directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	remove_directory(directory);
}

static const json_t *only_member(const char *text, const char *name, json_t **document)
{
	*document = only_result(text);
	return json_object_get(json_array_get(json_object_get(*document, "results"), 0), name);
}

/* What never happened proves nothing: said in every format, and no reason to fail. */
static void test_vacuous(void **state)
{
	struct outcome o = expect_status("check v3 --vms 0", 0);
	json_t *document;
	const json_t *vacuous;

	(void)state;
	assert_string_equal(o.err, "lazyswitch: warning: v3: fpexc-guest holds vacuously: no guest ever "
	                           "depended on its FPEXC (0 VMs)\n");
	outcome_free(&o);
	/* Nobody asked about the guest. */
	o = expect_status("check v3 --vms 0 --property fp-leak,crash", 0);
	assert_string_equal(o.err, "");
	outcome_free(&o);
	o = expect_status("check --format json " VARIANTS "/never.S" SMALL, 0);
	vacuous = only_member(o.out, "vacuous", &document);
	assert_int_equal(json_array_size(vacuous), 3);
	assert_string_equal(member(json_array_get(vacuous, 0), "property"), "fpexc-guest");
	assert_true(json_is_null(json_object_get(json_array_get(vacuous, 0), "for")));
	assert_string_equal(member(json_array_get(vacuous, 1), "property"), "fp-leak");
	assert_string_equal(member(json_array_get(vacuous, 1), "for"), "guests");
	assert_string_equal(member(json_array_get(vacuous, 2), "property"), "fp-lost");
	assert_non_null(strstr(o.err, "fp-leak, fp-lost hold vacuously for guests: no guest"));
	json_decref(document);
	outcome_free(&o);
	o = expect_status("check --format ktap " VARIANTS "/never.S" SMALL, 0);
	assert_non_null(strstr(o.out, "\n# warning: fpexc-guest holds vacuously: no guest ever"));
	assert_true(strstr(o.out, "# warning") < strstr(o.out, "ok 1 "));
	outcome_free(&o);
	o = expect_status("check --format junit v3 --vms 0 2>&1", 0);
	assert_non_null(strstr(o.out, "<system-out>warning: fpexc-guest holds vacuously"));
	outcome_free(&o);
	o = expect_status("check --format json v3 " SMALL, 0);
	assert_int_equal(json_array_size(only_member(o.out, "vacuous", &document)), 0);
	assert_true(json_is_null(
	        json_object_get(json_array_get(json_object_get(document, "results"), 0), "stats")));
	assert_string_equal(o.err, "");
	json_decref(document);
	outcome_free(&o);
}

static void test_stats(void **state)
{
	struct outcome o = expect_status("check --stats --format json " VARIANTS "/never.S" SMALL, 0);
	json_t *document;
	const json_t *stats = only_member(o.out, "stats", &document),
	             *result = json_array_get(json_object_get(document, "results"), 0), *coverage, *gaps,
	             *way;
	json_int_t sum = 0;
	const json_t *level;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(stats, "levels"), i, level) sum += json_integer_value(level);
	assert_int_equal(sum, json_integer_value(json_object_get(result, "states")));
	assert_int_equal(i, json_integer_value(json_object_get(result, "depth")));
	assert_true(json_integer_value(json_object_get(json_object_get(stats, "steps"), "run")) > 0);
	coverage = json_object_get(stats, "coverage");
	assert_true(json_is_true(json_object_get(coverage, "overrides")));
	/* The branch is always taken; what lies behind it is dead, and so is a function that nobody calls. */
	gaps = json_object_get(coverage, "never_executed");
	assert_int_equal(json_array_size(gaps), 2);
	assert_string_equal(member(json_array_get(gaps, 0), "function"), "__kvm_vcpu_run");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(gaps, 0), "line")), 11);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(gaps, 0), "last_line")), 12);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(gaps, 0), "instructions")), 2);
	assert_true(json_is_false(json_object_get(json_array_get(gaps, 0), "whole")));
	assert_string_equal(member(json_array_get(gaps, 1), "function"), "nobody_calls_it");
	assert_true(json_is_true(json_object_get(json_array_get(gaps, 1), "whole")));
	way = json_object_get(coverage, "one_way");
	assert_int_equal(json_array_size(way), 2);
	assert_true(json_is_true(json_object_get(json_array_get(way, 0), "branches")));
	assert_string_equal(member(json_array_get(way, 0), "outcome"), "passed");
	assert_true(json_is_false(json_object_get(json_array_get(way, 1), "branches")));
	assert_string_equal(member(json_array_get(way, 1), "outcome"), "failed");
	json_decref(document);
	outcome_free(&o);
	o = expect_status("check --stats " VARIANTS "/never.S" SMALL, 0);
	assert_non_null(strstr(o.out, "/never.S: statistics\n"));
	assert_non_null(strstr(o.out, "\n    never.S:11-12 __kvm_vcpu_run+0xc, 2 instructions\n"));
	assert_non_null(strstr(o.out, "\n    never.S:10 __kvm_vcpu_run+0x8: branch always taken\n"));
	assert_non_null(strstr(o.out, ": condition never passed\n"));
	assert_non_null(strstr(o.out, " states/s, "));
	assert_non_null(strstr(o.out, " bytes a state"));
	outcome_free(&o);
	/* Of what was not searched to the end nothing can be said. */
	o = expect_status("check --stats v3 --max-states 100", 3);
	assert_non_null(strstr(o.out, "unknown: the search was not completed"));
	outcome_free(&o);
	o = expect_status("check --stats --format json no-put" SMALL, 1);
	coverage = json_object_get(only_member(o.out, "stats", &document), "coverage");
	assert_true(json_is_null(coverage)); /* a macro, that looks at it twice */
	json_decref(document);
	outcome_free(&o);
	/* With --all a violation does not end the search. */
	o = expect_status("check --all --stats --format json no-put" SMALL, 1);
	coverage = json_object_get(only_member(o.out, "stats", &document), "coverage");
	assert_true(json_is_object(coverage));
	json_decref(document);
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_pass),
	        cmocka_unit_test(test_fail),
	        cmocka_unit_test(test_worst_wins),
	        cmocka_unit_test(test_limits),
	        cmocka_unit_test(test_interrupt),
	        cmocka_unit_test(test_json_fail),
	        cmocka_unit_test(test_json_pass_and_incomplete),
	        cmocka_unit_test(test_path),
	        cmocka_unit_test(test_unknown_instruction),
	        cmocka_unit_test(test_trace_out),
	        cmocka_unit_test(test_all_causes),
	        cmocka_unit_test(test_trace_cannot_be_written),
	        cmocka_unit_test(test_vacuous),
	        cmocka_unit_test(test_stats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
