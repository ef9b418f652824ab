/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "session/nearest.h"
#include "output.h"

/*
 * argp's own --help exits, calls every subcommand by the name of the program, and prints two lines for an
 * error. So all three are switched off (ARGP_NO_HELP, ARGP_NO_ERRS) and done here.
 */
enum { KEY_HELP = '?', KEY_USAGE = 0x7f01, KEY_VERSION = 'V' };

static const struct argp_option options[] = {
        {"help", KEY_HELP, NULL, 0, "Give this help list", -1},
        {"usage", KEY_USAGE, NULL, 0, "Give a short usage message", 0},
        {"version", KEY_VERSION, NULL, 0, "Print program version", 0},
        {0},
};

/* NOLINTNEXTLINE(readability-non-const-parameter): argp says so */
static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;

	(void)arg;
	switch (key) {
	case KEY_HELP:
	case KEY_USAGE:
	case KEY_VERSION:
		p->asked = key;
		return ECANCELED;
	case ARGP_KEY_ERROR:
		p->next = state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp command_common = {.options = options, .parser = parse};
const struct argp_child command_children[] = {{&command_common, 0, NULL, 0}, {0}};

void command_parse_init(struct argp_state *state)
{
	for (unsigned i = 0; state->root_argp->children[i].argp; i++)
		state->child_inputs[i] = state->input;
}

struct match {
	const struct argp_option *option;
	unsigned n;
};

/* Which of the options can be meant by a word without its dashes? An abbreviation will do, if there is only
 * one. */
static void match_options(const struct argp_option *table, const char *word, size_t length,
                          struct match *match, struct nearest *nearest)
{
	for (; table->name || table->doc; table++) {
		if (!table->name)
			continue;
		if (strncmp(table->name, word, length) == 0) {
			match->option = table;
			match->n++;
		}
		nearest_offer(nearest, table->name);
	}
}

/* An argument that getopt did not like; it does not tell why. */
static void explain_option(const struct argp *argp, const char *word, const char *command, struct error *e)
{
	size_t dashes = strspn(word, "-"), length = strcspn(word + dashes, "=");
	struct nearest nearest = {.word = word + dashes};
	struct match match = {0};

	if (dashes == 2 && length > 0) {
		if (argp->options)
			match_options(argp->options, word + dashes, length, &match, &nearest);
		for (const struct argp_child *child = argp->children; child && child->argp; child++)
			match_options(child->argp->options, word + dashes, length, &match, &nearest);
	}
	if (match.n > 1)
		error_set(e, "option '%s' is ambiguous (`%s --help' has the options)", word, command);
	else if (match.n == 1 && match.option->arg)
		error_set(e, "option '--%s' needs a value: --%s %s", match.option->name, match.option->name,
		          match.option->arg);
	else if (match.n == 1)
		error_set(e, "option '--%s' takes no value", match.option->name);
	else if (nearest.best)
		error_set(e, "unknown option '%s'; did you mean '--%s'? (`%s --help' has the options)", word,
		          nearest.best, command);
	else
		error_set(e, "unknown option '%s' (`%s --help' has the options)", word, command);
}

static void answer(const struct argp *argp, const struct command_parse *p)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%s", p->name);
	if (p->asked == KEY_VERSION)
		(void)puts("lazyswitch " LAZYSWITCH_VERSION);
	else if (p->asked == KEY_USAGE)
		argp_help(argp, stdout, ARGP_HELP_USAGE, name);
	else
		argp_help(argp, stdout, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK, name);
}

int command_parse_quietly(const struct argp *argp, int argc, char **argv, unsigned flags,
                          struct command_parse *p)
{
	p->error->text[0] = '\0';
	p->asked = p->next = 0;
	if (argp_parse(argp, argc, argv, flags | ARGP_NO_HELP | ARGP_NO_ERRS | ARGP_NO_EXIT, NULL, p) == 0)
		return 0;
	if (p->asked != 0)
		return 1;
	if (p->error->text[0] == '\0')
		explain_option(argp, argv[p->next > 1 ? p->next - 1 : 0], p->name, p->error);
	return -1;
}

int command_parse(const struct argp *argp, int argc, char **argv, unsigned flags, struct command_parse *p)
{
	int status = command_parse_quietly(argp, argc, argv, flags, p);

	if (status < 0)
		complain("%s", p->error->text);
	else if (status > 0)
		answer(argp, p);
	return status;
}

int command_parse_status(int status)
{
	return status < 0 ? STATUS_USAGE : STATUS_HOLDS;
}

enum exit_status command_worse(enum exit_status a, enum exit_status b)
{
	static const unsigned badness[] = {
	        [STATUS_HOLDS] = 0, [STATUS_UNFINISHED] = 1, [STATUS_VIOLATED] = 2,
	        [STATUS_USAGE] = 3, [STATUS_INTERNAL] = 4,
	};

	return badness[a] >= badness[b] ? a : b;
}
