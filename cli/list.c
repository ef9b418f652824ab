/* SPDX-License-Identifier: MIT */
/* lazyswitch list: the variants that ship, and the bugs of the past. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "model/images/images.h"
#include "output.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		error_set(p->error, "list takes no arguments, not '%s'", arg);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print(const struct shipped_variant *all, size_t count)
{
	int width = 0;

	for (size_t i = 0; i < count; i++) {
		if (width < (int)strlen(all[i].name))
			width = (int)strlen(all[i].name);
	}
	for (size_t i = 0; i < count; i++)
		(void)printf("%-*s  %s\n", width, all[i].name, all[i].summary);
}

const struct argp list_argp = {
        .parser = parse,
        .doc = "Lists the variants that ship with lazyswitch, one a line, and behind them the bugs "
               "of the past.\v"
               "Exit status: 0 done; 2 bad usage, or output that cannot be written.",
        .children = command_children,
};

int command_list(int argc, char **argv)
{
	struct error e;
	struct command_parse p = {.name = "lazyswitch list", .error = &e};
	const struct shipped_variant *all;
	size_t count;
	int status = command_parse(&list_argp, argc, argv, 0, &p);

	if (status)
		return command_parse_status(status);
	all = shipped_variants(&count);
	print(all, count);
	(void)puts(
	        "\nBugs of the past, as they were and as they were mended (docs/explanation/museum.md):\n");
	all = history_variants(&count);
	print(all, count);
	return STATUS_HOLDS;
}
