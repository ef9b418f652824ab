/* SPDX-License-Identifier: MIT */
#include "drawing.h"

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>
#include <stdarg.h>
#include <stdlib.h>

const char *const drawing_format_names[DRAWING_FORMATS + 1] = {"dot", "svg", "png", "pdf", NULL};

struct drawing {
	Agraph_t *graph;
};

/* Graphviz takes strings that it does not change as char *. */
static char *plain(const char *text)
{
	union {
		const char *in;
		char *out;
	} u = {.in = text};

	return u.out;
}

struct drawing *drawing_new(void)
{
	struct drawing *d = calloc(1, sizeof(*d));

	if (d)
		d->graph = agopen(plain("picture"), Agdirected, NULL);
	if (d && d->graph)
		return d;
	free(d);
	return NULL;
}

void drawing_free(struct drawing *d)
{
	if (d)
		(void)agclose(d->graph);
	free(d);
}

static void set_all(void *object, va_list pairs)
{
	const char *name, *value;

	while ((name = va_arg(pairs, const char *)) != NULL) {
		value = va_arg(pairs, const char *);
		(void)agsafeset(object, plain(name), plain(value), plain(""));
	}
}

static void set_defaults(struct drawing *d, int kind, va_list pairs)
{
	const char *name, *value;

	while ((name = va_arg(pairs, const char *)) != NULL) {
		value = va_arg(pairs, const char *);
		(void)agattr(d->graph, kind, plain(name), plain(value));
	}
}

void drawing_set(struct drawing *d, ...)
{
	va_list pairs;

	va_start(pairs, d);
	set_defaults(d, AGRAPH, pairs);
	va_end(pairs);
}

void drawing_set_nodes(struct drawing *d, ...)
{
	va_list pairs;

	va_start(pairs, d);
	set_defaults(d, AGNODE, pairs);
	va_end(pairs);
}

void drawing_set_edges(struct drawing *d, ...)
{
	va_list pairs;

	va_start(pairs, d);
	set_defaults(d, AGEDGE, pairs);
	va_end(pairs);
}

static Agnode_t *inside(struct drawing_node *node)
{
	return (Agnode_t *)(void *)node;
}

void drawing_set_node(struct drawing *d, struct drawing_node *node, ...)
{
	va_list pairs;

	(void)d;
	va_start(pairs, node);
	set_all(inside(node), pairs);
	va_end(pairs);
}

struct drawing_node *drawing_add(struct drawing *d, const char *name)
{
	return (struct drawing_node *)(void *)agnode(d->graph, plain(name), 1);
}

void drawing_join(struct drawing *d, struct drawing_node *from, struct drawing_node *to, ...)
{
	Agedge_t *edge = agedge(d->graph, inside(from), inside(to), NULL, 1);
	va_list pairs;

	va_start(pairs, to);
	set_all(edge, pairs);
	va_end(pairs);
}

void drawing_set_html(struct drawing *d, struct drawing_node *node, const char *html)
{
	char *label = agstrdup_html(d->graph, plain(html));

	(void)agsafeset(inside(node), plain("label"), label, plain(""));
	(void)agstrfree(d->graph, label);
}

void drawing_escape(FILE *f, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '"')
			(void)fputc('\\', f);
		(void)fputc((unsigned char)*text < ' ' ? ' ' : *text, f);
	}
}

/* What Graphviz says goes nowhere: who asked gets an error, or sees that the stream has one. */
/* NOLINTNEXTLINE(readability-non-const-parameter): Graphviz says so */
static int say_nothing(char *text)
{
	(void)text;
	return 0;
}

static int lay_out_and_render(struct drawing *d, enum drawing_format format, FILE *f, struct error *e)
{
	GVC_t *gvc = gvContext();
	int status = 0;

	if (!gvc)
		return error_set(e, "Graphviz does not start");
	(void)agseterrf(say_nothing);
	if (gvLayout(gvc, d->graph, "dot"))
		status = error_set(e, "Graphviz cannot lay out the picture");
	else if (gvRender(gvc, d->graph, drawing_format_names[format], f))
		status = error_set(e, "Graphviz cannot write %s: is its plugin installed?",
		                   drawing_format_names[format]);
	(void)gvFreeLayout(gvc, d->graph);
	(void)gvFreeContext(gvc);
	return status;
}

int drawing_render(struct drawing *d, enum drawing_format format, FILE *f, struct error *e)
{
	if (format != DRAWING_DOT)
		return lay_out_and_render(d, format, f, e);
	/* Not laid out: a text that is the same everywhere. */
	(void)agwrite(d->graph, f); /* what fails is the stream */
	return 0;
}
