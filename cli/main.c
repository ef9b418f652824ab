/* SPDX-License-Identifier: MIT */
/* The lazyswitch command: finds the subcommand. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "nearest.h"
#include "output.h"

static int command_help(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
        {"check", command_check},   {"cost", command_cost},           {"diff", command_diff},
        {"graph", command_graph},   {"list", command_list},           {"regress", command_regress},
        {"replay", command_replay}, {"reproduce", command_reproduce}, {"sim", command_sim},
        {"show", command_show},     {"help", command_help},
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const char args_doc[] = "COMMAND [ARGUMENT...]";
static const char doc[] =
        "Checks variants of lazy FP switching (KVM/ARM), as the ARM code that would run, over every "
        "interleaving of a "
        "small system.\n\n"
        "Commands:\n"
        "  check [VARIANT...]   prove variants, or refute them\n"
        "  cost [VARIANT...]    what variants cost: register accesses, switches, traps\n"
        "  diff A B             two variants: verdicts, what tells them apart, costs\n"
        "  graph KIND NAME      pictures: of a CPU's FP life cycle, a trace, a state space\n"
        "  regress [FILE...]    variants and traces against what is expected of them\n"
        "  replay TRACE...      run traces again, on their own variant or another\n"
        "  reproduce TRACE...   run traces on QEMU's Cortex-A15: what is seen there?\n"
        "  sim VARIANT...       random walks: violations seen, costs under a workload\n"
        "  list                 the variants that ship with lazyswitch\n"
        "  show VARIANT         annotated disassembly of a variant\n"
        "  help [COMMAND]       this text, or that of a command\n\n"
        "Options of the program itself:\v"
        "Exit status: 0 every property holds; 1 a property is violated; 2 bad usage, bad input, or output "
        "that cannot "
        "be written; 3 not finished (a limit was reached, or interrupted); 4 internal fault.\n\n"
        "`lazyswitch COMMAND --help' has the options of a command.";

static const struct command *find_command(const char *name)
{
	struct nearest nearest = {.word = name};
	char hint[96];

	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
		nearest_offer(&nearest, commands[i].name);
	}
	complain("unknown command '%s'%s (`lazyswitch help' lists them)", name,
	         nearest_hint(&nearest, hint, sizeof(hint)));
	return NULL;
}

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

static const struct argp top = {
        .parser = parse, .args_doc = args_doc, .doc = doc, .children = command_children};

static error_t parse_help(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	const char **name = p->settings;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		if (*name) {
			error_set(p->error, "help takes one command, not '%s' as well", arg);
			return EINVAL;
		}
		*name = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int command_help(int argc, char **argv)
{
	static const struct argp argp = {
	        .parser = parse_help,
	        .args_doc = "[COMMAND]",
	        .doc = "Explains the program or one of its commands.",
	        .children = command_children,
	};
	struct error e = {0};
	const char *name = NULL;
	struct command_parse p = {.name = "lazyswitch help", .settings = &name, .error = &e};
	static char program[] = "lazyswitch", option[] = "--help";
	char *help[] = {program, option, NULL};
	const struct command *command;
	int first = 0, status = command_parse(&argp, argc, argv, 0, &p);

	if (status)
		return command_parse_status(status);
	if (!name) {
		p = (struct command_parse){.name = "lazyswitch", .settings = &first, .error = &e};
		return command_parse_status(command_parse(&top, 2, help, 0, &p));
	}
	command = find_command(name);
	return command ? command->run(2, help) : STATUS_USAGE;
}

int main(int argc, char **argv)
{
	struct error e = {0};
	int first = 0;
	struct command_parse p = {.name = "lazyswitch", .settings = &first, .error = &e};
	const struct command *command;
	int status;

	output_check_at_exit();
	if (argc < 1)
		return STATUS_USAGE;
	/* In order: options behind the command are the command's. */
	status = command_parse(&top, argc, argv, ARGP_IN_ORDER, &p);
	if (status)
		return command_parse_status(status);
	if (first == 0) {
		complain("no command given; try `lazyswitch help'");
		return STATUS_USAGE;
	}
	command = find_command(argv[first]);
	return command ? command->run(argc - first, argv + first) : STATUS_USAGE;
}
