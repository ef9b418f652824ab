/* SPDX-License-Identifier: MIT */
/* lazyswitch replay: runs traces again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "parse.h"
#include "replay_run.h"

enum option_key { KEY_ON = 0x300, KEY_UNTIL, KEY_FORMAT, KEY_TRACE_OUT, KEY_OUTPUT = 'o' };

static const struct argp_option options[] = {
        {"on", KEY_ON, "VARIANT", 0, "Replay on this variant, not on each trace's own", 0},
        {"until", KEY_UNTIL, "N", 0, "Make the first N steps only", 0},
        {"format", KEY_FORMAT, "FORMAT", 0,
         "text, json, html: one file to step through, with a browser, or for the timelines of others ftrace "
         "or perfetto (text)",
         0},
        {"output", KEY_OUTPUT, "FILE", 0, "With --format html: write to FILE, not to standard output", 0},
        {"trace-out", KEY_TRACE_OUT, "DIR", 0,
         "Write each trace that ends in a violation again, under its own name, to DIR: for the image as it "
         "is "
         "now. Comment lines before the first step stay",
         0},
        {0, 0, 0, 0, "A schedule that Linux has recorded, in place of TRACE (docs/ftrace.md):", 1},
        {"ftrace", KEY_FTRACE, "FILE", 0,
         "The text of /sys/kernel/tracing/trace, or - for standard input: is there a way to fill this "
         "schedule "
         "in that violates a property, on the variant of --on (baseline)?",
         0},
        {"task", KEY_FTRACE_TASK, "PID=NAME", 0, "What a task is: appN, vmmN, or idle; may be repeated", 0},
        {"endian", KEY_FTRACE_ENDIAN, "ORDER", 0, "Of the variant's code: little or big (little)", 0},
        {"env", KEY_FTRACE_ENV, "LIST", 0,
         "Optional events that are open, too: neon, exec, ptrace, signal, pm, onereg (none)", 0},
        {"property", KEY_FTRACE_PROPERTY, "LIST", 0, "Properties that are searched (all)", 0},
        {"memory", KEY_FTRACE_MEMORY, "SIZE", 0, "Limit: memory (3/4 of what the machine has)", 0},
        {"timeout", KEY_FTRACE_TIMEOUT, "SECONDS", 0, "Limit: time (none)", 0},
        {"max-states", KEY_FTRACE_STATES, "N", 0, "Limit: distinct states (none)", 0},
        {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", "html", "ftrace", "perfetto", NULL};
	struct command_parse *p = state->input;
	struct replay_settings *s = p->settings;
	uint64_t number;
	unsigned word;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		s->files[s->n_files++] = arg;
		return 0;
	case KEY_ON:
		s->on = arg;
		return 0;
	case KEY_UNTIL:
		if (parse_number("--until", arg, 1, TRACE_STEPS_MAX, &number, p->error))
			return EINVAL;
		s->until = (size_t)number;
		return 0;
	case KEY_FORMAT:
		if (parse_word("--format", arg, formats, &word, p->error))
			return EINVAL;
		s->format = (enum replay_format)word;
		return 0;
	case KEY_TRACE_OUT:
		s->trace_out = arg;
		if (arg[0] != '\0')
			return 0;
		error_set(p->error, "--trace-out takes a directory, not an empty name");
		return EINVAL;
	case KEY_OUTPUT:
		s->output = arg;
		if (arg[0] != '\0')
			return 0;
		error_set(p->error, "--output takes a file, not an empty name");
		return EINVAL;
	default:
		return replay_ftrace_option(key, arg, &s->ftrace, p->error);
	}
}

static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "TRACE...",
        .doc = "Runs traces again, as `lazyswitch check --trace-out' writes them or as people do (see "
               "docs/trace-format.md), and tells what happens: the violation is reproduced, or there is "
               "another "
               "one, or there is none, or a step is not possible. A TRACE of - is standard input.\v"
               "Exit status: 0 no trace ends in a violation, 1 one does, 2 bad input, or a step is not "
               "possible.",
        .children = build_children,
};

static enum exit_status report(const struct replay_run *run, const char *output)
{
	struct error e;

	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
	if (!run->story || replay_html(run, output, &e) == 0)
		return STATUS_HOLDS;
	complain("%s", e.text);
	return STATUS_USAGE;
}

/* What the options say together. */
static int check_settings(const struct replay_settings *s)
{
	if (s->n_files == 0)
		complain("replay takes the traces to be replayed: lazyswitch replay TRACE... (- is standard "
		         "input)");
	else if (s->format >= REPLAY_HTML && s->n_files > 1)
		complain("--format %s, not of %zu",
		         s->format == REPLAY_HTML ? "html makes a report of one trace"
		                                  : "ftrace and perfetto show one trace",
		         s->n_files);
	else if (s->format != REPLAY_HTML && s->output)
		complain("--output is for --format html; the shell redirects the others: > %s", s->output);
	else
		return 0;
	return -1;
}

static enum exit_status replay_all(const struct replay_settings *s, struct replay_run *runs)
{
	enum exit_status status = STATUS_HOLDS;

	for (size_t i = 0; i < s->n_files; i++) {
		replay_run(&runs[i], s->files[i], s);
		status = command_worse(status, runs[i].status);
		if (s->format == REPLAY_JSON) {
			if (runs[i].error.text[0] != '\0')
				complain("%s", runs[i].error.text);
			continue;
		}
		if (i > 0)
			(void)putchar('\n');
		if (s->format == REPLAY_FTRACE || s->format == REPLAY_PERFETTO)
			status = command_worse(status, replay_timeline(&runs[i], s->format));
		else if (s->format == REPLAY_HTML)
			status = command_worse(status, report(&runs[i], s->output));
		else
			replay_text(&runs[i]);
		replay_run_close(&runs[i]);
		runs[i] = (struct replay_run){0};
	}
	if (s->format == REPLAY_JSON && replay_json(runs, s->n_files)) {
		complain("out of memory for the JSON document");
		status = STATUS_INTERNAL;
	}
	for (size_t i = 0; s->format == REPLAY_JSON && i < s->n_files; i++)
		replay_run_close(&runs[i]);
	return status;
}

static int command_ftrace(const struct replay_settings *s)
{
	if (s->n_files == 0 && s->format == REPLAY_TEXT && s->until == 0)
		return (int)replay_ftrace(&s->ftrace, s->on ? s->on : "baseline", &s->build, s->trace_out);
	complain("--ftrace takes no TRACE, no --until, and no --format but text: it writes a trace with "
	         "--trace-out");
	return STATUS_USAGE;
}

int command_replay(int argc, char **argv)
{
	struct error e = {0};
	struct replay_settings settings = {.files = calloc((size_t)argc + 1, sizeof(*settings.files))};
	struct command_parse p = {
	        .name = "lazyswitch replay", .settings = &settings, .build = &settings.build, .error = &e};
	struct replay_run *runs = NULL;
	int status = STATUS_USAGE, parsed;

	if (!settings.files) {
		complain("out of memory");
		return STATUS_USAGE;
	}
	parsed = command_parse(&argp, argc, argv, 0, &p);
	if (parsed != 0) {
		status = command_parse_status(parsed);
	} else if (settings.ftrace.file) {
		status = command_ftrace(&settings);
	} else if (settings.ftrace.said) {
		complain("--task, --endian, --env, --property, --memory, --timeout and --max-states go with "
		         "--ftrace");
	} else if (check_settings(&settings) == 0) {
		runs = calloc(settings.n_files, sizeof(*runs));
		if (runs)
			status = (int)replay_all(&settings, runs);
		else
			complain("out of memory");
	}
	free(runs);
	free(settings.files);
	return status;
}
