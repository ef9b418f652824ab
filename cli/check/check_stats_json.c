/* SPDX-License-Identifier: MIT */
#include "check_stats.h"
#include "traces/names.h"

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *levels(const struct check_stats *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->n_levels; i++)
		json_array_append_new(array, json_integer((json_int_t)s->levels[i]));
	return array;
}

static json_t *contents(const struct collapsed_counts *c)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		json_object_set_new(object, trace_class_names[i], json_integer(c->contents[i]));
	return object;
}

static json_t *place(const struct code_place *p)
{
	return json_pack("{s:I, s:o, s:i, s:o, s:o}", "pc", (json_int_t)p->pc, "function",
	                 text_or_null(p->function), "offset", (int)p->offset, "file", text_or_null(p->file),
	                 "line", p->file ? json_integer(p->line) : json_null());
}

static json_t *part(const struct code_part *p)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "instructions", (int)p->instructions, "executed",
	                 (int)p->executed, "conditional", (int)p->conditional, "both", (int)p->both);
}

static json_t *coverage(const struct run_stats *stats)
{
	const struct code_coverage *code = &stats->code;
	json_t *gaps, *one_way;

	if (!stats->complete)
		return json_null();
	gaps = json_array();
	one_way = json_array();
	for (size_t i = 0; i < code->n_gaps; i++) {
		json_t *gap = place(&code->gaps[i].place);

		json_object_set_new(gap, "last_line",
		                    code->gaps[i].place.file ? json_integer(code->gaps[i].last_line)
		                                             : json_null());
		json_object_set_new(gap, "whole", json_boolean(code->gaps[i].whole));
		json_object_set_new(gap, "instructions", json_integer(code->gaps[i].instructions));
		json_array_append_new(gaps, gap);
	}
	for (size_t i = 0; i < code->n_one_way; i++) {
		json_t *branch = place(&code->one_way[i].place);

		json_object_set_new(branch, "branches", json_boolean(code->one_way[i].branches));
		json_object_set_new(branch, "outcome",
		                    json_string(code->one_way[i].passed ? "passed" : "failed"));
		json_array_append_new(one_way, branch);
	}
	return json_pack("{s:b, s:o, s:o, s:o, s:o}", "overrides", code->overrides, "variant",
	                 part(&code->variant), "kernel", part(&code->kernel), "never_executed", gaps,
	                 "one_way", one_way);
}

static json_t *ranks(const struct check_stats *s)
{
	if (s->ranks == 0)
		return json_null();
	return json_pack("{s:i, s:I, s:I, s:I, s:I}", "count", (int)s->ranks, "rounds", (json_int_t)s->rounds,
	                 "sent", (json_int_t)s->sent, "asked", (json_int_t)s->asked, "most_states",
	                 (json_int_t)s->most_states);
}

json_t *run_stats_json(const struct run_stats *stats, const struct check_result *r)
{
	const struct check_stats *s = &r->stats;
	const struct collapsed_counts *c = &stats->counts;
	json_t *store = json_pack("{s:I, s:I, s:I, s:I, s:f, s:I}", "set", (json_int_t)s->set_bytes, "tree",
	                          (json_int_t)s->tree_bytes, "frontier", (json_int_t)s->frontier_bytes,
	                          "traces", (json_int_t)s->trace_bytes, "load", s->load, "state",
	                          (json_int_t)stats->state_bytes);
	json_t *steps = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "run", (json_int_t)c->steps_run,
	                          "recalled", (json_int_t)c->steps_recalled, "last_pass",
	                          (json_int_t)stats->made, "instructions", (json_int_t)stats->executed,
	                          "nodes", (json_int_t)c->cache_nodes, "leaves", (json_int_t)c->cache_leaves);

	return json_pack("{s:i, s:o, s:I, s:o, s:o, s:o, s:i, s:i, s:o, s:o}", "restarts", (int)r->restarts,
	                 "levels", levels(s), "widest", (json_int_t)s->widest, "store", store, "steps", steps,
	                 "contents", contents(c), "permutations", (int)c->permutations, "wrong_guesses",
	                 (int)c->wrong_guesses, "coverage", coverage(stats), "ranks", ranks(s));
}
