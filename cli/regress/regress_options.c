/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "output.h"
#include "session/parse.h"
#include "regress.h"

enum option_key {
	KEY_FORMAT = 0x100,
	KEY_UPDATE,
	KEY_SUITE,
	KEY_PRINT,
	KEY_MEMORY,
	KEY_TIMEOUT,
};

static const struct argp_option options[] = {
        {0, 0, 0, 0, "What to do:", 1},
        {"suite", KEY_SUITE, "NAME", 0,
         "Only the expectations below [NAME] in their file; \"traces\" for the traces; \"history\", without "
         "DIR "
         "and FILE, for the bugs of the past that ship",
         0},
        {"update", KEY_UPDATE, 0, 0,
         "Rewrite the verdicts that changed, in the expectations files themselves", 0},
        {"print", KEY_PRINT, 0, 0,
         "Print the expectations that ship (or --suite=history), to begin a file of one's own, and stop", 0},
        {0, 0, 0, 0, "Limits; who reaches one is \"incomplete\":", 2},
        {"jobs", 'j', "N", 0, "Searches at the same time (as many as there are CPUs)", 0},
        {"memory", KEY_MEMORY, "SIZE", 0,
         "Memory for all searches together, such as 512M or 4G (3/4 of what the machine has)", 0},
        {"timeout", KEY_TIMEOUT, "SECONDS", 0, "Time, for each search (none)", 0},
        {0, 0, 0, 0, "Output:", 3},
        {"format", KEY_FORMAT, "text|json|junit|ktap|sarif", 0, "Of the output (text)", 0},
        {"verbose", 'v', 0, 0, "Text: a line for what is as expected, too", 0},
        {0},
};

static const char doc[] = "Compares variants and traces with what is expected of them, and says what "
                          "changed. DIR is searched for "
                          "expectations (*.expect) and traces (*.trace); FILE is one of these. With VARIANT, "
                          "only what is about it. "
                          "Without DIR and FILE, the expectations that ship with lazyswitch.\v"
                          "Exit status: 0 all as expected, or updated; 1 something changed; 2 bad usage, or "
                          "a broken file; 3 nothing "
                          "changed, but something is incomplete; 4 internal fault.";

static error_t parse_value(int key, const char *arg, struct regress_settings *s, struct error *e)
{
	static const char *const formats[] = {"text", "json", "junit", "ktap", "sarif", NULL};
	uint64_t jobs;
	unsigned format;

	switch (key) {
	case KEY_FORMAT:
		if (parse_word("--format", arg, formats, &format, e))
			return EINVAL;
		s->format = (enum regress_format)format;
		return 0;
	case KEY_MEMORY:
		return parse_size("--memory", arg, &s->limits.memory, e) ? EINVAL : 0;
	case KEY_TIMEOUT:
		return parse_seconds("--timeout", arg, &s->timeout, e) ? EINVAL : 0;
	default:
		if (parse_number("-j", arg, 1, 1024, &jobs, e))
			return EINVAL;
		s->limits.threads = (unsigned)jobs;
		return 0;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	struct regress_settings *s = p->settings;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		s->names[s->n_names++] = arg;
		return 0;
	case KEY_SUITE:
		s->suite = arg;
		return 0;
	case KEY_UPDATE:
		s->update = true;
		return 0;
	case KEY_PRINT:
		s->print = true;
		return 0;
	case 'v':
		s->verbose = true;
		return 0;
	case KEY_FORMAT:
	case KEY_MEMORY:
	case KEY_TIMEOUT:
	case 'j':
		return parse_value(key, arg, s, p->error);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp regress_argp = {.options = options,
                                  .parser = parse,
                                  .args_doc = "[DIR|FILE|VARIANT...]",
                                  .doc = doc,
                                  .children = command_children};

int regress_options(int argc, char **argv, struct regress_settings *s)
{
	struct error e;
	struct command_parse p = {.name = "lazyswitch regress", .settings = s, .error = &e};

	*s = (struct regress_settings){.limits = {.threads = search_settings_cpus(),
	                                          .memory = search_settings_default().max_memory}};
	s->names = calloc((size_t)argc + 1, sizeof(*s->names));
	if (!s->names) {
		complain("out of memory");
		return -1;
	}
	return command_parse(&regress_argp, argc, argv, 0, &p);
}
