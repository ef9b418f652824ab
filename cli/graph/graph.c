/* SPDX-License-Identifier: MIT */
/* lazyswitch graph: pictures, by Graphviz. */
#include "graph.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "session/parse.h"
#include "traces/reader.h"
#include "traces/write_file.h"

enum option_key { KEY_FORMAT = 0x400, KEY_ON, KEY_BY, KEY_UNTIL, KEY_MAX_NODES };
enum { NODES_MAX = 100000 };

static const struct argp_option options[] = {
        {"output", 'o', "FILE", 0, "Write the picture to FILE (standard output)", 0},
        {"format", KEY_FORMAT, "dot|svg|png|pdf", 0, "Of the picture (by the ending of FILE; dot)", 0},
        {"on", KEY_ON, "VARIANT", 0, "trace: replay it on this variant, not on its own", 0},
        {"until", KEY_UNTIL, "N", 0, "trace: the first N steps only", 0},
        {"by", KEY_BY, "FIELDS", 0,
         "space: states that agree in these fields, separated by commas, are one node; `help' lists them", 0},
        {"max-nodes", KEY_MAX_NODES, "N", 0, "machine and space: no more nodes (400)", 0},
        {0},
};

static const char doc[] =
        "Draws the FP life cycle of a CPU (machine): what FPEXC, HCPTR and the registers go through, and by "
        "which events, in all states of a small system; a trace as a chart (trace): a lane for each CPU, and "
        "whose data its registers hold; or all states of a small system, or their quotient by chosen fields "
        "(space). The system is 1 CPU, 1 plain thread and 1 VM unless options say else; a trace has its "
        "own.\v"
        "Exit status: 0 the picture shows all; 2 bad input; 3 a limit was reached, or a step of the trace is "
        "not possible: the picture shows what there is.";

static int set_name(struct graph_settings *s, const char *arg, struct error *e)
{
	static const char *const kinds[] = {"machine", "trace", "space", NULL};
	unsigned kind;

	if (s->kind < 0) {
		if (parse_word("graph", arg, kinds, &kind, e))
			return -1;
		s->kind = (int)kind;
		return 0;
	}
	if (s->name)
		return error_set(e, "graph draws one thing at a time, not '%s' as well", arg);
	s->name = arg;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	struct graph_settings *s = p->settings;
	uint64_t number;
	unsigned word;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		return set_name(s, arg, p->error) ? EINVAL : 0;
	case 'o':
		s->output = arg;
		return 0;
	case KEY_FORMAT:
		if (parse_word("--format", arg, drawing_format_names, &word, p->error))
			return EINVAL;
		s->format = (int)word;
		return 0;
	case KEY_ON:
		s->on = arg;
		return 0;
	case KEY_BY:
		s->by = arg;
		return 0;
	case KEY_UNTIL:
		if (parse_number("--until", arg, 1, TRACE_STEPS_MAX, &number, p->error))
			return EINVAL;
		s->until = (size_t)number;
		return 0;
	case KEY_MAX_NODES:
		return parse_number("--max-nodes", arg, 1, NODES_MAX, &s->max_nodes, p->error) ? EINVAL : 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int find_format(struct graph_settings *s, struct error *e)
{
	const char *dot = s->output ? strrchr(s->output, '.') : NULL;

	for (int i = 0; s->format < 0 && dot && i < DRAWING_FORMATS; i++) {
		if (strcmp(dot + 1, drawing_format_names[i]) == 0)
			s->format = i;
	}
	if (s->format < 0 && s->output)
		return error_set(e, "%s: its name does not say which format: --format dot, svg, png or pdf",
		                 s->output);
	if (s->format < 0)
		s->format = DRAWING_DOT;
	if (!s->output && s->format >= DRAWING_PNG && isatty(STDOUT_FILENO))
		return error_set(e, "%s is nothing for a terminal: -o FILE", drawing_format_names[s->format]);
	return 0;
}

static int check_settings(struct graph_settings *s, struct error *e)
{
	if (s->kind < 0 || !s->name)
		return error_set(e,
		                 "graph takes what to draw, and of what: lazyswitch graph machine VARIANT, "
		                 "graph trace FILE, graph space VARIANT");
	if (s->kind != GRAPH_TRACE && (s->on || s->until != 0))
		return error_set(e, "--on and --until are for graph trace");
	if (s->kind != GRAPH_SPACE && s->by)
		return error_set(e, "--by is for graph space");
	if (s->kind == GRAPH_TRACE && s->max_nodes != 0)
		return error_set(e, "--max-nodes is for graph machine and graph space");
	return find_format(s, e);
}

struct job {
	struct drawing *drawing;
	enum drawing_format format;
	int status;
	struct error *error;
};

static void print(void *arg, FILE *f)
{
	struct job *job = arg;

	job->status = drawing_render(job->drawing, job->format, f, job->error);
}

static int write_picture(const struct graph_settings *s, struct drawing *drawing, struct error *e)
{
	struct error rendering = {0};
	struct job job = {drawing, (enum drawing_format)s->format, 0, &rendering};

	if (!s->output)
		print(&job, stdout);
	else if (write_file(s->output, "the picture", print, &job, e))
		return -1;
	return job.status ? error_set(e, "%s", rendering.text) : 0;
}

static enum exit_status run(struct graph_settings *s)
{
	enum exit_status status = STATUS_HOLDS;
	struct error e = {0};
	struct drawing *drawing;

	if (check_settings(s, &e)) {
		complain("%s", e.text);
		return STATUS_USAGE;
	}
	drawing = s->kind == GRAPH_TRACE ? graph_trace(s, &status, &e) : graph_space(s, &status, &e);
	if (!drawing) {
		if (e.text[0] != '\0')
			complain("%s", e.text);
		return status;
	}
	if (write_picture(s, drawing, &e)) {
		complain("%s", e.text);
		status = STATUS_USAGE;
	}
	drawing_free(drawing);
	return status;
}

const struct argp graph_argp = {
        .options = options,
        .parser = parse,
        .args_doc = "machine VARIANT\ntrace FILE\nspace VARIANT",
        .doc = doc,
        .children = search_options,
};

int command_graph(int argc, char **argv)
{
	struct graph_settings s = {.search = search_settings_default(), .kind = -1, .format = -1};
	struct error e = {0};
	struct command_parse p = {
	        .name = "lazyswitch graph", .settings = &s, .search = &s.search, .error = &e};
	int parsed;

	s.search.config.cpus = s.search.config.vms = 1;
	parsed = command_parse(&graph_argp, argc, argv, 0, &p);
	return parsed != 0 ? command_parse_status(parsed) : (int)run(&s);
}
