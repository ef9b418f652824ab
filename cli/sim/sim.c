/* SPDX-License-Identifier: MIT */
/* lazyswitch sim: random walks, and what they cost. */
#include "sim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/nearest.h"
#include "output.h"
#include "session/parse.h"
#include "signals.h"
#include "system_text.h"
#include "traces/reader.h"

enum option_key {
	KEY_STEPS = 0x500,
	KEY_WALK,
	KEY_SEED,
	KEY_WORKLOAD,
	KEY_WORKLOADS,
	KEY_COMPARE,
	KEY_TRACE_OUT,
	KEY_FORMAT
};

static const struct argp_option options[] = {
        {"steps", KEY_STEPS, "N", 0, "Make N steps of each variant (100000)", 0},
        {"walk", KEY_WALK, "N", 0, "Begin again from boot after N steps (10000)", 0},
        {"seed", KEY_SEED, "N", 0, "The same seed makes the same walks, on every machine (1)", 0},
        {"workload", KEY_WORKLOAD, "NAME|FILE", 0,
         "How often things happen: cpu-bound, fp-heavy, interrupt-heavy, oversubscribed, or a file (uniform)",
         0},
        {"workloads", KEY_WORKLOADS, NULL, 0, "Print the workloads that ship", 0},
        {"compare", KEY_COMPARE, NULL, 0, "Look for no violations: compare costs", 0},
        {"trace-out", KEY_TRACE_OUT, "DIR", 0, "Write a violating walk to DIR, as a trace", 0},
        {"format", KEY_FORMAT, "text|json", 0, "Of the output (text)", 0},
        {0},
};

static const char doc[] =
        "Walks through a system at random, on the machine itself: many steps, in which "
        "violations may be seen and costs are "
        "counted (accesses to FPEXC and HCPTR, register files moved, traps, ISBs), as a "
        "workload weighs what happens. It "
        "proves nothing: `lazyswitch check' does. VARIANT is as there. Of the options "
        "below, those that limit a search "
        "have no meaning here, --timeout excepted.\v"
        "Exit status: 0 no violation was seen; 1 one was; 2 bad usage or input; 3 stopped early.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", NULL};
	struct command_parse *p = state->input;
	struct sim_settings *s = p->settings;
	unsigned word;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		s->names[s->n_names++] = arg;
		return 0;
	case KEY_STEPS:
		return parse_number("--steps", arg, 1, UINT32_MAX, &s->steps, p->error) ? EINVAL : 0;
	case KEY_WALK:
		return parse_number("--walk", arg, 1, TRACE_STEPS_MAX, &s->walk_steps, p->error) ? EINVAL : 0;
	case KEY_SEED:
		return parse_number("--seed", arg, 0, INT64_MAX, &s->seed, p->error) ? EINVAL : 0;
	case KEY_WORKLOAD:
		s->workload = arg;
		return 0;
	case KEY_WORKLOADS:
		s->list = true;
		return 0;
	case KEY_COMPARE:
		s->compare = true;
		return 0;
	case KEY_TRACE_OUT:
		s->trace_out = arg;
		if (arg[0] != '\0')
			return 0;
		error_set(p->error, "--trace-out takes a directory, not an empty name");
		return EINVAL;
	case KEY_FORMAT:
		if (parse_word("--format", arg, formats, &word, p->error))
			return EINVAL;
		s->json = word == 1;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void list_workloads(void)
{
	for (const struct workload_shipped *w = workloads_shipped; w->name; w++)
		(void)printf("%s# --workload %s\n%.*s", w == workloads_shipped ? "" : "\n", w->name,
		             (int)(w->end - w->text), w->text);
}

static int find_workload(struct sim_settings *s, struct error *e)
{
	struct nearest nearest = {.word = s->workload};
	char hint[96];

	if (!s->workload)
		return 0;
	for (const struct workload_shipped *w = workloads_shipped; w->name; w++) {
		if (strcmp(s->workload, w->name) == 0)
			return workload_parse(&s->weights, w->name, w->text, (size_t)(w->end - w->text), e);
		nearest_offer(&nearest, w->name);
	}
	if (strpbrk(s->workload, "./"))
		return workload_read(&s->weights, s->workload, e);
	return error_set(
	        e, "unknown workload '%s'%s (--workloads prints them; a file has a '.' or a '/' in its name)",
	        s->workload, nearest_hint(&nearest, hint, sizeof(hint)));
}

static void print_heading(const struct sim_settings *s)
{
	char env[128];

	system_text(stdout, &s->search.config);
	if (s->search.config.env != 0)
		(void)printf(", with %s", parse_set_text(world_env_names, ENV_NAMES, s->search.config.env,
		                                         env, sizeof(env)));
	(void)printf("; workload %s, seed %llu\n\n", s->workload ? s->workload : "uniform",
	             (unsigned long long)s->seed);
}

/* The costs of those that came to an end. */
static size_t costed(const struct sim_run *runs, size_t n)
{
	size_t good = 0;

	while (good < n && runs[good].error.text[0] == '\0')
		good++;
	return good;
}

static enum exit_status simulate(const struct sim_settings *s, struct sim_run *runs)
{
	const volatile sig_atomic_t *interrupted = signals_catch();
	enum exit_status status = STATUS_HOLDS;
	size_t n = 0;

	if (!s->json)
		print_heading(s);
	for (; n < s->n_names && *interrupted == 0; n++) {
		sim_run(&runs[n], s->names[n], s, interrupted);
		status = command_worse(status, runs[n].status);
		if (runs[n].error.text[0] != '\0')
			complain("%s", runs[n].error.text);
		else if (!s->json && !s->compare)
			sim_text(&runs[n]);
	}
	if (n < s->n_names)
		status = command_worse(status, STATUS_UNFINISHED);
	if (s->json) {
		json_t *document = sim_json(runs, n, s);

		if (!document || json_dumpf(document, stdout, JSON_INDENT(2)))
			status = STATUS_INTERNAL;
		(void)putchar('\n');
		json_decref(document);
	} else if (costed(runs, n) > 0) {
		sim_table(runs, costed(runs, n));
	}
	for (size_t i = 0; i < n; i++)
		sim_run_close(&runs[i]);
	return status;
}

static enum exit_status run(struct sim_settings *s)
{
	struct error e;
	struct sim_run *runs;
	enum exit_status status;

	if (s->list) {
		list_workloads();
		return STATUS_HOLDS;
	}
	if (s->n_names == 0) {
		complain("sim takes the variants to walk through: lazyswitch sim VARIANT...");
		return STATUS_USAGE;
	}
	if (find_workload(s, &e)) {
		complain("%s", e.text);
		return STATUS_USAGE;
	}
	runs = calloc(s->n_names, sizeof(*runs));
	if (!runs) {
		complain("out of memory");
		return STATUS_USAGE;
	}
	status = simulate(s, runs);
	free(runs);
	return status;
}

const struct argp sim_argp = {
        .options = options,
        .parser = parse,
        .args_doc = "VARIANT...",
        .doc = doc,
        .children = search_options,
};

int command_sim(int argc, char **argv)
{
	struct sim_settings s = {
	        .search = search_settings_default(), .steps = 100000, .walk_steps = 10000, .seed = 1};
	struct error e = {0};
	struct command_parse p = {.name = "lazyswitch sim", .settings = &s, .search = &s.search, .error = &e};
	int status;

	s.names = calloc((size_t)argc + 1, sizeof(*s.names));
	if (!s.names) {
		complain("out of memory");
		return STATUS_USAGE;
	}
	status = command_parse(&sim_argp, argc, argv, 0, &p);
	status = status != 0 ? command_parse_status(status) : (int)run(&s);
	free(s.names);
	return status;
}
