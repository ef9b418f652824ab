/* SPDX-License-Identifier: MIT */
#include "replay_watch.h"

#include <stdlib.h>
#include <string.h>

#include "replay_run.h"

int watches_add(struct watches *w, const char *text, struct error *e)
{
	struct expression **larger = realloc(w->expressions, (w->n + 1) * sizeof(struct expression *));
	struct error why;

	if (!larger)
		return error_set(e, "out of memory");
	w->expressions = larger;
	w->expressions[w->n] = expression_parse(text, &w->columns, &why);
	if (!w->expressions[w->n])
		return error_set(e, "'%.100s', %.300s", text, why.text);
	w->n++;
	return 0;
}

int watches_open(struct watches *w, const struct replay_run *run, const char **texts, size_t n,
                 struct error *e)
{
	const struct followed *f = &run->followed;
	struct error why;

	*w = (struct watches){.steps = f->steps};
	if (columns_record(&w->columns, run->world, f->learnt, f->labels, f->steps, f->property, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (watches_add(w, texts[i], &why))
			return error_set(e, "--watch %.600s (--watch help lists the fields)", why.text);
	}
	return 0;
}

void watches_close(struct watches *w)
{
	for (size_t i = 0; i < w->n; i++)
		expression_free(w->expressions[i]);
	free(w->expressions);
	columns_free(&w->columns);
	*w = (struct watches){0};
}

void watches_list_fields(const struct columns *columns, const char *word, FILE *out)
{
	for (size_t i = 0; i < columns->n; i++) {
		const struct column *c = &columns->column[i];

		if (strstr(c->name, word))
			(void)fprintf(out, "%-24s %s\n", c->name, c->label);
	}
}

/* Calls a function for boot and each step behind which the value is another one. */
static void each_change(const struct watches *w, const struct expression *x,
                        void (*change)(void *arg, size_t step, const char *value), void *arg)
{
	char before[COLUMN_TEXT] = "", now[COLUMN_TEXT];

	for (size_t step = 0; step <= w->steps; step++) {
		(void)expression_value(x, watches_row(w, step), now);
		if (step == 0 || strcmp(before, now) != 0)
			change(arg, step, now);
		memcpy(before, now, sizeof(before));
	}
}

static void print_change(void *arg, size_t step, const char *value)
{
	if (step == 0)
		(void)fprintf(arg, "  after boot   %s\n", value);
	else
		(void)fprintf(arg, "  step %-7zu %s\n", step, value);
}

void watches_print(const struct watches *w, FILE *out)
{
	for (size_t i = 0; i < w->n; i++) {
		(void)fprintf(out, "\n%s\n", expression_text(w->expressions[i]));
		each_change(w, w->expressions[i], print_change, out);
	}
}

static void add_change(void *arg, size_t step, const char *value)
{
	json_t **values = arg;

	if (*values && json_array_append_new(*values, json_pack("[I, s]", (json_int_t)step, value)) != 0) {
		json_decref(*values);
		*values = NULL;
	}
}

json_t *watches_json(const struct watches *w)
{
	json_t *all = json_array();

	for (size_t i = 0; all && i < w->n; i++) {
		json_t *values = json_array();

		each_change(w, w->expressions[i], add_change, &values);
		if (json_array_append_new(all, json_pack("{s:s, s:o}", "expression",
		                                         expression_text(w->expressions[i]), "values",
		                                         values)) != 0) {
			json_decref(all);
			all = NULL;
		}
	}
	return all;
}
