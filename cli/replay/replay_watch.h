/* SPDX-License-Identifier: MIT */
/* The values of readers' expressions at every step of a replay. */
#ifndef LAZYSWITCH_CLI_REPLAY_WATCH_H
#define LAZYSWITCH_CLI_REPLAY_WATCH_H

#include <jansson.h>
#include <stdio.h>

#include "traces/expression.h"

struct watches {
	struct columns columns; /* of the run */
	struct expression **expressions;
	size_t n, steps;
};

struct replay_run;

/* Records the fields of a run, and parses texts[0] to texts[n - 1]. Returns 0, or -1 with `e` filled in; to be closed in both cases. */
int watches_open(struct watches *w, const struct replay_run *run, const char **texts, size_t n,
                 struct error *e);
void watches_close(struct watches *w);

/* The fields behind a step; 0: behind boot. */
static inline char (*watches_row(const struct watches *w, size_t step))[COLUMN_TEXT]
{
	return &w->columns.values[step * w->columns.n];
}

/* One more. Returns 0, or -1 with `e` filled in. */
int watches_add(struct watches *w, const char *text, struct error *e);

/* Names and meanings of the fields that contain `word`. */
void watches_list_fields(const struct columns *columns, const char *word, FILE *out);

/* Each expression, with the steps behind which its value has changed. */
void watches_print(const struct watches *w, FILE *out);
/* An array of { expression, values: [[step, value]...] }; NULL when out of memory. */
json_t *watches_json(const struct watches *w);

#endif
