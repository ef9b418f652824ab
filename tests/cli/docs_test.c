/* SPDX-License-Identifier: MIT */
/*
 * The commands in the documentation are run. An indented line that begins with "$ lazyswitch" is a command; each of the indented lines behind
 * it, but for "...", must be the beginning of a line of its output, in this order. Pages of the manual are read in the same way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulated.h"
#include "run_command.h"

/* The next word of a line. Returns its length; 0 at the end. */
static size_t next_word(const char **at)
{
	*at += strspn(*at, " \t");
	return strcspn(*at, " \t\n");
}

/* Does the line say what is expected, word by word, from its beginning? */
static bool says(const char *line, const char *expected)
{
	for (;;) {
		size_t n = next_word(&line), m = next_word(&expected);

		if (m == 0)
			return true;
		if (n != m || strncmp(line, expected, n) != 0)
			return false;
		line += n;
		expected += m;
	}
}

/* The line that says it, or NULL. */
static const char *find_line(const char *text, const char *expected)
{
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (says(line, expected))
			return line;
	}
	return NULL;
}

struct session {
	const char *directory; /* to run in */
	struct outcome outcome;
	const char *out, *err; /* what has not been looked at yet */
	int worst;             /* exit status of a command */
	unsigned commands, lines;
};

static void run_line(struct session *s, const char *line)
{
	char arguments[512], in[512];

	if (s->commands++ > 0)
		outcome_free(&s->outcome);
	(void)snprintf(arguments, sizeof(arguments), "%.*s", (int)strcspn(line, "\n"), line);
	(void)snprintf(in, sizeof(in), "sh -c 'cd %s; exec \"$@\"' sh", s->directory);
	s->outcome = run_command_after(in, arguments);
	if (s->outcome.status > s->worst)
		fail_msg("lazyswitch %s: status %d, %s", arguments, s->outcome.status, s->outcome.err);
	s->out = s->outcome.out;
	s->err = s->outcome.err;
}

static void expect_line(struct session *s, const char *line)
{
	const char *found = find_line(s->out, line);

	s->lines++;
	if (found) {
		s->out = found;
		return;
	}
	found = find_line(s->err, line);
	if (!found)
		fail_msg("'%.*s' is not in the output:\n%s%s", (int)strcspn(line, "\n"), line, s->outcome.out,
		         s->outcome.err);
	s->err = found;
}

/* A page of the manual has "\-" for "-". */
static void unescape(char *line)
{
	for (char *at = strstr(line, "\\-"); at; at = strstr(at, "\\-"))
		memmove(at, at + 1, strlen(at));
}

static void check_lines(struct session *s, const char *name)
{
	static const char prompt[] = "    $ lazyswitch ";
	char line[1024], path[512];
	bool running = false;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/docs/%s", ROOT, name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		unescape(line);
		if (strncmp(line, prompt, strlen(prompt)) == 0) {
			run_line(s, line + strlen(prompt));
			running = true;
		} else if (strncmp(line, "    ", 4) != 0 && line[0] != '\n') {
			running = false;
		} else if (running && line[0] != '\n' && strcmp(line, "    ...\n") != 0) {
			expect_line(s, line + 4);
		}
	}
	assert_int_equal(fclose(f), 0);
	assert_true(s->commands > 0);
	outcome_free(&s->outcome);
}

static void check_document(const char *name, const char *directory, unsigned commands)
{
	struct session s = {.directory = directory, .worst = 2};

	check_lines(&s, name);
	assert_true(s.commands >= commands && s.lines >= commands);
}

/* A new directory with what is in docs/example. */
static char *make_example(void)
{
	char *directory = make_directory(), before[512];
	struct outcome o;

	(void)snprintf(before, sizeof(before), "sh -c 'cp -r %s/docs/example/. %s' sh", ROOT, directory);
	o = run_command_after(before, "");
	assert_int_equal(o.status, 0);
	outcome_free(&o);
	return directory;
}

static void variants_md(void **state)
{
	(void)state;
	check_document("how-to/variants.md", ROOT "/docs/example", 10);
}

static void replay_md(void **state)
{
	(void)state;
	check_document("how-to/replay.md", ROOT, 1);
}

static void reproduce_md(void **state)
{
	(void)state;
	if (!emulated_is_there())
		skip();
	check_document("how-to/reproduce.md", ROOT, 2);
}

static void sim_md(void **state)
{
	(void)state;
	check_document("how-to/sim.md", ROOT, 1);
}

static void museum_md(void **state)
{
	(void)state;
	check_document("explanation/museum.md", ROOT, 38);
}

static void tutorial_md(void **state)
{
	char *directory = make_directory();

	(void)state;
	check_document("tutorial.md", directory, 10);
	remove_directory(directory);
}

/* In copies of docs/example, where they may write files. */
static void faq_md(void **state)
{
	char *directory = make_example();

	(void)state;
	check_document("explanation/faq.md", directory, 6);
	remove_directory(directory);
}

static void patches_md(void **state)
{
	char *directory = make_example();

	(void)state;
	check_document("how-to/patches.md", directory, 10);
	remove_directory(directory);
}

static void pages_of_the_manual(void **state)
{
	static const char *const pages[] = {
	        "lazyswitch.in",           "lazyswitch-check.in",   "lazyswitch-cost.in",
	        "lazyswitch-diff.in",      "lazyswitch-graph.in",   "lazyswitch-help.in",
	        "lazyswitch-list.in",      "lazyswitch-regress.in", "lazyswitch-replay.in",
	        "lazyswitch-reproduce.in", "lazyswitch-show.in",    "lazyswitch-sim.in",
	        "lazyswitch-trace.5.in",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		char *directory = make_example(), name[64];
		struct session s = {.directory = directory, .worst = 1};

		(void)snprintf(name, sizeof(name), "man/%s", pages[i]);
		check_lines(&s, name);
		remove_directory(directory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(variants_md),
	        cmocka_unit_test(replay_md),
	        cmocka_unit_test(sim_md),
	        cmocka_unit_test(reproduce_md),
	        cmocka_unit_test(museum_md),
	        cmocka_unit_test(tutorial_md),
	        cmocka_unit_test(patches_md),
	        cmocka_unit_test(faq_md),
	        cmocka_unit_test(pages_of_the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
