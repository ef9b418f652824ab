/* SPDX-License-Identifier: MIT */
/* The table of subcommands. */
#ifndef LAZYSWITCH_CLI_COMMANDS_H
#define LAZYSWITCH_CLI_COMMANDS_H

#include "command.h"

struct command {
	const char *name;    /* "" for the program itself */
	const char *summary; /* a line */
	int (*run)(int argc, char **argv);
	const struct argp *argp;
};

enum { COMMANDS = 11 };
extern const struct command commands[COMMANDS];
/* The program itself, without a run(): main() does that. */
extern const struct command command_itself;

/* Returns NULL when there is no such command, and a message has been printed. */
const struct command *command_find(const char *name);

#endif
