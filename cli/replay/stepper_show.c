/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "stepper.h"
#include "traces/story_private.h"

static void show_changes(const struct stepper *s)
{
	const struct columns *c = &s->watches.columns;

	for (size_t i = 0; s->at > 0 && i < c->n; i++) {
		const char *before = watches_row(&s->watches, s->at - 1)[i],
		           *now = watches_row(&s->watches, s->at)[i];

		if (strcmp(before, now) != 0)
			(void)fprintf(s->out, "    %s: %s -> %s\n", c->column[i].name, before, now);
	}
	for (size_t i = 0; i < s->watches.n; i++) {
		char value[COLUMN_TEXT];

		(void)fprintf(
		        s->out, "    watch %s: %s\n", expression_text(s->watches.expressions[i]),
		        expression_value(s->watches.expressions[i], watches_row(&s->watches, s->at), value));
	}
}

void stepper_show_step(const struct stepper *s)
{
	const struct story *story = s->run->story;
	const struct story_step *step;
	char where[128];

	if (s->at == 0) {
		(void)fprintf(s->out, "after boot, before step 1 of %zu\n", s->steps);
		show_changes(s);
		return;
	}
	step = &story->steps[s->at - 1];
	(void)fprintf(s->out, "step %zu of %zu: cpu%u %s %s\n", s->at, s->steps, step->cpu,
	              step->occupant[step->cpu], step->headline);
	for (size_t i = 0; i < step->n_details; i++) {
		const struct detail *d = &step->details[i];

		(void)fprintf(s->out, "  %-46s%s%s\n", d->text, d->pc != 0 ? " " : "",
		              d->pc != 0 ? story_where(story->world->image, d->pc, where, sizeof(where))
		                         : "");
	}
	show_changes(s);
}

void stepper_show_state(const struct stepper *s, const char *word)
{
	const struct columns *c = &s->watches.columns;

	for (size_t i = 0; i < c->n; i++) {
		if (strstr(c->column[i].name, word))
			(void)fprintf(s->out, "  %-24s %-16s %s\n", c->column[i].name,
			              watches_row(&s->watches, s->at)[i], c->column[i].label);
	}
}

/* Writes lines first to last of a text, with a mark on one. */
static void show_lines(const struct stepper *s, const struct report_source *source, size_t first, size_t last,
                       size_t marked)
{
	const char *at = source->text, *end = source->text + source->size;

	for (size_t line = 1; at < end && line <= last; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);

		if (line >= first)
			(void)fprintf(s->out, "%s%5zu  %.*s\n", line == marked ? ">" : " ", line, (int)length,
			              at);
		at += length + (newline != NULL);
	}
}

void stepper_show_source(const struct stepper *s, size_t lines)
{
	unsigned cpu = s->at == 0 ? 0 : s->run->story->steps[s->at - 1].cpu;
	const struct report_place place = s->path.steps[s->at].stands[cpu];
	const struct report_source *source;

	if (place.line == 0) {
		(void)fprintf(s->out, "cpu%u stands in no code that is worth naming\n", cpu);
		return;
	}
	source = &s->sources.source[place.source];
	(void)fprintf(s->out, "cpu%u stands before %s:%u\n", cpu, source->path, place.line);
	show_lines(s, source, place.line > lines ? place.line - lines : 1, place.line + lines, place.line);
}

void stepper_show_list(const struct stepper *s)
{
	for (size_t i = 0; i < s->steps; i++) {
		const struct story_step *step = &s->run->story->steps[i];

		(void)fprintf(s->out, "%s%4zu  cpu%u %-6s %s\n", i + 1 == s->at ? ">" : " ", i + 1, step->cpu,
		              step->occupant[step->cpu], step->headline);
	}
}
