/* SPDX-License-Identifier: MIT */
/*
 * The JSON document of lazyswitch sim: { "version": 1, "workload": NAME or null, "seed", "results": [RESULT...] }. Each RESULT:
 *
 *	variant, steps, walks
 *	outcome       "violation", "none seen", "stopped", "error"
 *	property      the violated one, or null
 *	length        steps of the walk that violates it, or null
 *	steps_of_it   these, one string each, as in trace files; or null
 *	trace_file    where it was written, or null
 *	message       what went wrong, or null
 *	exits, load_puts, crashes
 *	cost          { world-switch, load-put, host }: each { counter: how often }
 *
 * Members may be added; none changes its meaning without a new version.
 */
#include "sim.h"
#include "story_json.h"

static json_t *costs(const struct walk_result *w)
{
	static const char *const places[WALK_PLACES] = {
	        [WALK_WORLD_SWITCH] = "world-switch", [WALK_LOAD_PUT] = "load-put", [WALK_HOST] = "host"};
	json_t *all = json_object();

	for (unsigned place = 0; place < WALK_PLACES; place++) {
		json_t *counters = json_object();

		for (unsigned i = 0; i < COST_COUNTERS; i++)
			(void)json_object_set_new(counters, cost_counter_names[i],
			                          json_integer((json_int_t)w->tally[place].count[i]));
		(void)json_object_set_new(all, places[place], counters);
	}
	return all;
}

static json_t *result(const struct sim_run *run)
{
	const struct walk_result *w = &run->walks;
	bool violated = run->story;

	return json_pack("{s:s, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o}", "variant",
	                 run->name, "steps", (json_int_t)w->steps, "walks", (json_int_t)w->walks, "outcome",
	                 violated                     ? "violation"
	                 : run->error.text[0] != '\0' ? "error"
	                 : w->stopped                 ? "stopped"
	                                              : "none seen",
	                 "property", violated ? json_string(world_property_names[w->property]) : json_null(),
	                 "length", violated ? json_integer((json_int_t)w->length) : json_null(),
	                 "steps_of_it", story_json_steps(run->story), "trace_file",
	                 run->trace_file[0] != '\0' ? json_string(run->trace_file) : json_null(), "message",
	                 run->error.text[0] != '\0' ? json_string(run->error.text) : json_null(), "exits",
	                 (json_int_t)w->exits, "load_puts", (json_int_t)w->loads_puts, "crashes",
	                 (json_int_t)w->crashes, "cost", costs(w));
}

json_t *sim_json(const struct sim_run *runs, size_t n, const struct sim_settings *s)
{
	json_t *results = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(results, result(&runs[i]));
	return json_pack("{s:i, s:o, s:I, s:o}", "version", 1, "workload",
	                 s->workload ? json_string(s->workload) : json_null(), "seed", (json_int_t)s->seed,
	                 "results", results);
}
