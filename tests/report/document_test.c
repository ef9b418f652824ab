/* SPDX-License-Identifier: MIT */
/* The data of a report: the story, the state, the places, and which sources are there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../cli/files.h"
#include "reports.h"

/* The number of a field. */
static json_int_t field(const json_t *data, const char *name)
{
	size_t i;
	json_t *field;

	json_array_foreach(json_object_get(data, "fields"), i, field)
	{
		if (strcmp(report_text(field, "name"), name) == 0)
			return (json_int_t)i;
	}
	fail_msg("no field %s", name);
	return -1;
}

/* What a step has made of a field; NULL: it has not changed. */
static const char *set_to(const json_t *data, size_t step, const char *name)
{
	json_int_t number = field(data, name);
	size_t i;
	json_t *set;

	json_array_foreach(json_object_get(json_array_get(json_object_get(data, "steps"), step - 1), "set"),
	                   i, set)
	{
		if (json_integer_value(json_array_get(set, 0)) == number)
			return json_string_value(json_array_get(set, 1));
	}
	return NULL;
}

static void the_data_tell_the_story(void **state)
{
	json_t *data = report_data("lost.trace", 1), *steps = json_object_get(data, "steps"), *step, *details;
	char line[256];

	(void)state;
	assert_string_equal(report_text(data, "title"), "load-only violates fp-lost");
	assert_string_equal(report_text(json_object_get(data, "verdict"), "sign"), "violated");
	assert_string_equal(report_text(json_object_get(data, "verdict"), "sentence"),
	                    "reproduced: step 4 of 4 violates fp-lost");
	assert_string_equal(report_text(json_object_get(data, "property"), "name"), "fp-lost");
	assert_true(strlen(report_text(json_object_get(data, "property"), "more")) > 80);
	assert_contains(report_text(json_object_get(data, "seen"), "text"),
	                "vmm0 reads d0: expected its own newest data");
	assert_contains(report_text(json_object_get(data, "seen"), "where"),
	                "cpu0, user.S:17 user_fp: vadd.f64");
	assert_string_equal(report_text(json_object_get(data, "trace"), "system"),
	                    "1 CPU, 0 plain threads, 1 VM with 1 vCPU, little endian");
	assert_int_equal(json_array_size(steps), 4);

	step = json_array_get(steps, 1);
	assert_string_equal(report_text(step, "who"), "vmm0");
	assert_string_equal(report_text(step, "headline"), "ioctl(KVM_RUN)");
	assert_string_equal(report_text(step, "choices"), "cpu0 vmm0 kvm-run @ kvm_vcpu_ioctl+0xe0");
	assert_string_equal(set_to(data, 2, "cpu0.fpexc.en"), "1");
	assert_null(set_to(data, 3, "cpu0.fpexc.en"));
	assert_string_equal(set_to(data, 1, "cpu0.runs"), "vmm0");
	details = json_object_get(step, "details");
	assert_string_equal(report_text(json_array_get(details, 1), "text"), "FPEXC: EN=0 -> EN=1, by KVM");
	assert_contains(
	        report_line(data, json_object_get(json_array_get(details, 1), "at"), line, sizeof(line)),
	        "save_host_fpexc");

	/* The violation: the CPU stands at the instruction that saw it, and has not written yet. */
	step = json_array_get(steps, 3);
	details = json_object_get(step, "details");
	assert_string_equal(report_text(json_array_get(details, json_array_size(details) - 1), "bad"),
	                    "seen");
	assert_contains(
	        report_line(data, json_array_get(json_object_get(step, "stands"), 0), line, sizeof(line)),
	        "vadd.f64");
	assert_null(set_to(data, 4, "cpu0.hw.owner"));
	json_decref(data);
}

/* Every place is in a source, and every range. */
static void places_are_in_sources(void **state)
{
	static const char *const traces[] = {"v3-fp-leak-neon", "half-bank-fp-lost", "shadow-fpexc-host-neon",
	                                     "v3-fp-lost-big", "trap-stays-crash"};
	char arguments[256], line[256];
	size_t i, k;
	json_t *step, *part;

	(void)state;
	for (size_t t = 0; t < sizeof(traces) / sizeof(traces[0]); t++) {
		json_t *data;

		(void)snprintf(arguments, sizeof(arguments), CORPUS "/%s.trace", traces[t]);
		data = report_data(arguments, 1);
		json_array_foreach(json_object_get(data, "steps"), i, step)
		{
			assert_true(json_array_size(json_object_get(step, "ran")) > 0);
			json_array_foreach(json_object_get(step, "ran"), k, part)
			{
				assert_true(json_integer_value(json_array_get(part, 1)) <=
				            json_integer_value(json_array_get(part, 2)));
				report_line(data, part, line, sizeof(line));
			}
			json_array_foreach(json_object_get(step, "stands"), k, part)
			        report_line(data, part, line, sizeof(line));
			json_array_foreach(json_object_get(step, "details"), k, part)
			{
				if (json_is_array(json_object_get(part, "at")))
					report_line(data, json_object_get(part, "at"), line, sizeof(line));
			}
		}
		json_decref(data);
	}
}

static void other_outcomes(void **state)
{
	json_t *data = report_data("--on baseline lost.trace", 0);
	struct outcome o;

	(void)state;
	assert_string_equal(report_text(json_object_get(data, "verdict"), "sign"), "holds");
	assert_true(json_is_null(json_object_get(data, "property")));
	assert_true(json_is_null(json_object_get(data, "seen")));
	assert_string_equal(report_text(data, "title"), "lost.trace on baseline");
	json_decref(data);
	write_file(report_directory, "diverged.trace", START "cpu0 wake\ncpu0 vmm0 preempt\ncpu0 vmm0 fp\n");
	o = report_run("diverged.trace", 2);
	assert_contains(o.err, "diverged.trace:8:6: cpu0 runs idle0 here, not vmm0");
	data = report_data_of(o.out);
	assert_string_equal(report_text(json_object_get(data, "verdict"), "sign"), "open");
	assert_int_equal(json_array_size(json_object_get(data, "steps")), 2);
	assert_contains(json_string_value(json_array_get(
	                        json_object_get(json_object_get(data, "verdict"), "notes"), 0)),
	                "cpu0 runs idle0 here, not vmm0");
	json_decref(data);
	outcome_free(&o);
}

/* "source" or "listing" of the source whose path ends like that; "" if there is none. */
static const char *kind_of(const json_t *data, const char *end, const char **contents)
{
	size_t i;
	json_t *source;

	json_array_foreach(json_object_get(data, "sources"), i, source)
	{
		const char *path = report_text(source, "path");

		if (strlen(path) >= strlen(end) && strcmp(path + strlen(path) - strlen(end), end) == 0) {
			*contents = report_text(source, "text");
			return report_text(source, "kind");
		}
	}
	return "";
}

static void sources_are_what_was_built(void **state)
{
	const char *contents = "";
	json_t *data;

	(void)state;
	/* Of the user, with what it includes. */
	report_shell("mkdir sub && cp " VARIANTS
	             "/v3.S sub/more.S && printf '#define LOAD_DIRTY ldrb\\n#define "
	             "NO_PUT\\n#include \"sub/more.S\"\\n' > mine.S");
	write_file(report_directory, "mine.trace",
	           "lazyswitch-trace 1\nvariant mine.S\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 "
	           "kvm-run\ncpu0 go signal=0\n");
	data = report_data("mine.trace", 0);
	assert_string_equal(kind_of(data, "sub/more.S", &contents), "source");
	json_decref(data);
	/* Patched. */
	write_file(report_directory, "v3.trace",
	           "lazyswitch-trace 1\nvariant v3\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 kvm-run\ncpu0 "
	           "go signal=0\n");
	data = report_data("v3.trace", 0);
	assert_string_equal(kind_of(data, "model/variants/v3.S", &contents), "source");
	assert_null(strstr(contents, "#define LOAD_DIRTY ldrb"));
	json_decref(data);
	data = report_data("--patch " EXAMPLE "/byte.diff v3.trace", 0);
	assert_string_equal(kind_of(data, "model/variants/v3.S", &contents), "source");
	assert_contains(contents, "#define LOAD_DIRTY ldrb");
	json_decref(data);
	/* An image from elsewhere: nobody knows what its sources were. */
	write_file(report_directory, "elf.trace",
	           "lazyswitch-trace 1\nvariant " IMAGES
	           "/little/v3.elf\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 kvm-run\n");
	data = report_data("elf.trace", 0);
	assert_string_equal(kind_of(data, "disassembly of kvm_vcpu_ioctl", &contents), "listing");
	assert_contains(contents, "  bl kvm_arch_vcpu_load\n");
	assert_string_equal(kind_of(data, ".S", &contents), "");
	json_decref(data);
}

/* Reports are mailed around: a source must not be able to name a file of the reporter's. */
static void no_other_files_are_shown(void **state)
{
	const char *contents = "";
	struct outcome o;
	json_t *data;

	(void)state;
	report_shell(
	        "mkdir inside outside && echo '/* secret */' > outside/secret.h && echo 'secret' > "
	        "inside/secret.txt && "
	        "ln -s ../outside/secret.h inside/link.h && "
	        "{ echo '#include <linux/kvm_host.h>'; n=0;"
	        "for f in outside/secret.h inside/../outside/secret.h inside/secret.txt inside/link.h "
	        "/etc/passwd; do n=$((n + 1)); "
	        "printf '# 1 \"%s\"\\n__attribute__((noinline)) static void f%d(struct kvm_vcpu *v) { "
	        "v->arch.scratch[0] += %d; }\\n' $f $n $n; done; "
	        "printf '# 1 \"/etc/passwd\"\\nvoid kvm_arch_vcpu_put(struct kvm_vcpu *v) { f1(v); f2(v); "
	        "f3(v); f4(v); f5(v); }\\n'; } > inside/bad.c");
	write_file(report_directory, "bad.trace",
	           "lazyswitch-trace 1\nvariant inside/bad.c\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 "
	           "kvm-run\ncpu0 go signal=1\n");
	o = report_run("bad.trace", 0);
	assert_null(strstr(o.out, "secret */"));
	assert_null(strstr(o.out, "root:"));
	data = report_data_of(o.out);
	for (char name[] = "disassembly of f1"; name[16] <= '5'; name[16]++)
		assert_string_equal(kind_of(data, name, &contents), "listing");
	json_decref(data);
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_data_tell_the_story),  cmocka_unit_test(places_are_in_sources),
	        cmocka_unit_test(other_outcomes),           cmocka_unit_test(sources_are_what_was_built),
	        cmocka_unit_test(no_other_files_are_shown),
	};

	return cmocka_run_group_tests(tests, reports_open, reports_close);
}
