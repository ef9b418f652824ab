/* SPDX-License-Identifier: MIT */
/* lazyswitch replay: runs traces again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "session/parse.h"
#include "replay_run.h"
#include "stepper.h"

enum option_key {
	KEY_ON = 0x300,
	KEY_UNTIL,
	KEY_FORMAT,
	KEY_TRACE_OUT,
	KEY_MINIMIZE,
	KEY_MAX_STATES,
	KEY_WATCH,
	KEY_STEP,
	KEY_OUTPUT = 'o'
};

static const struct argp_option options[] = {
        {"on", KEY_ON, "VARIANT", 0,
         "Replay on this variant, not on each trace's own; all: on every variant that ships, with a table",
         0},
        {"until", KEY_UNTIL, "N", 0, "Make the first N steps only", 0},
        {"watch", KEY_WATCH, "EXPRESSION", 0,
         "Print the value of an expression over fields of the machine, such as `cpu0.fpexc.en == 1', where "
         "it changes; help: list the "
         "fields. May be given several times",
         0},
        {"step", KEY_STEP, NULL, 0,
         "Go through the run by commands, forward and back (help lists them), from a terminal or a file", 0},
        {"minimize", KEY_MINIMIZE, NULL, 0,
         "Leave out of each violating trace whatever can be left out, as long as it ends in the same "
         "violation",
         0},
        {"max-states", KEY_MAX_STATES, "N", 0,
         "See N states at most in the search for steps that are open (200000), or for what a schedule leaves "
         "open (no limit)",
         0},
        {"format", KEY_FORMAT, "text|json|html|ftrace|perfetto|trace-dat", 0,
         "html: one file to step through, with a browser; for the timelines of others ftrace, perfetto, and "
         "trace-dat for KernelShark (text)",
         0},
        {"output", KEY_OUTPUT, "FILE", 0,
         "With --format html and trace-dat: write to FILE, not to standard output", 0},
        {"trace-out", KEY_TRACE_OUT, "DIR", 0,
         "Write each trace that ends in a violation again, under its own name, to DIR: for the image as it "
         "is "
         "now. Comment lines before the first step stay",
         0},
        {0, 0, 0, 0, "A schedule that Linux has recorded, in place of TRACE (docs/how-to/ftrace.md):", 1},
        {"ftrace", KEY_FTRACE, "FILE", 0,
         "The text of /sys/kernel/tracing/trace, or - for standard input: is there a way to fill this "
         "schedule "
         "in that violates a property, on the variant of --on (baseline)?",
         0},
        {"task", KEY_FTRACE_TASK, "PID=NAME", 0, "What a task is: appN, vmmN, or idle; may be repeated", 0},
        {"endian", KEY_FTRACE_ENDIAN, "little|big", 0, "Byte order of the variant's code (little)", 0},
        {"env", KEY_FTRACE_ENV, "LIST", 0,
         "Optional events that are open, too: neon, exec, ptrace, signal, pm, onereg (none)", 0},
        {"property", KEY_FTRACE_PROPERTY, "LIST", 0,
         "Properties: fp-leak, fp-lost, fpexc-host, fpexc-guest, crash, stuck, fp-leak-saved, fp-lost-saved; "
         "or all, the first six (all)",
         0},
        {"memory", KEY_FTRACE_MEMORY, "SIZE", 0, "Limit: memory (3/4 of what the machine has)", 0},
        {"timeout", KEY_FTRACE_TIMEOUT, "SECONDS", 0, "Limit: time (none)", 0},
        {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text",     "json",      "html", "ftrace",
	                                      "perfetto", "trace-dat", NULL};
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
		s->on_all = strcmp(arg, "all") == 0;
		return 0;
	case KEY_MAX_STATES:
		if (parse_number("--max-states", arg, 1, SIZE_MAX, &number, p->error))
			return EINVAL;
		s->max_states = (size_t)number;
		return 0;
	case KEY_MINIMIZE:
		s->minimize = true;
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
	case KEY_WATCH:
		s->watches[s->n_watches++] = arg;
		return 0;
	case KEY_STEP:
		s->step = true;
		return 0;
	case KEY_OUTPUT:
		s->output = arg;
		if (arg[0] != '\0')
			return 0;
		error_set(p->error, "--output takes a file, not an empty name");
		return EINVAL;
	case KEY_TRACE_OUT:
		s->trace_out = arg;
		if (arg[0] != '\0')
			return 0;
		error_set(p->error, "--trace-out takes a directory, not an empty name");
		return EINVAL;
	default:
		return replay_ftrace_option(key, arg, &s->ftrace, p->error);
	}
}

const struct argp replay_argp = {
        .options = options,
        .parser = parse,
        .args_doc = "TRACE...",
        .doc = "Runs traces again, as `lazyswitch check --trace-out' writes them or as people do (see "
               "docs/reference/trace-format.md), and tells what happens: the violation is reproduced, or "
               "there is "
               "another "
               "one, or there is none, or a step is not possible. A TRACE of - is standard input.\v"
               "Exit status: 0 no trace ends in a violation; 1 one does; 2 bad input, or a step is not "
               "possible (with --on all that is a result like any other); 3 steps are open and the search "
               "for them came to "
               "no end.",
        .children = build_children,
};

/* Options that do not go together. */
static int check_settings(const struct replay_settings *s)
{
	if (s->n_files == 0) {
		complain("replay takes the traces to be replayed: lazyswitch replay TRACE... (- is standard "
		         "input)");
		return -1;
	}
	if (s->max_states > OPEN_STATES_MAX) {
		complain("--max-states: at most %d where the steps of a trace are open", OPEN_STATES_MAX);
		return -1;
	}
	if (s->format >= REPLAY_HTML && s->n_files > 1) {
		complain("--format %s, not of %zu",
		         s->format == REPLAY_HTML ? "html makes a report of one trace"
		                                  : "ftrace, perfetto and trace-dat show one trace",
		         s->n_files);
		return -1;
	}
	if (s->format >= REPLAY_HTML && s->on_all) {
		complain("--format html, ftrace and perfetto show a trace on one variant: --on VARIANT");
		return -1;
	}
	if (s->format != REPLAY_HTML && s->format != REPLAY_DAT && s->output) {
		complain("--output is for --format html and trace-dat; the shell redirects the others: > %s",
		         s->output);
		return -1;
	}
	if (s->step &&
	    (s->n_files > 1 || s->format != REPLAY_TEXT || s->on_all || strcmp(s->files[0], "-") == 0)) {
		complain("--step goes through one trace, which is a file, on one variant, as text");
		return -1;
	}
	if (!s->on_all)
		return 0;
	if (s->minimize || s->trace_out) {
		complain("--on all prints a table: %s is for one variant, so name it: --on VARIANT",
		         s->minimize ? "--minimize" : "--trace-out");
		return -1;
	}
	for (size_t i = 0; i < s->n_files; i++) {
		if (strcmp(s->files[i], "-") == 0) {
			complain("--on all reads a trace once for each variant: it takes a file, not "
			         "standard input");
			return -1;
		}
	}
	return 0;
}

static enum exit_status report(const struct replay_run *run, const char *output)
{
	struct error e;

	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
	if (!run->story || replay_html(run, output, &e) == 0)
		return run->status;
	complain("%s", e.text);
	return command_worse(run->status, STATUS_USAGE);
}

static bool wants_fields(const struct replay_settings *s)
{
	return s->n_watches == 1 && strcmp(s->watches[0], "help") == 0;
}

/* Of the trace's own system. */
static enum exit_status list_fields(const struct replay_run *run)
{
	struct columns columns;
	struct error e;

	if (!run->story) {
		complain("%s", run->error.text);
		return run->status;
	}
	if (columns_open(&columns, run->world, &e))
		complain("%s", e.text);
	else
		watches_list_fields(&columns, "", stdout);
	columns_free(&columns);
	return STATUS_HOLDS;
}

static enum exit_status step(const struct replay_run *run, const struct replay_settings *s)
{
	struct error e;

	if (stepper_run(run, s, &e)) {
		complain("%s", e.text);
		return STATUS_USAGE;
	}
	(void)putchar('\n');
	replay_verdict(run, stdout);
	replay_notes(run, "  ", stdout);
	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
	return run->status;
}

static enum exit_status replay_one(const char *file, const struct replay_settings *s, struct json_t *document)
{
	struct replay_run *run = calloc(1, sizeof(*run));
	enum exit_status status;

	if (!run) {
		complain("out of memory");
		return STATUS_USAGE;
	}
	replay_run(run, file, s);
	status = run->status;
	if (wants_fields(s)) {
		status = list_fields(run);
	} else if (s->step && run->story) {
		status = step(run, s);
	} else if (s->format == REPLAY_HTML) {
		status = report(run, s->output);
	} else if (s->format >= REPLAY_FTRACE) {
		status = replay_timeline(run, s->format, s->output);
	} else if (!document) {
		replay_text(run);
	} else {
		if (run->error.text[0] != '\0')
			complain("%s", run->error.text);
		if (replay_json_add(document, run))
			status = STATUS_INTERNAL;
	}
	replay_run_close(run);
	free(run);
	return status;
}

static enum exit_status replay_all(const struct replay_settings *s)
{
	struct json_t *document = s->format == REPLAY_JSON ? replay_json_new() : NULL;
	enum exit_status status = STATUS_HOLDS;

	for (size_t i = 0; i < s->n_files; i++) {
		if (i > 0 && !document)
			(void)putchar('\n');
		status = command_worse(status, s->on_all ? replay_on_all(s->files[i], s, document)
		                                         : replay_one(s->files[i], s, document));
	}
	if (s->format == REPLAY_JSON && (!document || replay_json_print(document))) {
		complain("out of memory for the JSON document");
		status = STATUS_INTERNAL;
	}
	return status;
}

static int command_ftrace(const struct replay_settings *s)
{
	if (s->n_files == 0 && s->format == REPLAY_TEXT && s->until == 0 && !s->step && !s->minimize &&
	    s->n_watches == 0)
		return (int)replay_ftrace(&s->ftrace, s->on ? s->on : "baseline", &s->build, s->trace_out);
	complain("--ftrace takes no TRACE, no --until, --step, --watch or --minimize, and no --format but "
	         "text: it "
	         "writes a trace with --trace-out");
	return STATUS_USAGE;
}

int command_replay(int argc, char **argv)
{
	struct error e = {0};
	struct replay_settings settings = {.files = calloc((size_t)argc + 1, sizeof(*settings.files)),
	                                   .watches = calloc((size_t)argc + 1, sizeof(*settings.watches))};
	struct command_parse p = {
	        .name = "lazyswitch replay", .settings = &settings, .build = &settings.build, .error = &e};
	int status = STATUS_USAGE, parsed;

	if (!settings.files || !settings.watches) {
		complain("out of memory");
		free(settings.files);
		free(settings.watches);
		return STATUS_USAGE;
	}
	parsed = command_parse(&replay_argp, argc, argv, 0, &p);
	if (parsed != 0) {
		status = command_parse_status(parsed);
	} else if (settings.ftrace.file) {
		settings.ftrace.max_states = settings.max_states;
		status = command_ftrace(&settings);
	} else if (settings.ftrace.said) {
		complain("--task, --endian, --env, --property, --memory and --timeout go with --ftrace");
	} else if (check_settings(&settings) == 0) {
		status = (int)replay_all(&settings);
	}
	free(settings.files);
	free(settings.watches);
	return status;
}
