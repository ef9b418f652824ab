/* SPDX-License-Identifier: MIT */
/* The corpus: every trace of it still ends with the violation that it is of, and tells its story. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <jansson.h>

#include "tests/cli/run_command.h"
#include "traces/reader.h"

static json_t *replay(const char *path, int expected)
{
	char arguments[1024];
	struct outcome o;
	json_t *document;

	(void)snprintf(arguments, sizeof(arguments), "replay --format json %s", path);
	o = run_command(arguments);
	document = json_loads(o.out, 0, NULL);
	if (o.status != expected || !document)
		fail_msg("%s: exit status %d; %s", path, o.status, o.err);
	outcome_free(&o);
	return document;
}

/* Its own process, as everything else that is replayed here. */
static void expect_reproduced(const char *path, const struct trace *t)
{
	json_t *document = replay(path, 1), *result = json_array_get(json_object_get(document, "results"), 0);

	assert_string_equal(json_string_value(json_object_get(result, "outcome")), "reproduced");
	assert_string_equal(json_string_value(json_object_get(result, "property")),
	                    world_property_names[t->property]);
	assert_int_equal(json_array_size(json_object_get(result, "steps")), t->n_steps);
	if (!json_is_true(json_object_get(result, "same_image")))
		print_message("%s is of an older image; renew it with lazyswitch replay --trace-out, see "
		              "traces/corpus/README.md\n",
		              path);
	json_decref(document);
}

/* NAME-PROPERTY.trace, with -up, -big and -neon in this order in front of the dot. */
static void expect_name(const char *path, const struct trace *t)
{
	char name[256];

	(void)snprintf(name, sizeof(name), "%.*s/%s-%s%s%s%s.trace", (int)(strrchr(path, '/') - path), path,
	               t->variant, world_property_names[t->property], t->config.uniprocessor ? "-up" : "",
	               t->big_endian ? "-big" : "", (t->config.env & ENV_NEON) != 0 ? "-neon" : "");
	assert_string_equal(path, name);
}

/* Two to five sentences, on lines that can be read. */
static void expect_story(const char *path, const struct trace *t)
{
	unsigned sentences = 0;

	for (const char *at = t->comment; *at; at++) {
		if (*at == '.' && (at[1] == ' ' || at[1] == '\n'))
			sentences++;
	}
	if (sentences < 2 || sentences > 5)
		fail_msg("%s: its story has %u sentences", path, sentences);
}

/* Every trace of a directory, of which there are so many at least. */
static void expect_all(const char *pattern, size_t at_least, bool stories)
{
	glob_t found;

	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= at_least);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		struct error e;
		struct trace t;

		if (trace_read(path, &t, &e))
			fail_msg("%s", e.text);
		assert_true(t.property >= 0);
		expect_name(path, &t);
		if (stories)
			expect_story(path, &t);
		expect_reproduced(path, &t);
		trace_free(&t);
	}
	globfree(&found);
}

static void test_all(void **state)
{
	(void)state;
	expect_all(CORPUS "/*.trace", 100, true);
}

/* Their stories are in docs/explanation/museum.md. */
static void test_history(void **state)
{
	(void)state;
	expect_all(HISTORY "/*.trace", 20, false);
}

static bool has_trace(const char *directory, const char *variant, const char *property, size_t length,
                      const char *suffix)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s-%.*s%s.trace", directory, variant, (int)length, property,
	               suffix);
	f = fopen(path, "r");
	if (f)
		assert_int_equal(fclose(f), 0);
	return f != NULL;
}

/* Of "a|b", a trace for one at least. */
static void expect_trace_of(const char *directory, const char *variant, const char *alternatives,
                            const char *suffix)
{
	bool found = false;

	for (const char *at = alternatives; *at != '\0' && !found; at += *at == '|') {
		size_t length = strcspn(at, "|");

		found = has_trace(directory, variant, at, length, suffix);
		at += length;
	}
	if (!found)
		fail_msg("the corpus has no trace of %s, %s%s", variant, alternatives, suffix);
}

/* "VARIANT OPTION... : fail WORD...". Returns whether it is such a line. */
static bool expect_traces(const char *directory, char *line)
{
	char *colon = strstr(line, " : fail "), suffix[32], variant[64], *word, *rest;

	line[strcspn(line, "#\n")] = '\0';
	if (!colon || colon >= line + strlen(line))
		return false;
	*colon = '\0';
	assert_int_equal(sscanf(line, "%63s", variant), 1); /* NOLINT(cert-err34-c) */
	(void)snprintf(suffix, sizeof(suffix), "%s%s%s", strstr(line, "--smp off") ? "-up" : "",
	               strstr(line, "--endian big") ? "-big" : "", strstr(line, "--env neon") ? "-neon" : "");
	for (word = strtok_r(colon + strlen(" : fail "), " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		if (strpbrk(word, "!=<>") == NULL)
			expect_trace_of(directory, variant, word, suffix);
	}
	return true;
}

static void expect_traces_of(const char *directory)
{
	char pattern[256];
	unsigned lines = 0;
	glob_t found;

	(void)snprintf(pattern, sizeof(pattern), "%s/*.expect", directory);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "r");
		char line[1024];

		if (!f)
			fail_msg("%s", found.gl_pathv[i]);
		while (f && fgets(line, sizeof(line), f))
			lines += expect_traces(directory, line);
		assert_int_equal(fclose(f), 0);
	}
	globfree(&found);
	assert_true(lines >= 20);
}

/* Whatever the expectations say that it fails. */
static void test_expectations(void **state)
{
	(void)state;
	expect_traces_of(CORPUS);
	expect_traces_of(HISTORY);
}

/* On variants that hold they must not end in the same violation; and on none may the replay itself fail. */
static void test_on_others(void **state)
{
	static const char *const holding[] = {"baseline", "eager", "neon-safe"};

	(void)state;
	for (size_t i = 0; i < sizeof(holding) / sizeof(holding[0]); i++) {
		char arguments[1024];
		struct outcome o;
		json_t *document, *result;
		size_t k;

		(void)snprintf(arguments, sizeof(arguments), "replay --format json --on %s %s/*.trace",
		               holding[i], CORPUS);
		o = run_command(arguments);
		assert_true(o.status == 0 || o.status == 2);
		document = json_loads(o.out, 0, NULL);
		assert_non_null(document);
		json_array_foreach(json_object_get(document, "results"), k, result)
		{
			const char *outcome = json_string_value(json_object_get(result, "outcome"));
			const char *trace = json_string_value(json_object_get(result, "trace"));

			if (strcmp(outcome, "no-violation") != 0 && strcmp(outcome, "diverged") != 0)
				fail_msg("%s on %s: %s", trace, holding[i], outcome);
			if (strcmp(outcome, "diverged") == 0)
				assert_non_null(
				        strstr(json_string_value(json_object_get(result, "message")), trace));
		}
		json_decref(document);
		outcome_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_all),
	        cmocka_unit_test(test_history),
	        cmocka_unit_test(test_expectations),
	        cmocka_unit_test(test_on_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
