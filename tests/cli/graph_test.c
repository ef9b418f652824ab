/* SPDX-License-Identifier: MIT */
/* lazyswitch graph. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "files.h"

static struct outcome graph(int status, const char *arguments)
{
	char command[512];
	struct outcome o;

	(void)snprintf(command, sizeof(command), "graph %s", arguments);
	o = run_command(command);
	if (o.status != status)
		fail_msg("graph %s: exit status %d, not %d\n%s", arguments, o.status, status, o.err);
	return o;
}

/* The pictures in the documentation are what the commands draw today. */
static void test_documented_pictures(void **state)
{
	static const struct {
		const char *arguments, *file;
	} pictures[] = {
	        {"machine v3", "v3-machine.dot"},
	        {"machine no-put", "no-put-machine.dot"},
	        {"trace " CORPUS "/no-put-fp-lost.trace", "no-put-fp-lost.dot"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		struct outcome o = graph(0, pictures[i].arguments);
		char *documented = read_file_of(PICTURES, pictures[i].file);

		if (strcmp(o.out, documented) != 0)
			fail_msg("docs/pictures/%s is not what graph %s draws", pictures[i].file,
			         pictures[i].arguments);
		free(documented);
		outcome_free(&o);
	}
}

/* The number behind a text, or the first in a line that begins with it. */
static unsigned long number_behind(const char *text, const char *what)
{
	const char *at = strstr(text, what);

	assert_non_null(at);
	at += strlen(what);
	at += strcspn(at, "0123456789");
	return strtoul(at, NULL, 10);
}

/* As many states and steps as a search without symmetry finds. */
static void test_the_space_is_whole(void **state)
{
	static const char *const systems[] = {"v3 --cpus 1 --vms 1", "baseline --cpus 1 --vms 1 --threads 0",
	                                      "shadow --cpus 1 --vms 1",
	                                      "eager --cpus 2 --vms 1 --threads 0"};

	(void)state;
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		char arguments[256], counts[128];
		struct outcome check, o;

		(void)snprintf(arguments, sizeof(arguments), "check %s --symmetry off --format json",
		               systems[i]);
		check = run_command(arguments);
		assert_int_equal(check.status, 0);
		(void)snprintf(counts, sizeof(counts), "; %lu states, %lu steps",
		               number_behind(check.out, "\"states\":"),
		               number_behind(check.out, "\"transitions\":"));
		(void)snprintf(arguments, sizeof(arguments), "space %s --by cpu0.mode,cpu0.fpexc.en",
		               systems[i]);
		o = graph(0, arguments);
		assert_contains(o.out, counts);
		assert_null(strstr(o.out, "violates"));
		outcome_free(&o);
		outcome_free(&check);
	}
}

static void test_violations_are_red(void **state)
{
	struct outcome o = graph(0, "machine load-only");

	(void)state;
	assert_contains(o.out, "violates\\nfp-lost");
	assert_contains(o.out, "#b2182b");
	outcome_free(&o);
	/* What is not asked for is no violation. */
	o = graph(0, "machine load-only --property crash");
	assert_null(strstr(o.out, "violates"));
	outcome_free(&o);
}

static void test_every_state(void **state)
{
	struct outcome o = graph(0, "space baseline --threads 0 --max-nodes 5000");

	(void)state;
	assert_null(strstr(o.out, "not all"));
	outcome_free(&o);
	o = graph(3, "space baseline --threads 0 --max-nodes 10");
	assert_contains(o.out, "not all: node limit reached");
	assert_contains(o.out, "c9");
	assert_null(strstr(o.out, "c10"));
	outcome_free(&o);
	o = graph(3, "machine v3 --max-states 100");
	assert_contains(o.out, "not all: state limit reached");
	outcome_free(&o);
}

static void test_formats(void **state)
{
	static const struct {
		const char *name, *magic;
	} formats[] = {{"svg", "<?xml"}, {"png", "\x89PNG"}, {"pdf", "%PDF"}, {"dot", "digraph"}};
	char *directory = make_directory();

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char arguments[256], name[64], bytes[8] = {0};
		struct outcome o;
		FILE *f;

		(void)snprintf(name, sizeof(name), "%s/picture.%s", directory, formats[i].name);
		(void)snprintf(arguments, sizeof(arguments), "trace %s/no-put-fp-lost.trace -o %s", CORPUS,
		               name);
		o = graph(0, arguments);
		assert_string_equal(o.out, "");
		assert_string_equal(o.err, "");
		f = fopen(name, "r");
		assert_non_null(f);
		assert_int_equal(fread(bytes, 1, sizeof(bytes) - 1, f), sizeof(bytes) - 1);
		assert_memory_equal(bytes, formats[i].magic, strlen(formats[i].magic));
		(void)fclose(f);
		outcome_free(&o);
	}
	remove_directory(directory);
}

/* Names are text, whatever is in them. */
static void test_markup_in_names(void **state)
{
	char *directory = make_directory(), *trace = read_file_of(CORPUS, "no-put-fp-lost.trace"),
	     arguments[256];
	struct outcome o;

	(void)state;
	write_file(directory, "<b>&\"]->x.trace", trace);
	(void)snprintf(arguments, sizeof(arguments), "trace '%s/<b>&\"]->x.trace'", directory);
	o = graph(0, arguments);
	assert_contains(o.out, "&lt;b&gt;&amp;&quot;]-&gt;x.trace");
	outcome_free(&o);
	(void)snprintf(arguments, sizeof(arguments), "trace --format svg '%s/<b>&\"]->x.trace'", directory);
	o = graph(0, arguments);
	assert_contains(o.out, "&lt;b&gt;");
	outcome_free(&o);
	free(trace);
	remove_directory(directory);
}

static void test_traces(void **state)
{
	struct outcome o = graph(0, "trace --until 2 " CORPUS "/no-put-fp-lost.trace");

	(void)state;
	assert_null(strstr(o.out, "violates"));
	outcome_free(&o);
	o = graph(0, "trace --on baseline " CORPUS "/load-only-fp-lost.trace");
	assert_contains(o.out, "on baseline");
	outcome_free(&o);
}

static void test_bad_input(void **state)
{
	static const struct {
		const char *arguments, *message;
	} cases[] = {
	        {"", "graph takes what to draw"},
	        {"machine", "graph takes what to draw"},
	        {"engine v3", "not 'engine'"},
	        {"machine v3 baseline", "one thing at a time"},
	        {"machine nosuch", "unknown variant 'nosuch'"},
	        {"machine v3 --by cpu0.mode", "--by is for graph space"},
	        {"machine v3 --until 3", "are for graph trace"},
	        {"trace nosuch.trace", "nosuch.trace"},
	        {"trace --max-nodes 3 x", "--max-nodes is for"},
	        {"space v3 --by cpu0.fpexc.em", "did you mean 'cpu0.fpexc.en'"},
	        {"space v3 --by ,", "there is no field ''"},
	        {"space v3 --max-nodes 0", "--max-nodes"},
	        {"machine v3 -o picture", "does not say which format"},
	        {"machine v3 --format gif", "gif"},
	        {"machine v3 -o /nosuch/x.svg", "/nosuch/x.svg: cannot write the picture"},
	        {"machine v3 --format png >/dev/full", "cannot write the output"},
	        {"machine v3 >/dev/full", "cannot write the output"},
	        {"machine v3 --cpus 99", "99"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome o = graph(2, cases[i].arguments);

		assert_contains(o.err, cases[i].message);
		assert_ptr_equal(strchr(o.err, '\n'), o.err + strlen(o.err) - 1); /* one line */
		outcome_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_documented_pictures),
	        cmocka_unit_test(test_the_space_is_whole),
	        cmocka_unit_test(test_violations_are_red),
	        cmocka_unit_test(test_every_state),
	        cmocka_unit_test(test_formats),
	        cmocka_unit_test(test_markup_in_names),
	        cmocka_unit_test(test_traces),
	        cmocka_unit_test(test_bad_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
