/* SPDX-License-Identifier: MIT */
/* Costs in JSON documents. */
#ifndef LAZYSWITCH_CLI_COST_JSON_H
#define LAZYSWITCH_CLI_COST_JSON_H

#include <jansson.h>

#include "sim/cost.h"

/*
 * { SCENARIO: { COUNTER: number, ... }, ... }, names as in cost_scenario_names and cost_counter_names; a
 * scenario that does not come to its end is { "error": what happened instead }. A new reference, or NULL when
 * out of memory.
 */
json_t *cost_json(const struct cost *cost);

#endif
