/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "diff.h"
#include "session/parse.h"
#include "system_text.h"

static void print_system(const struct diff *d)
{
	const struct search_settings *s = &d->settings->search;
	const struct world_config *c = &s->config;

	system_text(stdout, c);
	(void)printf(", %s endian%s; one event at a time", s->endian == ENDIAN_BIG ? "big" : "little",
	             c->uniprocessor ? ", no SMP" : "");
	if (s->max_states > 0)
		(void)printf("; at most %llu states in a search", (unsigned long long)s->max_states);
	(void)fputs("\n\n", stdout);
}

static const char *cell(const struct diff *d, const struct diff_row *row, unsigned side, unsigned property,
                        char *buf, size_t size)
{
	const struct check_run *run = diff_run(d, row, side, property);

	switch (diff_verdict(d, row, side, property)) {
	case DIFF_HOLDS:
		(void)snprintf(buf, size, "holds");
		break;
	case DIFF_VIOLATED:
		(void)snprintf(buf, size, "violated, %zu steps", run->result.trace_length);
		break;
	default:
		(void)snprintf(buf, size, "%s: %s", check_verdict_name(run->result.verdict),
		               run->result.reason ? run->result.reason : "see above");
	}
	return buf;
}

static bool is_searched(const struct diff *d, unsigned property)
{
	return (d->settings->search.properties >> property & 1) != 0;
}

/* What holds in both is not worth a line. */
static bool interesting(const struct diff *d, const struct diff_row *row, unsigned property)
{
	return is_searched(d, property) && (diff_verdict(d, row, 0, property) != DIFF_HOLDS ||
	                                    diff_verdict(d, row, 1, property) != DIFF_HOLDS);
}

/* A search of all properties that was cut short leaves all of them open: one line will do. */
static bool all_open(const struct diff *d, const struct diff_row *row)
{
	for (unsigned p = 0; p < PROPERTIES; p++) {
		if (is_searched(d, p) && (diff_verdict(d, row, 0, p) != DIFF_UNKNOWN ||
		                          diff_verdict(d, row, 1, p) != DIFF_UNKNOWN))
			return false;
	}
	return true;
}

static void print_line(const struct diff *d, const struct diff_row *row, const char *event, const char *what,
                       unsigned property)
{
	enum diff_verdict a = diff_verdict(d, row, 0, property), b = diff_verdict(d, row, 1, property);
	char left[64], right[64];
	bool differs = a != b && a != DIFF_UNKNOWN && b != DIFF_UNKNOWN;

	(void)printf("%-14s %-14s %-26s %-*s%s\n", event, what, cell(d, row, 0, property, left, sizeof(left)),
	             differs ? 26 : 0, cell(d, row, 1, property, right, sizeof(right)),
	             differs ? " <-- differs" : "");
}

static void print_row(const struct diff *d, const struct diff_row *row)
{
	const char *event = diff_event(row);
	unsigned first = 0;
	bool any = false;

	while (!is_searched(d, first))
		first++;
	if (all_open(d, row)) {
		print_line(d, row, event, "(all)", first);
		return;
	}
	for (unsigned p = 0; p < PROPERTIES; p++) {
		if (!interesting(d, row, p))
			continue;
		print_line(d, row, any ? "" : event, world_property_names[p], p);
		any = true;
	}
	if (!any)
		print_line(d, row, event, "(all)", first);
}

static void print_verdicts(const struct diff *d)
{
	(void)printf("%-14s %-14s %-26s %s\n", "event", "property", d->settings->names[0],
	             d->settings->names[1]);
	for (unsigned i = 0; i < d->n_rows; i++)
		print_row(d, &d->row[i]);
	(void)fputs("(properties that hold in both are left out)\n\n", stdout);
}

static void print_survivor(const struct diff *d, const struct diff_witness *w)
{
	const char *other = d->settings->names[!w->side];
	const struct followed *f = &w->follow;

	if (!w->followed) {
		(void)printf("%s on the same schedule: not tried: %s\n\n", other, w->why.text);
		return;
	}
	switch (f->outcome) {
	case TRACE_NO_VIOLATION:
		(void)printf("%s on the same schedule: all %zu steps, nothing is violated\n\n", other,
		             f->steps);
		break;
	case TRACE_DIVERGED:
		(void)printf(
		        "%s on the same schedule: the first %zu steps are possible, the next is not: %s\n\n",
		        other, f->steps, diff_why(f));
		break;
	default:
		(void)printf("%s on the same schedule: step %zu violates %s: %s\n\n", other, f->steps,
		             world_property_names[f->property], f->violation.text);
	}
}

static void print_witness(const struct diff *d, unsigned property, const struct diff_witness *w)
{
	const struct diff_row *row = &d->row[w->row];
	const struct check_run *run = diff_run(d, row, (unsigned)w->side, property);

	(void)printf("%s violates %s and %s does not, %s%s; the shortest schedule, %zu steps:\n\n",
	             d->settings->names[w->side], world_property_names[property],
	             d->settings->names[!w->side], row->env == 0 ? "without optional events" : "with ",
	             row->env == 0 ? "" : diff_event(row), run->result.trace_length);
	if (run->story)
		story_print(run->story, stdout);
	(void)putchar('\n');
	print_survivor(d, w);
}

static void print_cost_cell(const struct diff *d, unsigned scenario, unsigned counter)
{
	unsigned a = d->cost[0].row[scenario].count[counter], b = d->cost[1].row[scenario].count[counter];
	int width = (int)strlen(cost_counter_names[counter]);
	char text[32];

	if (a == b)
		(void)snprintf(text, sizeof(text), "%u", a);
	else
		(void)snprintf(text, sizeof(text), "%u/%u", a, b);
	(void)printf(" %*s", width, text);
}

static void print_cost(const struct diff *d)
{
	(void)printf("cost, %s/%s where they differ:\n\n%-13s", d->settings->names[0], d->settings->names[1],
	             "scenario");
	for (unsigned c = 0; c < COST_COUNTERS; c++)
		(void)printf(" %s", cost_counter_names[c]);
	(void)putchar('\n');
	for (unsigned s = 0; s < COST_SCENARIOS; s++) {
		(void)printf("%-13s", cost_scenario_names[s]);
		if (d->cost[0].row[s].known && d->cost[1].row[s].known) {
			for (unsigned c = 0; c < COST_COUNTERS; c++)
				print_cost_cell(d, s, c);
		}
		for (unsigned side = 0; side < 2; side++) {
			if (!d->cost[side].row[s].known)
				(void)printf(" %s does not get there: %s%s", d->settings->names[side],
				             d->cost[side].row[s].why.text, side == 0 ? ";" : "");
		}
		(void)putchar('\n');
	}
}

void diff_text(const struct diff *d)
{
	print_system(d);
	print_verdicts(d);
	for (unsigned p = 0; p < PROPERTIES; p++) {
		for (unsigned side = 0; side < 2; side++) {
			if (d->witness[side][p].row >= 0)
				print_witness(d, p, &d->witness[side][p]);
		}
	}
	print_cost(d);
	(void)printf("\nverdicts %s%s\n", d->differ ? "differ" : "are equal",
	             d->unknown ? ", as far as is known: not every search was finished" : "");
}
