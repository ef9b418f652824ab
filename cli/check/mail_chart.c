/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "mail_parts.h"
#include "wrap.h"

enum {
	NUMBER = 5,
	COLUMN = 8,
	COLUMNS_MAX = 3, /* with more CPUs only the one that steps is shown */
};

/* "v3.S:62" behind a text, if it is somewhere. */
static void put_where(struct wrap *w, const struct image *image, uint32_t pc)
{
	const char *file, *slash;
	char where[128];
	int line;

	if (pc == 0 || !image_line(image, pc, &file, &line))
		return;
	slash = strrchr(file, '/');
	(void)snprintf(where, sizeof(where), "(%.100s:%d)", slash ? slash + 1 : file, line);
	wrap_text(w, where);
}

static void print_columns(const struct story *story, size_t i, unsigned cpus, FILE *out)
{
	unsigned cpu = story_step_cpu(story, i);
	char name[16];

	(void)fprintf(out, "%*zu  ", NUMBER - 2, i + 1);
	if (cpus > COLUMNS_MAX) {
		(void)fprintf(out, "cpu%-2u %-*.7s", cpu, COLUMN, story_step_occupant(story, i, cpu));
		return;
	}
	for (unsigned k = 0; k < cpus; k++) {
		(void)snprintf(name, sizeof(name), k == cpu ? "[%.5s]" : " %.7s",
		               story_step_occupant(story, i, k));
		(void)fprintf(out, "%-*s", COLUMN, name);
	}
}

static void print_step(const struct story *story, size_t i, const struct image *image, unsigned cpus,
                       unsigned indent, FILE *out)
{
	struct wrap w = {.out = out, .indent = indent + 2};

	print_columns(story, i, cpus, out);
	w.column = indent - 1; /* the blank before the first word is the last of the columns */
	w.begun = true;
	wrap_text(&w, story_step_headline(story, i));
	wrap_end(&w);
	for (size_t k = 0; k < story_step_details(story, i); k++) {
		struct wrap d = {.out = out, .first = indent + 2, .indent = indent + 4};
		uint32_t pc;

		wrap_text(&d, story_step_detail(story, i, k, &pc));
		put_where(&d, image, pc);
		wrap_end(&d);
	}
}

void mail_chart(const struct story *story, const struct world *world, FILE *out)
{
	unsigned cpus = world->config.cpus,
	         indent = NUMBER + (cpus > COLUMNS_MAX ? 6 + COLUMN : COLUMN * cpus) + 1;

	(void)fprintf(out, "%*s", NUMBER, "");
	for (unsigned cpu = 0; cpus <= COLUMNS_MAX && cpu < cpus; cpu++)
		(void)fprintf(out, " cpu%-*u", cpu + 1 < cpus ? COLUMN - 4 : 1, cpu);
	(void)fputs(cpus <= COLUMNS_MAX ? "\n" : " on this CPU\n", out);
	for (size_t i = 0; i < story_steps(story); i++) {
		if (i == story_loop(story))
			wrap_paragraph(out, NUMBER, "from here on, again and again:");
		print_step(story, i, world->image, cpus, indent, out);
	}
}
