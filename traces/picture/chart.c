/* SPDX-License-Identifier: MIT */
#include "chart.h"

#include <stdlib.h>
#include <string.h>

#include "../markup.h"
#include "../story_private.h"
#include "colours.h"

/* A line of text in the chart is broken behind so many characters. */
enum { TEXT_WIDTH = 64, LANE_COLUMNS = 3 };

struct table {
	const struct chart *chart;
	const struct world *world;
	FILE *f;
	unsigned columns;
};

static const char *value_of(const struct table *t, size_t step, unsigned cpu, const char *field)
{
	const struct columns *c = t->chart->columns;
	char name[48];
	size_t i = columns_find(c, name, (size_t)snprintf(name, sizeof(name), "cpu%u.%s", cpu, field));

	return i < c->n ? c->values[step * c->n + i] : "";
}

/* Breaks lines at blanks. */
static void wrapped(FILE *f, const char *text)
{
	while (strlen(text) > TEXT_WIDTH) {
		size_t at = TEXT_WIDTH;

		while (at > TEXT_WIDTH / 2 && text[at] != ' ')
			at--;
		markup_text(f, text, at);
		(void)fputs("<BR ALIGN=\"LEFT\"/>&#160;&#160;", f);
		text += at + (text[at] == ' ');
	}
	markup_text(f, text, strlen(text));
	(void)fputs("<BR ALIGN=\"LEFT\"/>", f);
}

static void heading(const struct table *t)
{
	(void)fputs("<TR><TD BORDER=\"0\"></TD>", t->f);
	for (unsigned cpu = 0; cpu < t->world->config.cpus; cpu++)
		(void)fprintf(t->f, "<TD COLSPAN=\"%d\" BORDER=\"0\"><B>cpu%u</B></TD>", LANE_COLUMNS, cpu);
	(void)fputs("<TD BORDER=\"0\"></TD></TR><TR><TD BORDER=\"0\">step</TD>", t->f);
	for (unsigned cpu = 0; cpu < t->world->config.cpus; cpu++)
		(void)fputs("<TD BORDER=\"0\">runs</TD><TD BORDER=\"0\">FP registers</TD><TD "
		            "BORDER=\"0\">EN, trap</TD>",
		            t->f);
	(void)fputs(
	        "<TD BORDER=\"0\" ALIGN=\"LEFT\">what happens; the lanes show the state after it</TD></TR>",
	        t->f);
}

/* What a CPU is like behind a step; the CPU that made it has a frame. */
static void lane(const struct table *t, size_t step, unsigned cpu, bool stepped)
{
	const char *runs = value_of(t, step, cpu, "runs"), *holds = value_of(t, step, cpu, "hw.owner"),
	           *en = value_of(t, step, cpu, "fpexc.en"), *trap = value_of(t, step, cpu, "hcptr.fp");
	unsigned border = stepped ? 2 : 0;

	(void)fprintf(t->f, "<TD BORDER=\"%u\" BGCOLOR=\"%s\">", border, colour_of(t->world, runs));
	markup_text(t->f, runs, strlen(runs));
	(void)fprintf(t->f, "<BR/><FONT POINT-SIZE=\"8\">%s</FONT></TD>", value_of(t, step, cpu, "mode"));
	(void)fprintf(t->f, "<TD BORDER=\"%u\" BGCOLOR=\"%s\">", border, colour_of(t->world, holds));
	markup_text(t->f, holds, strlen(holds));
	(void)fprintf(t->f, "</TD><TD BORDER=\"%u\" BGCOLOR=\"white\">EN %s<BR/>", border, en);
	if (trap[0] == '1')
		(void)fputs("<B>trap</B>", t->f);
	else
		(void)fputs("<FONT COLOR=\"#767676\">no trap</FONT>", t->f);
	(void)fprintf(t->f, "%s</TD>", trap[1] == '?' ? "?" : "");
}

static void row(const struct table *t, size_t step)
{
	const struct story *s = t->chart->story;
	const struct story_step *what = step == 0 ? NULL : &s->steps[step - 1];
	bool bad = step == s->n_steps && s->violated;

	(void)fprintf(t->f, "<TR><TD BORDER=\"0\">%zu</TD>", step);
	for (unsigned cpu = 0; cpu < t->world->config.cpus; cpu++)
		lane(t, step, cpu, what && what->cpu == cpu);
	(void)fprintf(t->f, "<TD BORDER=\"%d\" COLOR=\"%s\" BGCOLOR=\"%s\" ALIGN=\"LEFT\" BALIGN=\"LEFT\">",
	              bad ? 2 : 0, bad ? COLOUR_VIOLATION : COLOUR_LINE, bad ? COLOUR_FAULTY : "white");
	if (!what) {
		(void)fputs("after boot", t->f);
	} else {
		(void)fprintf(t->f, "<B>cpu%u</B> ", what->cpu);
		wrapped(t->f, what->headline);
		for (size_t i = 0; i < what->n_details; i++) {
			(void)fputs("<FONT POINT-SIZE=\"9\">", t->f);
			wrapped(t->f, what->details[i].text);
			(void)fputs("</FONT>", t->f);
		}
	}
	(void)fputs("</TD></TR>", t->f);
}

/* Line by line. */
static void below(const struct table *t)
{
	const char *at = t->chart->verdict;

	(void)fprintf(t->f, "<TR><TD COLSPAN=\"%u\" BORDER=\"0\" ALIGN=\"LEFT\" BALIGN=\"LEFT\">",
	              t->columns);
	while (*at != '\0') {
		size_t length = strcspn(at, "\n");

		markup_text(t->f, at, length);
		(void)fputs("<BR ALIGN=\"LEFT\"/>", t->f);
		at += length + (at[length] == '\n');
	}
	(void)fputs("</TD></TR>", t->f);
}

static void print_table(const struct table *t)
{
	const struct chart *c = t->chart;

	(void)fputs("<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"2\" CELLPADDING=\"3\">", t->f);
	(void)fprintf(t->f, "<TR><TD COLSPAN=\"%u\" BORDER=\"0\" ALIGN=\"LEFT\"><FONT POINT-SIZE=\"13\"><B>",
	              t->columns);
	markup_text(t->f, c->title, strlen(c->title));
	(void)fputs("</B></FONT><BR ALIGN=\"LEFT\"/>", t->f);
	markup_text(t->f, c->system, strlen(c->system));
	(void)fputs("<BR ALIGN=\"LEFT\"/></TD></TR>", t->f);
	heading(t);
	for (size_t step = 0; step <= c->story->n_steps; step++) {
		if (c->story->loop < c->story->n_steps && step == c->story->loop + 1)
			(void)fprintf(t->f,
			              "<TR><TD COLSPAN=\"%u\" BORDER=\"0\" ALIGN=\"LEFT\"><B>for ever from "
			              "here on:</B></TD></TR>",
			              t->columns);
		row(t, step);
	}
	below(t);
	(void)fprintf(
	        t->f,
	        "<TR><TD COLSPAN=\"%u\" BORDER=\"0\"><TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"3\" "
	        "CELLPADDING=\"3\"><TR>",
	        t->columns);
	colours_legend(t->world, t->f, false);
	(void)fputs("<TD BORDER=\"0\" ALIGN=\"LEFT\">contexts; a frame: the CPU that made the step; (old): "
	            "not its "
	            "newest data; trap: HCPTR traps FP to Hyp</TD></TR></TABLE></TD></TR>",
	            t->f);
	(void)fputs("</TABLE>", t->f);
}

static char *table_text(const struct chart *chart)
{
	struct table t = {.chart = chart,
	                  .world = chart->world,
	                  .columns = 2 + LANE_COLUMNS * chart->world->config.cpus};
	char *text = NULL;
	size_t size;
	int failed;

	t.f = open_memstream(&text, &size);
	if (!t.f)
		return NULL;
	print_table(&t);
	failed = ferror(t.f);
	if (fclose(t.f) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}

struct drawing *chart_draw(const struct chart *chart, struct error *e)
{
	struct drawing *d;
	struct drawing_node *node;
	char *html;

	if (chart->story->n_steps > CHART_STEPS_MAX) {
		error_set(e,
		          "a chart of %zu steps would be unreadable: it may have %d; --until N shows the "
		          "first ones",
		          chart->story->n_steps, CHART_STEPS_MAX);
		return NULL;
	}
	d = drawing_new();
	html = table_text(chart);
	node = d ? drawing_add(d, "chart") : NULL;
	if (node && html) {
		drawing_set(d, "bgcolor", COLOUR_PAPER, "pad", "0.1", NULL);
		drawing_set_nodes(d, "shape", "plain", "fontname", "DejaVu Sans", "fontsize", "10", "label",
		                  "", NULL);
		drawing_set_html(d, node, html);
		free(html);
		return d;
	}
	free(html);
	drawing_free(d);
	error_set(e, "out of memory for the picture");
	return NULL;
}
