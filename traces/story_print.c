/* SPDX-License-Identifier: MIT */
/* The story on paper: one line a step, who is on each CPU in columns, what changed below. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "story_private.h"

enum {
	WIDTH = 110,
	NUMBER = 5,      /* step numbers */
	COLUMN = 8,      /* one for each CPU */
	COLUMNS_MAX = 4, /* with more CPUs only the one that steps is shown */
	WHERE = 46,      /* from here on, behind the columns: source position */
};

struct page {
	FILE *out;
	const struct story *story;
	unsigned cpus;
	unsigned indent; /* where what happens begins */
};

/* Text, then the source position as far to the right as there is room. */
static void print_line(const struct page *p, const char *text, uint32_t pc, const char *place)
{
	unsigned at = (unsigned)strlen(text), column = p->indent + WHERE;
	char where[WIDTH];

	if (pc == 0 && !place) {
		(void)fprintf(p->out, "%s\n", text);
		return;
	}
	if (place)
		(void)snprintf(where, sizeof(where), "%s", place);
	else
		story_where(p->story->world->image, pc, where, sizeof(where));
	if (at + 1 > column)
		column = at + 1;
	if (column + strlen(where) > WIDTH) /* rather the source line alone, or not even that */
		where[strcspn(where, " ")] = '\0';
	if (column + strlen(where) > WIDTH)
		(void)fprintf(p->out, "%s\n", text);
	else
		(void)fprintf(p->out, "%-*s%s\n", (int)column, text, where);
}

static unsigned print_columns(const struct page *p, const struct story_step *step, size_t number, char *buf,
                              size_t size)
{
	unsigned at = (unsigned)snprintf(buf, size, "%*zu  ", NUMBER - 2, number);
	char name[COLUMN + 4];

	if (p->cpus > COLUMNS_MAX)
		return at + (unsigned)snprintf(buf + at, size - at, "cpu%u %-*s", step->cpu, COLUMN,
		                               step->occupant[step->cpu]);
	for (unsigned cpu = 0; cpu < p->cpus; cpu++) {
		(void)snprintf(name, sizeof(name), cpu == step->cpu ? "[%s]" : " %s", step->occupant[cpu]);
		at += (unsigned)snprintf(buf + at, size - at, "%-*s", COLUMN, name);
	}
	return at;
}

static void print_step(const struct page *p, const struct story_step *step, size_t number)
{
	char line[512];
	unsigned at = print_columns(p, step, number, line, sizeof(line));

	(void)snprintf(line + at, sizeof(line) - at, "%s", step->headline);
	print_line(p, line, step->pc, step->place);
	for (size_t i = 0; i < step->n_details; i++) {
		const struct detail *d = &step->details[i];

		(void)snprintf(line, sizeof(line), "%*s%s", (int)p->indent + 2, "", d->text);
		print_line(p, line, d->pc, NULL);
	}
}

static void print_heading(const struct page *p)
{
	char line[WIDTH + 1];
	unsigned at = (unsigned)snprintf(line, sizeof(line), "%*s", NUMBER, "");

	for (unsigned cpu = 0; p->cpus <= COLUMNS_MAX && cpu < p->cpus; cpu++)
		at += (unsigned)snprintf(line + at, sizeof(line) - at, " cpu%-*u", COLUMN - 4, cpu);
	if (p->cpus > COLUMNS_MAX)
		(void)snprintf(line + at, sizeof(line) - at, "on this CPU");
	(void)fprintf(p->out, "%-*swhat happens%*swhere\n", (int)p->indent, line, WHERE - 12, "");
}

static void print_violation(const struct page *p)
{
	const struct story *s = p->story;
	const struct image *image = s->world->image;
	const struct violation *v = &s->violation;
	const struct insn *insn = image_insn(image, v->pc);
	char where[128], text[96];

	(void)fprintf(p->out, "\nviolated: %s - %s\n", world_property_names[v->property],
	              world_property_meanings[v->property]);
	if (!s->violated) {
		(void)fprintf(p->out, s->livelock
		                              ? "  the kernel runs for ever, and nobody gets any further\n"
		                              : "  no CPU can do anything any more\n");
		return;
	}
	(void)fprintf(p->out, "  %s\n  on cpu%u, %s", v->text, v->cpu,
	              story_where(image, v->pc, where, sizeof(where)));
	if (insn)
		(void)fprintf(p->out, ": %s", story_instruction(v->pc, insn->raw, text, sizeof(text)));
	(void)fputc('\n', p->out);
}

void story_print(const struct story *s, FILE *out)
{
	struct page p = {.out = out, .story = s, .cpus = s->world->config.cpus};

	p.indent = NUMBER + (p.cpus > COLUMNS_MAX ? 5 + COLUMN : COLUMN * p.cpus);
	print_heading(&p);
	for (size_t i = 0; i < s->n_steps; i++) {
		if (i == s->loop)
			(void)fprintf(out, "%*sfrom here on, again and again:\n", (int)p.indent, "");
		print_step(&p, &s->steps[i], i + 1);
	}
	if (s->violation.property != PROPERTIES)
		print_violation(&p);
	(void)fprintf(out, "\n%s\n%s",
	              s->violated ? "At that moment:" : "The machine at the end:", s->ending);
}

char *story_text(const struct story *s)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f)
		story_print(s, f);
	if (f && fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}
