/* SPDX-License-Identifier: MIT */
/*
 * The commands in the documentation are run. In docs/variants.md, an indented line that begins with "$ lazyswitch" is a
 * command; each of the indented lines behind it must be the beginning of a line of its output, in this order.
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
	struct outcome outcome;
	const char *out, *err; /* what has not been looked at yet */
	unsigned commands, lines;
};

static void run_line(struct session *s, const char *line)
{
	char arguments[512];

	if (s->commands++ > 0)
		outcome_free(&s->outcome);
	(void)snprintf(arguments, sizeof(arguments), "%.*s", (int)strcspn(line, "\n"), line);
	s->outcome = run_command_after("sh -c 'cd " EXAMPLE "; exec \"$@\"' sh", arguments);
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

static void the_commands_in_variants_md_do_what_it_says(void **state)
{
	static const char prompt[] = "    $ lazyswitch ";
	char line[1024];
	struct session s = {0};
	FILE *f = fopen(DOCUMENT, "r");
	bool running = false;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, prompt, strlen(prompt)) == 0) {
			run_line(&s, line + strlen(prompt));
			running = true;
		} else if (strncmp(line, "    ", 4) != 0) {
			running = false;
		} else if (running) {
			expect_line(&s, line + 4);
		}
	}
	assert_int_equal(fclose(f), 0);
	assert_true(s.commands >= 10 && s.lines >= 10);
	outcome_free(&s.outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_commands_in_variants_md_do_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
