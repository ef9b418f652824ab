/* SPDX-License-Identifier: MIT */
#include "perfetto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns_json.h"

enum { STEP_US = 1000 };
enum track { TRACK_STEPS = 1, TRACK_RUNS, TRACK_HOLDS };

struct timeline {
	json_t *events;
	const struct columns *columns;
	size_t length;
	int failed;
};

static void add(struct timeline *t, json_t *event)
{
	t->failed |= json_array_append_new(t->events, event);
}

/* The value of "cpuN.NAME" behind a step; NULL: there is no such column. */
static const char *value(const struct timeline *t, unsigned cpu, const char *name, size_t step)
{
	char full[48];

	(void)snprintf(full, sizeof(full), "cpu%u.%s", cpu, name);
	for (size_t i = 0; i < t->columns->n; i++) {
		if (strcmp(t->columns->column[i].name, full) == 0)
			return t->columns->values[step * t->columns->n + i];
	}
	return NULL;
}

static void name_track(struct timeline *t, const char *what, unsigned cpu, int track, const char *name)
{
	add(t, json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "ph", "M", "name", what, "pid", (int)cpu + 1, "tid",
	                 track, "args", "name", name));
}

static void slice(struct timeline *t, unsigned cpu, int track, const char *name, size_t from, size_t to)
{
	add(t,
	    json_pack("{s:s, s:s, s:i, s:i, s:I, s:I}", "ph", "X", "name", name, "pid", (int)cpu + 1, "tid",
	              track, "ts", (json_int_t)from * STEP_US, "dur", (json_int_t)(to - from) * STEP_US));
}

/* What stays the same over several steps is one slice. */
static void slices(struct timeline *t, unsigned cpu, int track, const char *name)
{
	size_t from = 0;

	for (size_t step = 1; step <= t->length + 1; step++) {
		if (step <= t->length && strcmp(value(t, cpu, name, step), value(t, cpu, name, from)) == 0)
			continue;
		slice(t, cpu, track, value(t, cpu, name, from), from, step);
		from = step;
	}
}

static void counter(struct timeline *t, unsigned cpu, const char *column, const char *name)
{
	for (size_t step = 0; step <= t->length; step++) {
		const char *text = value(t, cpu, column, step);

		if (step > 0 && strcmp(text, value(t, cpu, column, step - 1)) == 0)
			continue;
		add(t,
		    json_pack("{s:s, s:s, s:i, s:I, s:{s:i}}", "ph", "C", "name", name, "pid", (int)cpu + 1,
		              "ts", (json_int_t)step * STEP_US, "args", "value", text[0] == '1'));
	}
}

static void cpu_tracks(struct timeline *t, unsigned cpu)
{
	char name[16];

	(void)snprintf(name, sizeof(name), "cpu%u", cpu);
	name_track(t, "process_name", cpu, 0, name);
	name_track(t, "thread_name", cpu, TRACK_STEPS, "steps");
	name_track(t, "thread_name", cpu, TRACK_RUNS, "runs");
	name_track(t, "thread_name", cpu, TRACK_HOLDS, "FP registers");
	slices(t, cpu, TRACK_RUNS, "runs");
	slices(t, cpu, TRACK_HOLDS, "hw.owner");
	counter(t, cpu, "fpexc.en", "FPEXC.EN");
	counter(t, cpu, "hcptr.fp", "HCPTR traps FP");
}

/* "cpu1 vmm0 go": on the track of the CPU that it names. */
static void steps(struct timeline *t, const struct story *story)
{
	for (size_t i = 0; i < t->length; i++) {
		const char *text = story_step(story, i);

		slice(t, (unsigned)strtoul(text + strlen("cpu"), NULL, 10), TRACK_STEPS, text, i + 1, i + 2);
	}
}

static void violation(struct timeline *t, int property, const struct story *story)
{
	const struct violation *v = story_violation(story);

	if (property < 0)
		return;
	add(t, json_pack("{s:s, s:s, s:s, s:i, s:i, s:I, s:{s:s}}", "ph", "i", "s", "g", "name",
	                 world_property_names[property], "pid", v ? (int)v->cpu + 1 : 1, "tid", TRACK_STEPS,
	                 "ts", (json_int_t)(t->length + 1) * STEP_US, "args", "text",
	                 v ? v->text : world_property_meanings[property]));
}

json_t *perfetto_document(const struct world *world, const struct learnt *learnt,
                          const struct model_label *labels, size_t length, int property,
                          const struct story *story, struct error *e)
{
	struct columns columns;
	struct timeline t = {.events = json_array(), .columns = &columns, .length = length};
	json_t *document = NULL;
	int seen = story_violation(story) ? property : -1;

	if (columns_record(&columns, world, learnt, labels, length, seen, e) == 0) {
		for (unsigned cpu = 0; cpu < world->config.cpus; cpu++)
			cpu_tracks(&t, cpu);
		steps(&t, story);
		violation(&t, property, story);
		if (!t.failed)
			document = json_pack("{s:s, s:O}", "displayTimeUnit", "ms", "traceEvents", t.events);
		if (!document)
			error_set(e, "out of memory");
	}
	columns_free(&columns);
	json_decref(t.events);
	return document;
}
