/* SPDX-License-Identifier: MIT */
#include "cost_json.h"

static json_t *row_json(const struct cost_row *row)
{
	json_t *object = json_object();

	if (!row->known) {
		(void)json_object_set_new(object, "error", json_string(row->why.text));
		return object;
	}
	for (unsigned c = 0; c < COST_COUNTERS; c++)
		(void)json_object_set_new(object, cost_counter_names[c], json_integer(row->count[c]));
	return object;
}

json_t *cost_json(const struct cost *cost)
{
	json_t *object = json_object();

	for (unsigned s = 0; s < COST_SCENARIOS; s++)
		(void)json_object_set_new(object, cost_scenario_names[s], row_json(&cost->row[s]));
	return object;
}
