/* SPDX-License-Identifier: MIT */
/*
 * The commands in the documentation are run. An indented line that begins with "$ lazyswitch" is a command; each of the indented lines behind
 * it, but for "...", must be the beginning of a line of its output, in this order.
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
	assert_true(s->outcome.status <= 2);
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

static void check_document(const char *name, const char *directory, unsigned commands)
{
	static const char prompt[] = "    $ lazyswitch ";
	char line[1024], path[512];
	struct session s = {.directory = directory};
	bool running = false;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/docs/%s", ROOT, name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, prompt, strlen(prompt)) == 0) {
			run_line(&s, line + strlen(prompt));
			running = true;
		} else if (strncmp(line, "    ", 4) != 0 && line[0] != '\n') {
			running = false;
		} else if (running && line[0] != '\n' && strcmp(line, "    ...\n") != 0) {
			expect_line(&s, line + 4);
		}
	}
	assert_int_equal(fclose(f), 0);
	assert_true(s.commands >= commands && s.lines >= commands);
	outcome_free(&s.outcome);
}

static void variants_md(void **state)
{
	(void)state;
	check_document("variants.md", ROOT "/docs/example", 10);
}

static void replay_md(void **state)
{
	(void)state;
	check_document("replay.md", ROOT, 1);
}

static void sim_md(void **state)
{
	(void)state;
	check_document("sim.md", ROOT, 1);
}

static void museum_md(void **state)
{
	(void)state;
	check_document("museum.md", ROOT, 38);
}

static void tutorial_md(void **state)
{
	char *directory = make_directory();

	(void)state;
	check_document("tutorial.md", directory, 10);
	remove_directory(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(variants_md), cmocka_unit_test(replay_md),   cmocka_unit_test(sim_md),
	        cmocka_unit_test(museum_md),   cmocka_unit_test(tutorial_md),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
