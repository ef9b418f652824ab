/* SPDX-License-Identifier: MIT */
/* The file of an HTML report: what is in it, that it is whole, harmless and not too large, and what is refused. */
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

#define START "lazyswitch-trace 1\nvariant load-only\ncpus 1\nvms 1\nthreads 0\n"
#define STEPS "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n"
#define DATA  "<script type=\"application/json\" id=\"data\">"

static char *directory;

static int setup(void **state)
{
	(void)state;
	directory = make_directory();
	write_file(directory, "lost.trace", START "property fp-lost\n" STEPS);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

/* Runs a command of the shell in the directory of the files; the test fails unless it succeeds. */
static void shell(const char *command)
{
	char line[1024];

	(void)snprintf(line, sizeof(line), "cd %s && %s", directory, command);
	assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

/* lazyswitch replay --format html ..., in the directory. */
static struct outcome replay(const char *arguments, int status)
{
	char before[256], all[1024];
	struct outcome o;

	(void)snprintf(before, sizeof(before), "sh -c 'cd %s && exec \"$@\"' sh", directory);
	(void)snprintf(all, sizeof(all), "replay --format html %s", arguments);
	o = run_command_after(before, all);
	if (o.status != status)
		fail_msg("%s: status %d, not %d: %s", arguments, o.status, status, o.err);
	return o;
}

static void refused(const char *arguments, const char *message)
{
	struct outcome o = replay(arguments, 2);

	assert_string_equal(o.out, "");
	assert_contains(o.err, message);
	outcome_free(&o);
}

/* The data of a report; the caller releases them. */
static json_t *data_of(const char *page)
{
	const char *start = strstr(page, DATA), *end = start ? strstr(start, "</script>") : NULL;
	json_error_t why;
	json_t *data;

	assert_non_null(end);
	start += strlen(DATA);
	data = json_loadb(start, (size_t)(end - start), JSON_REJECT_DUPLICATES, &why);
	if (!data)
		fail_msg("the data: %s", why.text);
	return data;
}

static json_t *report(const char *arguments, int status)
{
	struct outcome o = replay(arguments, status);
	json_t *data = data_of(o.out);

	outcome_free(&o);
	return data;
}

static const char *text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? value : "(none)";
}

/* The number of a field. */
static json_int_t field(const json_t *data, const char *name)
{
	size_t i;
	json_t *field;

	json_array_foreach(json_object_get(data, "fields"), i, field)
	{
		if (strcmp(text(field, "name"), name) == 0)
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

/* The text of the line that a place is. */
static const char *line_at(const json_t *data, const json_t *place, char *buf, size_t size)
{
	const char *at = text(json_array_get(json_object_get(data, "sources"),
	                                     (size_t)json_integer_value(json_array_get(place, 0))),
	                      "text");

	for (json_int_t line = json_integer_value(json_array_get(place, 1)); line > 1; line--) {
		at = strchr(at, '\n');
		assert_non_null(at);
		at++;
	}
	(void)snprintf(buf, size, "%.*s", (int)strcspn(at, "\n"), at);
	return buf;
}

static void the_data_tell_the_story(void **state)
{
	json_t *data = report("lost.trace", 1), *steps = json_object_get(data, "steps"), *step, *details;
	char line[256];

	(void)state;
	assert_string_equal(text(data, "title"), "load-only violates fp-lost");
	assert_string_equal(text(json_object_get(data, "verdict"), "sign"), "violated");
	assert_string_equal(text(json_object_get(data, "verdict"), "sentence"),
	                    "reproduced: step 4 of 4 violates fp-lost");
	assert_string_equal(text(json_object_get(data, "property"), "name"), "fp-lost");
	assert_true(strlen(text(json_object_get(data, "property"), "more")) > 80);
	assert_contains(text(json_object_get(data, "seen"), "text"),
	                "vmm0 reads d0: expected its own newest data");
	assert_contains(text(json_object_get(data, "seen"), "where"), "cpu0, user.S:17 user_fp: vadd.f64");
	assert_string_equal(text(json_object_get(data, "trace"), "system"),
	                    "1 CPU, 0 plain threads, 1 VM with 1 vCPU, little endian");
	assert_int_equal(json_array_size(steps), 4);

	step = json_array_get(steps, 1);
	assert_string_equal(text(step, "who"), "vmm0");
	assert_string_equal(text(step, "headline"), "ioctl(KVM_RUN)");
	assert_string_equal(text(step, "choices"), "cpu0 vmm0 kvm-run @ kvm_vcpu_ioctl+0xe0");
	assert_string_equal(set_to(data, 2, "cpu0.fpexc.en"), "1");
	assert_null(set_to(data, 3, "cpu0.fpexc.en"));
	assert_string_equal(set_to(data, 1, "cpu0.runs"), "vmm0");
	details = json_object_get(step, "details");
	assert_string_equal(text(json_array_get(details, 1), "text"), "FPEXC: EN=0 -> EN=1, by KVM");
	assert_contains(line_at(data, json_object_get(json_array_get(details, 1), "at"), line, sizeof(line)),
	                "save_host_fpexc");

	/* The violation: the CPU stands at the instruction that saw it, and has not written yet. */
	step = json_array_get(steps, 3);
	details = json_object_get(step, "details");
	assert_string_equal(text(json_array_get(details, json_array_size(details) - 1), "bad"), "seen");
	assert_contains(line_at(data, json_array_get(json_object_get(step, "stands"), 0), line, sizeof(line)),
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
		data = report(arguments, 1);
		json_array_foreach(json_object_get(data, "steps"), i, step)
		{
			assert_true(json_array_size(json_object_get(step, "ran")) > 0);
			json_array_foreach(json_object_get(step, "ran"), k, part)
			{
				assert_true(json_integer_value(json_array_get(part, 1)) <=
				            json_integer_value(json_array_get(part, 2)));
				line_at(data, part, line, sizeof(line));
			}
			json_array_foreach(json_object_get(step, "stands"), k, part)
			        line_at(data, part, line, sizeof(line));
			json_array_foreach(json_object_get(step, "details"), k, part)
			{
				if (json_is_array(json_object_get(part, "at")))
					line_at(data, json_object_get(part, "at"), line, sizeof(line));
			}
		}
		json_decref(data);
	}
}

static unsigned count(const char *page, const char *what)
{
	unsigned n = 0;

	for (const char *at = page; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

static void it_is_one_file_and_asks_for_nothing(void **state)
{
	static const char *const outside[] = {"<link",     "<iframe",        "<object", "<embed",
	                                      "<base",     " src=",          "@import", "fetch(",
	                                      "XMLHttp",   "WebSocket",      "import(", "innerHTML",
	                                      "outerHTML", "insertAdjacent", "eval(",   "document.write"};
	struct outcome o = replay("lost.trace", 1), again = replay("lost.trace", 1);
	const char *rest = o.out;
	char *head = strstr(o.out, DATA);

	(void)state;
	assert_string_equal(o.out, again.out);
	assert_int_equal(strncmp(o.out, "<!DOCTYPE html>\n<html lang=\"en\">\n", 33), 0);
	assert_string_equal(o.out + strlen(o.out) - 8, "</html>\n");
	assert_contains(o.out, "default-src 'none'; style-src 'sha256-");
	assert_null(strstr(o.out, "unsafe-inline"));
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		if (strstr(o.out, outside[i]))
			fail_msg("there is '%s' in it", outside[i]);
	}
	/* The one address is the name of SVG. */
	assert_int_equal(count(rest, "://"), 1);
	assert_int_equal(count(rest, "http://www.w3.org/2000/svg"), 1);
	assert_int_equal(count(rest, "url("), count(rest, "url(#hatch)"));
	assert_int_equal(count(rest, "<script"), 2);
	assert_int_equal(count(rest, "</script>"), 2);
	/* Without scripts there is the story as text. */
	assert_non_null(head);
	*head = '\0';
	assert_contains(strstr(o.out, "<noscript>"), "=&gt; violates fp-lost");
	outcome_free(&o);
	outcome_free(&again);
}

static void nothing_leaves_its_element(void **state)
{
	static const char comment[] = "</script><!-- <script> --> & ]]> \" ' </noscript></pre></title>";
	char trace[512];
	struct outcome o;
	json_t *data;

	(void)state;
	(void)snprintf(trace, sizeof(trace),
	               "lazyswitch-trace 1\n# %s\n# \xff\xfe is no UTF-8\n"
	               "variant load-only\nseen cpu0 user_fp \"</script>\\xff\"\n"
	               "cpus 1\nvms 1\nthreads 0\nproperty fp-lost\n" STEPS,
	               comment);
	write_file(directory, "bytes.trace", trace);
	o = replay("bytes.trace", 2); /* it is not UTF-8: the reader refuses that */
	outcome_free(&o);
	(void)snprintf(trace, sizeof(trace),
	               "lazyswitch-trace 1\n# %s\n"
	               "variant load-only\nseen cpu0 user_fp \"</script>\\xff\"\n"
	               "cpus 1\nvms 1\nthreads 0\nproperty fp-lost\n" STEPS,
	               comment);
	write_file(directory, "<title><script>.trace", trace);
	o = replay("'<title><script>.trace'", 1);
	assert_int_equal(count(o.out, "<script"), 2);
	assert_int_equal(count(o.out, "</script"), 2);
	assert_int_equal(count(o.out, "</title>"), 1);
	assert_int_equal(count(o.out, "</noscript>"), 1);
	assert_int_equal(count(o.out, "<!--"), 1); /* the licence of page.html */
	data = data_of(o.out);
	assert_string_equal(text(json_object_get(data, "trace"), "comment"), comment);
	assert_string_equal(text(json_object_get(data, "trace"), "file"), "<title><script>.trace");
	assert_contains(json_string_value(json_array_get(
	                        json_object_get(json_object_get(data, "verdict"), "notes"), 0)),
	                "</script>?");
	json_decref(data);
	outcome_free(&o);
}

static void the_size_is_bounded(void **state)
{
	struct outcome o = replay(CORPUS "/no-put-fp-lost.trace", 1);

	(void)state;
	assert_in_range(strlen(o.out), 50000, 150000);
	outcome_free(&o);
	shell("{ printf 'lazyswitch-trace 1\\nvariant v3\\ncpus 1\\nvms 1\\nthreads 1\\ncpu0 wake "
	      "pick=app0\\n';"
	      "yes cpu0 | head -n 5000; } > long.trace");
	refused("long.trace", "long.trace: an HTML report has at most 5000 steps, not 5001; --until 5000 "
	                      "makes the first of them");
	o = replay("--until 5000 long.trace", 0);
	assert_in_range(strlen(o.out), 100000, 4000000);
	outcome_free(&o);
}

static void other_outcomes(void **state)
{
	json_t *data = report("--on baseline lost.trace", 0);
	struct outcome o;

	(void)state;
	assert_string_equal(text(json_object_get(data, "verdict"), "sign"), "holds");
	assert_true(json_is_null(json_object_get(data, "property")));
	assert_true(json_is_null(json_object_get(data, "seen")));
	assert_string_equal(text(data, "title"), "lost.trace on baseline");
	json_decref(data);
	write_file(directory, "diverged.trace", START "cpu0 wake\ncpu0 vmm0 preempt\ncpu0 vmm0 fp\n");
	o = replay("diverged.trace", 2);
	assert_contains(o.err, "diverged.trace:8:6: cpu0 runs idle0 here, not vmm0");
	data = data_of(o.out);
	assert_string_equal(text(json_object_get(data, "verdict"), "sign"), "open");
	assert_int_equal(json_array_size(json_object_get(data, "steps")), 2);
	assert_contains(json_string_value(json_array_get(
	                        json_object_get(json_object_get(data, "verdict"), "notes"), 0)),
	                "cpu0 runs idle0 here, not vmm0");
	json_decref(data);
	outcome_free(&o);
}

static void the_output_appears_whole_or_not_at_all(void **state)
{
	struct outcome o = replay("-o report.html lost.trace", 1);

	(void)state;
	assert_string_equal(o.out, "");
	outcome_free(&o);
	o = replay("lost.trace", 1);
	write_file(directory, "redirected", o.out);
	shell("cmp report.html redirected && test \"$(ls report.html*)\" = report.html");
	outcome_free(&o);
	refused("-o none.html none.trace", "none.trace: No such file or directory");
	refused("-o nowhere/report.html lost.trace",
	        "nowhere/report.html: cannot write the report: No such file or directory");
	refused("-o /dev/full lost.trace", "/dev/full: cannot write the report: No space left on device");
	refused("-o . lost.trace", ".: cannot write the report: Is a directory");
	refused("-o '' lost.trace", "--output takes a file");
	refused("-o x.html lost.trace lost.trace", "--format html makes a report of one trace, not of 2");
	refused("--format text -o x.html lost.trace", "--output is for --format html");
	o = replay("-o /dev/null lost.trace", 1);
	outcome_free(&o);
	shell("test -c /dev/null && test ! -e x.html && test ! -e none.html && test \"$(ls report.html*)\" = "
	      "report.html");
	o = replay("lost.trace > /dev/full", 2);
	assert_contains(o.err, "cannot write the output: ");
	outcome_free(&o);
}

/* "source" or "listing" of the source whose path ends like that; "" if there is none. */
static const char *kind_of(const json_t *data, const char *end, const char **contents)
{
	size_t i;
	json_t *source;

	json_array_foreach(json_object_get(data, "sources"), i, source)
	{
		const char *path = text(source, "path");

		if (strlen(path) >= strlen(end) && strcmp(path + strlen(path) - strlen(end), end) == 0) {
			*contents = text(source, "text");
			return text(source, "kind");
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
	shell("mkdir sub && cp " VARIANTS "/v3.S sub/more.S && printf '#define LOAD_DIRTY ldrb\\n#define "
	      "NO_PUT\\n#include \"sub/more.S\"\\n' > mine.S");
	write_file(directory, "mine.trace",
	           "lazyswitch-trace 1\nvariant mine.S\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 "
	           "kvm-run\ncpu0 go signal=0\n");
	data = report("mine.trace", 0);
	assert_string_equal(kind_of(data, "sub/more.S", &contents), "source");
	json_decref(data);
	/* Patched. */
	write_file(directory, "v3.trace",
	           "lazyswitch-trace 1\nvariant v3\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 kvm-run\ncpu0 "
	           "go signal=0\n");
	data = report("v3.trace", 0);
	assert_string_equal(kind_of(data, "model/variants/v3.S", &contents), "source");
	assert_null(strstr(contents, "#define LOAD_DIRTY ldrb"));
	json_decref(data);
	data = report("--patch " EXAMPLE "/byte.diff v3.trace", 0);
	assert_string_equal(kind_of(data, "model/variants/v3.S", &contents), "source");
	assert_contains(contents, "#define LOAD_DIRTY ldrb");
	json_decref(data);
	/* An image from elsewhere: nobody knows what its sources were. */
	write_file(directory, "elf.trace",
	           "lazyswitch-trace 1\nvariant " IMAGES
	           "/little/v3.elf\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 kvm-run\n");
	data = report("elf.trace", 0);
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
	shell("mkdir inside outside && echo '/* secret */' > outside/secret.h && echo 'secret' > "
	      "inside/secret.txt && "
	      "ln -s ../outside/secret.h inside/link.h && "
	      "{ echo '#include <linux/kvm_host.h>'; n=0;"
	      "for f in outside/secret.h inside/../outside/secret.h inside/secret.txt inside/link.h "
	      "/etc/passwd; do n=$((n + 1)); "
	      "printf '# 1 \"%s\"\\n__attribute__((noinline)) static void f%d(struct kvm_vcpu *v) { "
	      "v->arch.scratch[0] += %d; }\\n' $f $n $n; done; "
	      "printf '# 1 \"/etc/passwd\"\\nvoid kvm_arch_vcpu_put(struct kvm_vcpu *v) { f1(v); f2(v); "
	      "f3(v); f4(v); f5(v); }\\n'; } > inside/bad.c");
	write_file(directory, "bad.trace",
	           "lazyswitch-trace 1\nvariant inside/bad.c\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 "
	           "kvm-run\ncpu0 go signal=1\n");
	o = replay("bad.trace", 0);
	assert_null(strstr(o.out, "secret */"));
	assert_null(strstr(o.out, "root:"));
	data = data_of(o.out);
	for (char name[] = "disassembly of f1"; name[16] <= '5'; name[16]++)
		assert_string_equal(kind_of(data, name, &contents), "listing");
	json_decref(data);
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_data_tell_the_story),
	        cmocka_unit_test(places_are_in_sources),
	        cmocka_unit_test(it_is_one_file_and_asks_for_nothing),
	        cmocka_unit_test(nothing_leaves_its_element),
	        cmocka_unit_test(the_size_is_bounded),
	        cmocka_unit_test(other_outcomes),
	        cmocka_unit_test(the_output_appears_whole_or_not_at_all),
	        cmocka_unit_test(sources_are_what_was_built),
	        cmocka_unit_test(no_other_files_are_shown),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
