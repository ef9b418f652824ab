/* SPDX-License-Identifier: MIT */
/* The lazyswitch command: finds the subcommand. */
#include <stdio.h>

#include "commands.h"
#include "output.h"
#include "ranks.h"

static const char doc[] =
        "Checks variants of lazy FP switching (KVM/ARM), as the ARM code that would run, over every "
        "interleaving of a small system.\v"
        "Exit status: 0 every property holds; 1 a property is violated; 2 bad usage, bad input, or output "
        "that cannot be written; 3 not finished (a limit was reached, or interrupted); 4 internal fault.\n\n"
        "`lazyswitch COMMAND --help' has the options of a command.";

/* The first word that is no option is the command, and everything behind it is the command's. */
/* NOLINTNEXTLINE(readability-non-const-parameter): argp says so */
static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		*(int *)p->settings = state->next - 1;
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static char *with_commands(const char *text)
{
	char *all = NULL;
	size_t size;
	FILE *f = open_memstream(&all, &size);

	if (!f)
		return NULL;
	(void)fprintf(f, "%s\n\nCommands:\n", text);
	for (const struct command *c = commands; c < commands + COMMANDS; c++)
		(void)fprintf(f, "  %-11s%s\n", c->name, c->summary);
	(void)fputs("\nOptions of the program itself:", f);
	return fclose(f) == 0 ? all : NULL;
}

/* Puts the commands behind what the program is. argp frees what is not its own text, and gives up a const for that. */
static char *filter_help(int key, const char *text, void *input)
{
	char *all = key == ARGP_KEY_HELP_PRE_DOC ? with_commands(text) : NULL;

	(void)input;
	return all ? all : (char *)text;
}

const struct argp lazyswitch_argp = {
        .parser = parse,
        .args_doc = "COMMAND [ARGUMENT...]",
        .doc = doc,
        .children = command_children,
        .help_filter = filter_help,
};

static int run(int argc, char **argv)
{
	struct error e = {0};
	int first = 0;
	struct command_parse p = {.name = "lazyswitch", .settings = &first, .error = &e};
	const struct command *command;
	int status;

	/* In order: options behind the command are the command's. */
	status = command_parse(&lazyswitch_argp, argc, argv, ARGP_IN_ORDER, &p);
	if (status)
		return command_parse_status(status);
	if (first == 0) {
		complain("no command given; try `lazyswitch help'");
		return STATUS_USAGE;
	}
	command = command_find(argv[first]);
	if (!command)
		return STATUS_USAGE;
	/* Only a check has work for several processes. */
	if (command->run != command_check && !ranks_speaks())
		return STATUS_HOLDS;
	return command->run(argc - first, argv + first);
}

int main(int argc, char **argv)
{
	output_check_at_exit();
	if (argc < 1 || ranks_enter())
		return STATUS_USAGE;
	return ranks_leave(run(argc, argv));
}
