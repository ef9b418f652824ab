/* SPDX-License-Identifier: MIT */
#include "story.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "livelock.h"
#include "sim/replay.h"
#include "standstill.h"
#include "story_private.h"

struct detail *story_detail(struct story *s, uint32_t pc, const char *format, ...)
{
	struct story_step *step = s->now;
	struct detail *details, *detail;
	va_list args;

	if (!step)
		return NULL;
	details = realloc(step->details, (step->n_details + 1) * sizeof(*details));
	if (!details) {
		s->failed = true;
		return NULL;
	}
	step->details = details;
	detail = &details[step->n_details++];
	*detail = (struct detail){.pc = pc};
	va_start(args, format);
	(void)vsnprintf(detail->text, sizeof(detail->text), format, args);
	va_end(args);
	return detail;
}

/* Remembers what the next step is compared with. */
static void look(struct story *s, struct machine *m)
{
	for (unsigned cpu = 0; cpu < m->world->config.cpus; cpu++) {
		s->tasks[cpu] = machine_task(m, cpu);
		s->guests[cpu] = cpu_in_guest(machine_cpu(m, cpu));
		s->users[cpu] = cpu_mode(machine_cpu(m, cpu)) == MODE_USR;
		s->pcs[cpu] = machine_cpu(m, cpu)->core.pc;
		story_occupant(m, cpu, s->occupant[cpu]);
	}
	story_remember(s, m);
}

static void begin_step(struct story *s, size_t number)
{
	s->now = &s->steps[number];
	memcpy(s->now->occupant, s->occupant, sizeof(s->occupant));
	s->switched = false;
}

static void finish_step(struct story *s, struct machine *m)
{
	struct story_step *step = s->now;

	s->task = s->tasks[m->cpu_number];
	step->cpu = m->cpu_number;
	if (!m->ended && !s->seen && !cpu_in_guest(m->cpu) && cpu_mode(m->cpu) != MODE_USR) {
		bool idle = machine_task(m, m->cpu_number) == m->cpu_number;

		step->pc = idle ? 0 : m->cpu->core.pc;
		step->place = idle ? "idle" : NULL;
	}
	choices_text(m, s->task, step->choices, sizeof(step->choices));
	story_headline(s, m, step->headline, sizeof(step->headline));
	if (!s->seen)
		story_changes(s, m);
}

/* The machine after a step, before the next. */
static void on_step(void *arg, struct machine *m, size_t number)
{
	struct story *s = arg;

	if (number > 0)
		finish_step(s, m);
	look(s, m);
	if (number < s->n_steps) {
		begin_step(s, number);
		return;
	}
	s->now = NULL;
	if (!s->ending)
		s->ending = story_ending(m, -1);
	s->failed |= s->ending == NULL;
	if (s->violation.property == PROPERTY_STUCK && m->n_violations == 0)
		s->standstill = standstill(m);
	if (s->violation.property == PROPERTY_STUCK && s->loop < s->n_steps && !m->ended)
		s->livelock = livelock(m, s->trace + s->loop, s->n_steps - s->loop);
}

static bool replays(struct story *s, const struct learnt *learnt, const struct model_label *trace,
                    struct error *e)
{
	const struct replay_watcher watcher = {.arg = s, .event = story_event, .step = on_step};
	enum world_property property = s->violation.property;

	int expected = property == PROPERTIES ? -1 : (int)property;

	if (replay(s->world, learnt, trace, s->n_steps, expected, &watcher, &s->violation, e) == 0) {
		s->violated = expected >= 0;
		return true;
	}
	return s->standstill || s->livelock;
}

struct story *story_record(const struct world *w, const struct learnt *learnt,
                           const struct model_label *trace, size_t length, size_t loop,
                           enum world_property property, struct error *e)
{
	struct story *s = calloc(1, sizeof(*s));

	if (s)
		s->steps = calloc(length + 1, sizeof(*s->steps));
	if (!s || !s->steps) {
		story_free(s);
		error_set(e, "out of memory");
		return NULL;
	}
	s->world = w;
	s->n_steps = length;
	s->loop = loop;
	s->trace = trace;
	s->violation.property = property;
	if (!replays(s, learnt, trace, e)) {
		story_free(s);
		return NULL;
	}
	if (s->failed) {
		story_free(s);
		error_set(e, "out of memory");
		return NULL;
	}
	if (!s->livelock)
		s->loop = length;
	s->trace = NULL;
	return s;
}

void story_free(struct story *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->steps && i < s->n_steps; i++)
		free(s->steps[i].details);
	free(s->steps);
	free(s->ending);
	free(s);
}

size_t story_steps(const struct story *s)
{
	return s->n_steps;
}

const char *story_step(const struct story *s, size_t i)
{
	return s->steps[i].choices;
}

unsigned story_step_cpu(const struct story *s, size_t i)
{
	return s->steps[i].cpu;
}

const char *story_step_headline(const struct story *s, size_t i)
{
	return s->steps[i].headline;
}

const char *story_step_occupant(const struct story *s, size_t i, unsigned cpu)
{
	return s->steps[i].occupant[cpu];
}

uint32_t story_step_pc(const struct story *s, size_t i)
{
	return s->steps[i].pc;
}

size_t story_step_details(const struct story *s, size_t i)
{
	return s->steps[i].n_details;
}

const char *story_step_detail(const struct story *s, size_t i, size_t detail, uint32_t *pc)
{
	*pc = s->steps[i].details[detail].pc;
	return s->steps[i].details[detail].text;
}

size_t story_loop(const struct story *s)
{
	return s->loop;
}

const struct violation *story_violation(const struct story *s)
{
	return s->violated ? &s->violation : NULL;
}
