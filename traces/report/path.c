/* SPDX-License-Identifier: MIT */
#include "path.h"

#include <stdlib.h>
#include <string.h>

#include "sim/replay.h"

struct recorder {
	struct path *path;
	struct report_sources *sources;
	uint8_t *executed; /* by instruction: how often in the step in progress, up to 255 */
	size_t n_insns;
	struct path_range *lines; /* [n_insns] */
	int property;
	size_t step; /* in progress */
	bool seen;   /* the violation has happened */
	bool failed; /* out of memory */
};

static void on_instruction(void *arg, struct machine *m)
{
	struct recorder *r = arg;
	uint32_t i = (m->cpu->core.pc - m->world->image->code_start) / 4;

	if (!r->seen && i < r->n_insns && r->executed[i] < UINT8_MAX)
		r->executed[i]++;
}

/* The instruction that a step ends before was told as well. */
static void take_back(struct recorder *r, const struct machine *m)
{
	uint32_t i = (m->pc - m->world->image->code_start) / 4;

	if (!m->ended && m->cpu->core.pc == m->pc && i < r->n_insns && r->executed[i] > 0)
		r->executed[i]--;
}

static int compare(const void *a, const void *b)
{
	const struct path_range *x = a, *y = b;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

/* Sorted lines become ranges. Returns how many. */
static size_t merge(struct path_range *lines, size_t n)
{
	size_t merged = 0;

	qsort(lines, n, sizeof(*lines), compare);
	for (size_t i = 0; i < n; i++) {
		struct path_range *last = merged > 0 ? &lines[merged - 1] : NULL;

		if (last && last->source == lines[i].source && lines[i].first <= last->last + 1)
			last->last = lines[i].first;
		else
			lines[merged++] = lines[i];
	}
	return merged;
}

static void keep_lines(struct recorder *r, const struct image *image, struct path_step *step)
{
	struct report_place place;
	size_t n = 0;

	for (size_t i = 0; i < r->n_insns; i++) {
		if (!r->executed[i])
			continue;
		r->executed[i] = 0;
		r->failed |= sources_place(r->sources, image->code_start + 4 * (uint32_t)i, &place) != 0;
		if (place.line > 0)
			r->lines[n++] = (struct path_range){place.source, place.line, place.line};
	}
	n = merge(r->lines, n);
	step->ranges = malloc((n + 1) * sizeof(*step->ranges));
	r->failed |= !step->ranges;
	if (!step->ranges)
		return;
	memcpy(step->ranges, r->lines, n * sizeof(*step->ranges));
	step->n_ranges = n;
}

static void keep_stands(struct recorder *r, struct machine *m, struct path_step *step)
{
	for (unsigned cpu = 0; cpu < m->world->config.cpus; cpu++)
		r->failed |= sources_place(r->sources, machine_cpu(m, cpu)->core.pc, &step->stands[cpu]) != 0;
}

/* What comes behind the violation is of no interest. */
static void on_event(void *arg, struct machine *m, const struct watch *watch)
{
	struct recorder *r = arg;
	struct path_step *step = &r->path->steps[r->step];

	if (r->seen || r->step < r->path->n_steps || watch->kind != WATCH_VIOLATION ||
	    (int)watch->violation->property != r->property)
		return;
	r->seen = true;
	keep_stands(r, m, step);
	r->failed |= sources_place(r->sources, watch->pc, &step->stands[watch->cpu]) != 0;
}

static void on_step(void *arg, struct machine *m, size_t number)
{
	struct recorder *r = arg;
	struct path_step *step = &r->path->steps[number];

	m->between = on_instruction;
	m->between_arg = r;
	if (number > 0) {
		if (!r->seen)
			take_back(r, m);
		keep_lines(r, m->world->image, step);
	}
	if (!r->seen)
		keep_stands(r, m, step);
	r->step = number + 1;
}

int path_record(struct path *path, const struct world *world, const struct learnt *learnt,
                const struct model_label *trace, size_t length, int property, struct report_sources *sources,
                struct error *e)
{
	struct recorder r = {.path = path, .sources = sources, .property = property};
	const struct replay_watcher watcher = {.arg = &r, .event = on_event, .step = on_step};
	int status = -1;

	r.n_insns = (world->image->code_end - world->image->code_start) / 4;
	r.executed = calloc(r.n_insns + 1, 1);
	r.lines = calloc(r.n_insns + 1, sizeof(*r.lines));
	*path = (struct path){.steps = calloc(length + 1, sizeof(*path->steps)), .n_steps = length};
	if (!r.executed || !r.lines || !path->steps)
		error_set(e, "out of memory");
	else
		status = replay(world, learnt, trace, length, -1, &watcher, NULL, e);
	if (status == 0 && r.failed)
		status = error_set(e, "out of memory");
	free(r.executed);
	free(r.lines);
	return status;
}

void path_free(struct path *path)
{
	for (size_t i = 0; path->steps && i <= path->n_steps; i++)
		free(path->steps[i].ranges);
	free(path->steps);
}
