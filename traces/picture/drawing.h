/* SPDX-License-Identifier: MIT */
/* Pictures made of nodes and edges, laid out and rendered by Graphviz. Nobody else includes its headers. */
#ifndef LAZYSWITCH_TRACES_PICTURE_DRAWING_H
#define LAZYSWITCH_TRACES_PICTURE_DRAWING_H

#include <stdio.h>

#include "model/error.h"

struct drawing;
struct drawing_node; /* as long as the drawing */

enum drawing_format { DRAWING_DOT, DRAWING_SVG, DRAWING_PNG, DRAWING_PDF, DRAWING_FORMATS };
extern const char *const drawing_format_names[DRAWING_FORMATS + 1]; /* also the files' endings; then NULL */

/* An empty one. Returns NULL when out of memory. */
struct drawing *drawing_new(void);
void drawing_free(struct drawing *d);

/*
 * Attributes as in the DOT language, as pairs of name and value, then NULL: of the picture, of all nodes, of all edges, of one
 * node. Values are text, whatever is in them; in labels \n and the like mean what they mean to Graphviz (drawing_escape()).
 */
void drawing_set(struct drawing *d, ...) __attribute__((sentinel));
void drawing_set_nodes(struct drawing *d, ...) __attribute__((sentinel));
void drawing_set_edges(struct drawing *d, ...) __attribute__((sentinel));
void drawing_set_node(struct drawing *d, struct drawing_node *node, ...) __attribute__((sentinel));

/* Names are not shown. */
struct drawing_node *drawing_add(struct drawing *d, const char *name);
/* An edge, with attributes as above. */
void drawing_join(struct drawing *d, struct drawing_node *from, struct drawing_node *to, ...)
        __attribute__((sentinel));

/* A label in Graphviz' HTML-like language; what is not meant to be markup is escaped: markup_text(). */
void drawing_set_html(struct drawing *d, struct drawing_node *node, const char *html);

/* Text for an ordinary label. */
void drawing_escape(FILE *f, const char *text);

/* Returns 0, or -1 with `e` filled in. Whether it arrives is the stream's business. */
int drawing_render(struct drawing *d, enum drawing_format format, FILE *f, struct error *e);

#endif
