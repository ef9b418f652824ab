/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "stepper.h"

const char *const stepper_names[] = {"next",   "back", "go",    "first", "last", "until", "state",
                                     "source", "list", "watch", "help",  "quit", NULL};

static const char help[] =
        "next [N | EXPRESSION]  n   N steps forward (1); or to where the value of the expression changes "
        "next\n"
        "back [N | EXPRESSION]  b   the same backward: to the step that made it what it is\n"
        "until EXPRESSION       u   forward to the next step behind which it is true\n"
        "go N                   g   to step N; 0 is boot. `N' alone does the same\n"
        "first, last                to boot; to the end\n"
        "state [WORD]           s   the fields of the machine, or those whose names contain WORD\n"
        "source [N]             l   the source where the CPU stands, N lines before and behind (5)\n"
        "list                       all steps\n"
        "watch EXPRESSION       w   show its value behind every step\n"
        "help, quit             h, q\n"
        "An empty line repeats the last one. Expressions are those of --watch: cpu0.fpexc.en == 1\n";

static bool parse_count(const char *text, size_t *n)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	*n = strtoul(text, &end, 10);
	return *end == '\0';
}

/* NULL after a message. */
static struct expression *parse(const struct stepper *s, const char *text)
{
	struct error e;
	struct expression *x = expression_parse(text, &s->watches.columns, &e);

	if (!x)
		(void)fprintf(s->out, "%s, of '%.100s' (`state' lists the fields)\n", e.text, text);
	return x;
}

static bool same_value(const struct stepper *s, const struct expression *x, size_t a, size_t b)
{
	char in_a[COLUMN_TEXT], in_b[COLUMN_TEXT];

	return strcmp(expression_value(x, watches_row(&s->watches, a), in_a),
	              expression_value(x, watches_row(&s->watches, b), in_b)) == 0;
}

static void go(struct stepper *s, size_t step)
{
	s->at = step < s->steps ? step : s->steps;
	stepper_show_step(s);
}

/* To the next step that changes it. */
static void go_to_change(struct stepper *s, const char *text, bool forward)
{
	struct expression *x = parse(s, text);
	size_t at = s->at;

	if (!x)
		return;
	if (forward) {
		do
			at++;
		while (at <= s->steps && same_value(s, x, at - 1, at));
	} else if (at > 0) {
		/* The step that one stands behind may have changed it: then one is there already. */
		at = same_value(s, x, at, at - 1) ? at : at - 1;
		while (at > 0 && same_value(s, x, at - 1, at))
			at--;
	}
	expression_free(x);
	if (at > s->steps)
		(void)fprintf(s->out, "it does not change any more\n");
	else if (!forward && at == 0)
		(void)fprintf(s->out, "it has not changed before, since boot\n");
	else
		go(s, at);
}

static void move(struct stepper *s, const char *argument, bool forward)
{
	size_t n = 1;

	if (argument[0] != '\0' && !parse_count(argument, &n)) {
		go_to_change(s, argument, forward);
	} else if (forward) {
		if (s->at == s->steps)
			(void)fprintf(s->out, "this is the end\n");
		else
			go(s, n < s->steps - s->at ? s->at + n : s->steps);
	} else if (s->at == 0) {
		(void)fprintf(s->out, "nothing is before this\n");
	} else {
		go(s, n < s->at ? s->at - n : 0);
	}
}

static void until(struct stepper *s, const char *argument)
{
	struct expression *x = parse(s, argument);
	size_t at = s->at + 1;
	char value[COLUMN_TEXT];

	if (!x)
		return;
	while (at <= s->steps && !expression_true(expression_value(x, watches_row(&s->watches, at), value)))
		at++;
	expression_free(x);
	if (at > s->steps)
		(void)fprintf(s->out, "it is not true any more\n");
	else
		go(s, at);
}

static void go_to(struct stepper *s, const char *argument)
{
	size_t n;

	if (parse_count(argument, &n) && n <= s->steps)
		go(s, n);
	else
		(void)fprintf(s->out, "go takes the number of a step, 0 to %zu\n", s->steps);
}

static void watch(struct stepper *s, const char *argument)
{
	struct error e;

	if (argument[0] == '\0' || watches_add(&s->watches, argument, &e))
		(void)fprintf(s->out, "%s\n", argument[0] == '\0' ? "watch takes an expression" : e.text);
	else
		stepper_show_step(s);
}

static void source(struct stepper *s, const char *argument)
{
	size_t lines = 5;

	if (argument[0] != '\0' && !parse_count(argument, &lines))
		(void)fprintf(s->out, "source takes how many lines to show before and behind\n");
	else
		stepper_show_source(s, lines < 10000 ? lines : 10000);
}

static bool is(const char *word, size_t length, const char *name, const char *in_short)
{
	return (strlen(name) == length && strncmp(word, name, length) == 0) ||
	       (in_short && strlen(in_short) == length && strncmp(word, in_short, length) == 0);
}

static void carry_out(struct stepper *s, const char *word, size_t length, const char *argument)
{
	size_t n;

	if (is(word, length, "next", "n"))
		move(s, argument, true);
	else if (is(word, length, "back", "b"))
		move(s, argument, false);
	else if (is(word, length, "until", "u"))
		until(s, argument);
	else if (is(word, length, "go", "g"))
		go_to(s, argument);
	else if (is(word, length, "first", NULL))
		go(s, 0);
	else if (is(word, length, "last", NULL))
		go(s, s->steps);
	else if (is(word, length, "state", "s"))
		stepper_show_state(s, argument);
	else if (is(word, length, "source", "l"))
		source(s, argument);
	else if (is(word, length, "list", NULL))
		stepper_show_list(s);
	else if (is(word, length, "watch", "w"))
		watch(s, argument);
	else if (is(word, length, "help", "h"))
		(void)fputs(help, s->out);
	else if (is(word, length, "quit", "q"))
		s->over = true;
	else if (parse_count(word, &n))
		go_to(s, word);
	else
		(void)fprintf(s->out, "unknown command '%.*s' (`help' lists them)\n",
		              (int)(length < 40 ? length : 40), word);
}

void stepper_command(struct stepper *s, const char *line)
{
	const char *word = line + strspn(line, " \t"), *end = word + strlen(word);
	size_t length = strcspn(word, " \t");
	char argument[EXPRESSION_TEXT_MAX + 2] = "";
	const char *begin = word + length + strspn(word + length, " \t");

	/* Completion leaves a blank behind. */
	while (end > begin && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	(void)snprintf(argument, sizeof(argument), "%.*s",
	               (int)(end - begin < (int)sizeof(argument) ? end - begin : (int)sizeof(argument) - 1),
	               begin);
	carry_out(s, word, length, argument);
}
