/* SPDX-License-Identifier: MIT */
/* What `lazyswitch graph` is asked for. */
#ifndef LAZYSWITCH_CLI_GRAPH_H
#define LAZYSWITCH_CLI_GRAPH_H

#include "command.h"
#include "search_options.h"
#include "traces/picture/drawing.h"

enum graph_kind { GRAPH_MACHINE, GRAPH_TRACE, GRAPH_SPACE };

struct graph_settings {
	struct search_settings search;
	int kind;            /* enum graph_kind; -1: not said */
	const char *name;    /* the variant, or the trace */
	const char *output;  /* NULL: standard output */
	int format;          /* enum drawing_format; -1: by the name of the output */
	const char *on, *by; /* of trace and space; NULL: not said */
	size_t until;        /* of trace; 0: to the end */
	uint64_t max_nodes;  /* 0: not said */
};

/* A picture, or NULL with `e` filled in; *status is STATUS_UNFINISHED if not all is in the picture. */
struct drawing *graph_trace(const struct graph_settings *s, enum exit_status *status, struct error *e);
struct drawing *graph_space(const struct graph_settings *s, enum exit_status *status, struct error *e);

#endif
