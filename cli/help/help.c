/* SPDX-License-Identifier: MIT */
/* lazyswitch help: the text of --help, a page of the manual, or completions. */
#include "help.h"

#include <errno.h>

#include "output.h"
#include "session/parse.h"

enum option_key { KEY_FORMAT = 0x100 };
enum format { FORMAT_TEXT, FORMAT_MAN, FORMAT_BASH, FORMAT_ZSH, FORMAT_FISH };

struct settings {
	const char *name; /* of a command, or NULL */
	unsigned format;
};

static const struct argp_option options[] = {
        {"format", KEY_FORMAT, "text|man|bash|zsh|fish", 0,
         "man: the page of the manual, but for its examples; bash, zsh and fish: completions for that shell "
         "(text)",
         0},
        {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text", "man", "bash", "zsh", "fish", NULL};
	struct command_parse *p = state->input;
	struct settings *s = p->settings;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case KEY_FORMAT:
		return parse_word("--format", arg, formats, &s->format, p->error) ? EINVAL : 0;
	case ARGP_KEY_ARG:
		if (s->name) {
			error_set(p->error, "help takes one command, not '%s' as well", arg);
			return EINVAL;
		}
		s->name = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp help_argp = {
        .options = options,
        .parser = parse,
        .args_doc = "[COMMAND]",
        .doc = "Explains the program or one of its commands.\v"
               "Exit status: 0 done; 2 bad usage, or output that cannot be written.",
        .children = command_children,
};

static int help_text(const struct command *command)
{
	static char program[] = "lazyswitch", option[] = "--help";
	char *help[] = {program, option, NULL};
	struct error e = {0};
	int first = 0;
	struct command_parse p = {.name = "lazyswitch", .settings = &first, .error = &e};

	if (command->run)
		return command->run(2, help);
	return command_parse_status(command_parse(command->argp, 2, help, 0, &p));
}

static int help_completion(const struct settings *s)
{
	static void (*const write[])(FILE *) = {
	        [FORMAT_BASH] = help_bash, [FORMAT_ZSH] = help_zsh, [FORMAT_FISH] = help_fish};

	if (s->name) {
		complain("completions are for all commands, not only for '%s'", s->name);
		return STATUS_USAGE;
	}
	write[s->format](stdout);
	return STATUS_HOLDS;
}

int command_help(int argc, char **argv)
{
	struct error e = {0};
	struct settings s = {0};
	struct command_parse p = {.name = "lazyswitch help", .settings = &s, .error = &e};
	const struct command *command = &command_itself;
	int status = command_parse(&help_argp, argc, argv, 0, &p);

	if (status)
		return command_parse_status(status);
	if (s.format >= FORMAT_BASH)
		return help_completion(&s);
	if (s.name)
		command = command_find(s.name);
	if (!command)
		return STATUS_USAGE;
	if (s.format == FORMAT_TEXT)
		return help_text(command);
	help_man(command, stdout);
	return STATUS_HOLDS;
}
