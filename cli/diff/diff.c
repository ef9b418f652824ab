/* SPDX-License-Identifier: MIT */
#include "diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "session/parse.h"
#include "signals.h"

enum option_key { KEY_FORMAT = 0x100 };

/* Enough for one VM on two CPUs with most events; more is the user's to ask for. */
enum { STATES_MAX = 500000 };

static const struct argp_option options[] = {
        {0, 0, 0, 0, "Output and speed:", 4},
        {"format", KEY_FORMAT, "text|json", 0, "Of the output (text)", 0},
        {"jobs", 'j', "N", 0, "Searches at the same time (as many as there are CPUs)", 0},
        {0},
};

static const char doc[] =
        "Compares two variants: verdicts without optional events and with each event of --env alone (all), "
        "the "
        "shortest schedules that one survives and the other does not, and costs. VARIANT is as in "
        "`lazyswitch check'.\n\n"
        "Unless options say otherwise the system is 2 CPUs, 1 plain thread and 1 VM, and a search ends after "
        "500000 states: small, so that it is done soon. The defaults in brackets below are those of "
        "`lazyswitch "
        "check'.\v"
        "Exit status: 0 the verdicts are equal; 1 they differ; 2 bad usage or bad input; 3 no difference was "
        "found, but "
        "a search was not finished; 4 internal fault.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", NULL};
	struct command_parse *p = state->input;
	struct diff_settings *s = p->settings;
	uint64_t jobs;
	unsigned format;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		if (s->n_names < 3)
			s->names[s->n_names++] = arg;
		return 0;
	case KEY_FORMAT:
		if (parse_word("--format", arg, formats, &format, p->error))
			return EINVAL;
		s->json = format == 1;
		return 0;
	case 'j':
		if (parse_number("-j", arg, 1, 1024, &jobs, p->error))
			return EINVAL;
		s->threads = (unsigned)jobs;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const char *diff_event(const struct diff_row *row)
{
	for (unsigned i = 0; i < ENV_NAMES; i++) {
		if (row->env == 1u << i)
			return world_env_names[i];
	}
	return "none";
}

const struct check_run *diff_run(const struct diff *d, const struct diff_row *row, unsigned side,
                                 unsigned property)
{
	int number = row->single[side][property];

	return &d->jobs.job[number >= 0 ? number : row->all[side]].run;
}

enum diff_verdict diff_verdict(const struct diff *d, const struct diff_row *row, unsigned side,
                               unsigned property)
{
	const struct check_result *r = &diff_run(d, row, side, property)->result;

	if (r->verdict == CHECK_PASS)
		return DIFF_HOLDS;
	return r->verdict == CHECK_FAIL && r->property == (int)property ? DIFF_VIOLATED : DIFF_UNKNOWN;
}

/* The schedule has no file: what stands before the first ": " tells nothing. */
const char *diff_why(const struct followed *follow)
{
	const char *why = strstr(follow->why.text, ": ");

	return why ? why + 2 : follow->why.text;
}

static int add_job(struct diff *d, const struct diff_row *row, unsigned side, uint32_t properties,
                   struct error *e)
{
	struct search_settings search = d->settings->search;
	int number;

	search.config.env = row->env;
	search.properties = properties;
	number = jobs_add(&d->jobs, d->settings->names[side], &search, true);
	if (number < 0)
		return error_set(e, "out of memory");
	d->jobs.job[number].settings.keep_trace = true;
	return jobs_open(&d->jobs, (size_t)number, e) ? -1 : number;
}

static void add_row(struct diff *d, uint32_t env)
{
	struct diff_row *row = &d->row[d->n_rows++];

	row->env = env;
	for (unsigned side = 0; side < 2; side++) {
		for (unsigned p = 0; p < PROPERTIES; p++)
			row->single[side][p] = -1;
	}
}

static int plan(struct diff *d, struct error *e)
{
	uint32_t events = d->settings->search.config.env;

	add_row(d, 0);
	for (unsigned i = 0; i < ENV_NAMES; i++) {
		if ((events >> i & 1) != 0)
			add_row(d, 1u << i);
	}
	for (unsigned i = 0; i < d->n_rows; i++) {
		for (unsigned side = 0; side < 2; side++) {
			d->row[i].all[side] = add_job(d, &d->row[i], side, d->settings->search.properties, e);
			if (d->row[i].all[side] < 0)
				return -1;
		}
	}
	return 0;
}

/* Where a variant fails, each property is searched for alone; the one that was found is known already. */
static int plan_singles(struct diff *d, struct error *e)
{
	for (unsigned i = 0; i < d->n_rows; i++) {
		for (unsigned side = 0; side < 2; side++) {
			const struct check_result found = d->jobs.job[d->row[i].all[side]].run.result;

			for (unsigned p = 0; p < PROPERTIES && found.verdict == CHECK_FAIL; p++) {
				int *single = &d->row[i].single[side][p];

				if ((d->settings->search.properties >> p & 1) == 0 ||
				    found.property == (int)p)
					continue;
				*single = add_job(d, &d->row[i], side, 1u << p, e);
				if (*single < 0)
					return -1;
			}
		}
	}
	return 0;
}

/* The same schedule, on the variant that survives. */
static void follow(struct diff *d, unsigned property, struct diff_witness *w)
{
	const struct diff_row *row = &d->row[w->row];
	const struct check_run *run = diff_run(d, row, (unsigned)w->side, property);
	const struct check_run *other = &d->jobs.job[row->all[!w->side]].run;
	const struct follow_options how = {.own_image = false};
	struct trace t;

	if (!run->trace_text) {
		error_set(&w->why, "out of memory");
		return;
	}
	if (trace_parse("the schedule", run->trace_text, run->trace_bytes, &t, &w->why))
		return;
	t.searched = d->settings->search.properties;
	w->followed = trace_follow(&t, other->world, &how, NULL, &w->follow, &w->why) == 0;
	trace_free(&t);
}

static void note(struct diff *d, unsigned row, unsigned property)
{
	enum diff_verdict a = diff_verdict(d, &d->row[row], 0, property);
	enum diff_verdict b = diff_verdict(d, &d->row[row], 1, property);
	unsigned side = a == DIFF_VIOLATED ? 0 : 1;
	struct diff_witness *w = &d->witness[side][property];
	size_t length;

	d->unknown |= a == DIFF_UNKNOWN || b == DIFF_UNKNOWN;
	if (a == b || a == DIFF_UNKNOWN || b == DIFF_UNKNOWN)
		return;
	d->differ = true;
	length = diff_run(d, &d->row[row], side, property)->result.trace_length;
	if (w->row < 0 || length < diff_run(d, &d->row[w->row], side, property)->result.trace_length) {
		w->row = (int)row;
		w->side = (int)side;
	}
}

static void compare(struct diff *d)
{
	for (unsigned p = 0; p < PROPERTIES; p++) {
		d->witness[0][p].row = d->witness[1][p].row = -1;
		for (unsigned i = 0; i < d->n_rows && (d->settings->search.properties >> p & 1) != 0; i++)
			note(d, i, p);
		for (unsigned side = 0; side < 2; side++) {
			if (d->witness[side][p].row >= 0)
				follow(d, p, &d->witness[side][p]);
		}
	}
	for (size_t i = 0; i < d->jobs.n; i++) {
		const struct check_run *run = &d->jobs.job[i].run;

		if (run->result.verdict != CHECK_ERROR)
			continue;
		complain("%s: %s", run->variant.name, run->error.text);
		d->fault = command_worse(d->fault, run->status);
	}
}

static int run(struct diff *d, struct error *e)
{
	const struct jobs_limits limits = {d->settings->threads, d->settings->search.max_memory};
	const volatile sig_atomic_t *interrupt = signals_catch();
	size_t first;

	if (jobs_run(&d->jobs, 0, &limits, interrupt, NULL, NULL, e))
		return -1;
	first = d->jobs.n;
	if (plan_singles(d, e) || jobs_run(&d->jobs, first, &limits, interrupt, NULL, NULL, e))
		return -1;
	for (unsigned side = 0; side < 2; side++) {
		if (cost_measure(d->jobs.job[d->row[0].all[side]].run.variant.image, &d->cost[side], e))
			return -1;
	}
	compare(d);
	return 0;
}

static enum exit_status report(const struct diff *d)
{
	if (!d->settings->json) {
		diff_text(d);
	} else if (diff_json(d)) {
		complain("out of memory for the JSON document");
		return STATUS_INTERNAL;
	}
	if (d->fault != STATUS_HOLDS)
		return d->fault;
	return d->differ ? STATUS_VIOLATED : d->unknown ? STATUS_UNFINISHED : STATUS_HOLDS;
}

static enum exit_status diff(const struct diff_settings *s)
{
	struct diff *d = calloc(1, sizeof(*d));
	enum exit_status status = STATUS_INTERNAL;
	struct error e = {0};

	if (!d) {
		complain("out of memory");
		return STATUS_INTERNAL;
	}
	d->settings = s;
	if (plan(d, &e)) {
		complain("%s", e.text);
		status = STATUS_USAGE;
	} else if (run(d, &e)) {
		complain("%s", e.text);
	} else {
		status = report(d);
	}
	for (unsigned p = 0; p < PROPERTIES; p++) {
		for (unsigned side = 0; side < 2; side++) {
			if (d->witness[side][p].followed)
				followed_free(&d->witness[side][p].follow);
		}
	}
	jobs_free(&d->jobs);
	free(d);
	return status;
}

const struct argp diff_argp = {.options = options,
                               .parser = parse,
                               .args_doc = "VARIANT VARIANT",
                               .doc = doc,
                               .children = search_options};

int command_diff(int argc, char **argv)
{
	struct diff_settings s = {.search = search_settings_default(), .threads = search_settings_cpus()};
	struct error e;
	struct command_parse p = {
	        .name = "lazyswitch diff", .settings = &s, .search = &s.search, .error = &e};
	int status;

	s.search.config.vms = 1;
	s.search.config.env = ENV_ALL;
	s.search.max_states = STATES_MAX;
	status = command_parse(&diff_argp, argc, argv, 0, &p);
	if (status)
		return command_parse_status(status);
	if (s.n_names != 2) {
		complain("diff compares two variants, not %s (`lazyswitch list' names them)",
		         s.n_names == 0   ? "none"
		         : s.n_names == 1 ? "one"
		                          : "more");
		return STATUS_USAGE;
	}
	return (int)diff(&s);
}
