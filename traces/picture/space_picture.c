/* SPDX-License-Identifier: MIT */
#include "space_picture.h"

#include <stdlib.h>
#include <string.h>

#include "../markup.h"
#include "colours.h"

static const char *const life_names[] = {"cpu0.mode",     "cpu0.fpexc.en", "cpu0.hcptr.fp",
                                         "cpu0.hw.owner", "cpu0.hw_state", "vcpu0.dirty"};
enum { LIFE_MODE, LIFE_EN, LIFE_TRAP, LIFE_OWNER, LIFE_HW_STATE, LIFE_DIRTY, LIFE_NAMES };
_Static_assert((int)LIFE_NAMES <= (int)LIFE_FIELDS_MAX, "there is room for them");

size_t life_fields(const struct columns *columns, size_t fields[LIFE_FIELDS_MAX])
{
	size_t n = 0;

	/* The last one is missing where there is no vCPU. */
	for (size_t k = 0; k < LIFE_NAMES; k++) {
		size_t i = columns_find(columns, life_names[k], strlen(life_names[k]));

		if (i < columns->n)
			fields[n++] = i;
	}
	return n;
}

struct page {
	const struct space *space;
	const struct world *world;
	const struct space_picture *picture;
	struct drawing *drawing;
	struct drawing_node **nodes;               /* by class */
	struct drawing_node *violated[PROPERTIES]; /* NULL: not there yet */
};

/* Text that a function makes, to be freed; NULL when out of memory. */
struct text {
	char *text;
	size_t size;
	FILE *f;
};

static bool text_begin(struct text *t)
{
	*t = (struct text){0};
	t->f = open_memstream(&t->text, &t->size);
	return t->f;
}

static char *text_end(struct text *t)
{
	int failed = ferror(t->f);

	if (fclose(t->f) == 0 && !failed)
		return t->text;
	free(t->text);
	return NULL;
}

/* What a state of the life cycle means to who is on the CPU. */
static void life_title(const struct space_class *c, FILE *f)
{
	bool guest = strcmp(c->values[LIFE_MODE], "guest") == 0, en = c->values[LIFE_EN][0] == '1',
	     trap = c->values[LIFE_TRAP][0] == '1';

	(void)fprintf(f, "%s: ", c->values[LIFE_MODE]);
	if (guest && trap)
		(void)fputs("FP traps to Hyp", f);
	else
		(void)fprintf(f, "FP %s%s", en ? "on" : "off", trap ? ", trap armed" : "");
	(void)fprintf(f, "\\nEN=%d  trap=%s\\nregisters: ", en, c->values[LIFE_TRAP]);
	drawing_escape(f, c->values[LIFE_OWNER]);
	(void)fputs("\\nvfp_current_hw_state: ", f);
	drawing_escape(f, c->values[LIFE_HW_STATE]);
}

static void field_lines(const struct page *p, const struct space_class *c, FILE *f)
{
	const struct columns *columns = &p->space->columns;
	size_t first = p->picture->life ? LIFE_DIRTY : 0;
	bool chosen = p->picture->n_fields > 0;

	for (size_t i = first; i < (chosen ? p->picture->n_fields : columns->n); i++) {
		const struct column *column = &columns->column[chosen ? p->picture->fields[i] : i];

		(void)fprintf(f, "%s", i == 0 ? "" : "\\n");
		drawing_escape(f, column->name);
		(void)fputs(" ", f);
		drawing_escape(f, c->values[i]);
	}
	if (chosen)
		(void)fprintf(f, "\\n%llu state%s", (unsigned long long)c->states, c->states == 1 ? "" : "s");
}

/* The colour of who has the registers of CPU 0, if a field says so. */
static const char *fill(const struct page *p, const struct space_class *c)
{
	bool chosen = p->picture->n_fields > 0;

	for (size_t i = 0; i < (chosen ? p->picture->n_fields : p->space->columns.n); i++) {
		const struct column *column = &p->space->columns.column[chosen ? p->picture->fields[i] : i];

		if (strcmp(column->name, "cpu0.hw.owner") == 0)
			return colour_of(p->world, c->values[i]);
	}
	return COLOUR_PAPER;
}

static bool draw_class(struct page *p, uint32_t i)
{
	const struct space_class *c = &p->space->classes[i];
	struct text t;
	char name[32], *label;

	(void)snprintf(name, sizeof(name), "c%u", i);
	p->nodes[i] = drawing_add(p->drawing, name);
	if (!p->nodes[i] || !text_begin(&t))
		return false;
	if (p->picture->life)
		life_title(c, t.f);
	field_lines(p, c, t.f);
	label = text_end(&t);
	if (!label)
		return false;
	drawing_set_node(p->drawing, p->nodes[i], "label", label, "fillcolor", fill(p, c), "penwidth",
	                 i == 0 ? "3" : "1", NULL);
	free(label);
	return true;
}

static struct drawing_node *violation_node(struct page *p, unsigned property)
{
	char name[32], label[64];

	if (p->violated[property])
		return p->violated[property];
	(void)snprintf(name, sizeof(name), "violated%u", property);
	(void)snprintf(label, sizeof(label), "violates\\n%s", world_property_names[property]);
	p->violated[property] = drawing_add(p->drawing, name);
	if (p->violated[property])
		drawing_set_node(p->drawing, p->violated[property], "label", label, "shape", "octagon",
		                 "color", COLOUR_VIOLATION, "fontcolor", COLOUR_VIOLATION, "fillcolor",
		                 COLOUR_FAULTY, "penwidth", "2", NULL);
	return p->violated[property];
}

/* The events of some edges, each once; to be freed, NULL when out of memory. `property`: of those that violate it; -1: of all. */
static char *events_of(const struct space_edge *edges, size_t n, int property)
{
	unsigned listed = 0;
	struct text t;

	if (!text_begin(&t))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		bool again = property >= 0 && (edges[i].violated >> property & 1) == 0;

		for (size_t k = 0; k < i && !again; k++)
			again = strcmp(edges[k].event, edges[i].event) == 0 &&
			        (property < 0 || (edges[k].violated >> property & 1) != 0);
		if (again)
			continue;
		(void)fputs(listed == 0 ? "" : listed % 3 == 0 ? ",\\n" : ", ", t.f);
		drawing_escape(t.f, edges[i].event);
		listed++;
	}
	return text_end(&t);
}

/* One line from a class to each property that its steps violate. */
static bool draw_violations(struct page *p, const struct space_edge *edges, size_t n)
{
	uint32_t violated = 0;

	for (size_t i = 0; i < n; i++)
		violated |= edges[i].violated;
	for (; violated != 0; violated &= violated - 1) {
		unsigned property = (unsigned)__builtin_ctz(violated);
		struct drawing_node *node = violation_node(p, property);
		char *label = events_of(edges, n, (int)property);
		bool made = node && label;

		if (made)
			drawing_join(p->drawing, p->nodes[edges->from], node, "label", label, "color",
			             COLOUR_VIOLATION, "fontcolor", COLOUR_VIOLATION, "penwidth", "2", NULL);
		free(label);
		if (!made)
			return false;
	}
	return true;
}

/* One line from a class to each other. */
static bool draw_step(struct page *p, const struct space_edge *edges, size_t n)
{
	char *label;

	if (edges->from == edges->to)
		return true;
	label = events_of(edges, n, -1);
	if (!label)
		return false;
	drawing_join(p->drawing, p->nodes[edges->from], p->nodes[edges->to], "label", label, NULL);
	free(label);
	return true;
}

static bool draw_edges(struct page *p)
{
	const struct space_edge *edges = p->space->edges;
	size_t end = p->space->n_edges;

	for (size_t i = 0, n; i < end; i += n) {
		bool violating = edges[i].violated != 0;

		for (n = 1; i + n < end && edges[i + n].from == edges[i].from; n++) {
			if (violating != (edges[i + n].violated != 0) ||
			    (!violating && edges[i + n].to != edges[i].to))
				break;
		}
		if (!(violating ? draw_violations(p, &edges[i], n) : draw_step(p, &edges[i], n)))
			return false;
	}
	return true;
}

/* What the picture is, what its signs mean, and how much of the space it shows. */
static char *caption(const struct page *p)
{
	const struct space *space = p->space;
	struct text t;

	if (!text_begin(&t))
		return NULL;
	(void)fputs("<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"2\"><TR><TD ALIGN=\"LEFT\"><B>", t.f);
	markup_text(t.f, p->picture->title, strlen(p->picture->title));
	(void)fputs("</B></TD></TR><TR><TD ALIGN=\"LEFT\">", t.f);
	markup_text(t.f, p->picture->system, strlen(p->picture->system));
	(void)fprintf(t.f, "; %llu states, %llu steps</TD></TR>", (unsigned long long)space->states,
	              (unsigned long long)space->transitions);
	if (space->limit)
		(void)fprintf(t.f,
		              "<TR><TD ALIGN=\"LEFT\"><FONT COLOR=\"%s\"><B>not all: %s "
		              "reached</B></FONT></TD></TR>",
		              COLOUR_VIOLATION, space->limit);
	(void)fputs("<TR><TD ALIGN=\"LEFT\"><TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"3\"><TR>"
	            "<TD BORDER=\"0\">FP registers hold data of</TD>",
	            t.f);
	colours_legend(p->world, t.f, p->picture->life);
	(void)fprintf(
	        t.f,
	        "<TD BORDER=\"0\">bold frame: after boot; <FONT COLOR=\"%s\">red: a violation</FONT>; steps "
	        "that stay in a node are not drawn</TD></TR></TABLE></TD></TR></TABLE>",
	        COLOUR_VIOLATION);
	return text_end(&t);
}

static bool draw(struct page *p)
{
	struct drawing_node *legend;
	char *html;

	drawing_set(p->drawing, "fontname", "DejaVu Sans", "bgcolor", COLOUR_PAPER, "rankdir", "TB",
	            "nodesep", "0.35", "ranksep", "0.55", "pad", "0.2", NULL);
	drawing_set_nodes(p->drawing, "shape", "box", "style", "rounded,filled", "fontname", "DejaVu Sans",
	                  "fontsize", "10", "fillcolor", COLOUR_PAPER, "color", COLOUR_LINE, "label", "",
	                  NULL);
	drawing_set_edges(p->drawing, "fontname", "DejaVu Sans", "fontsize", "9", "color", COLOUR_LINE,
	                  "arrowsize", "0.7", "label", "", NULL);
	legend = drawing_add(p->drawing, "legend");
	html = caption(p);
	if (!legend || !html) {
		free(html);
		return false;
	}
	drawing_set_html(p->drawing, legend, html);
	drawing_set_node(p->drawing, legend, "shape", "plain", NULL);
	free(html);
	for (uint32_t i = 0; i < p->space->n_classes; i++) {
		if (!draw_class(p, i))
			return false;
	}
	/* The legend stands above. */
	drawing_join(p->drawing, legend, p->nodes[0], "style", "invis", NULL);
	return draw_edges(p);
}

struct drawing *space_draw(const struct space *space, const struct world *world,
                           const struct space_picture *picture, struct error *e)
{
	struct page p = {.space = space,
	                 .world = world,
	                 .picture = picture,
	                 .drawing = drawing_new(),
	                 .nodes = calloc(space->n_classes + 1, sizeof(struct drawing_node *))};
	bool drawn = p.drawing && p.nodes && draw(&p);

	free(p.nodes);
	if (drawn)
		return p.drawing;
	drawing_free(p.drawing);
	error_set(e, "out of memory for the picture");
	return NULL;
}
