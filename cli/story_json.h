/* SPDX-License-Identifier: MIT */
/* A story in JSON, the same in every document that has one. */
#ifndef LAZYSWITCH_CLI_STORY_JSON_H
#define LAZYSWITCH_CLI_STORY_JSON_H

#include <jansson.h>

#include "traces/story.h"

/* The steps, one string each, as in trace files; null for no story. */
json_t *story_json_steps(const struct story *story);

/*
 * { property, observer: what was seen, or null for a deadlock, pc: address, symbol: "symbol+0x1c", file, line
 * }, each null if unknown; null for no story, or a property < 0.
 */
json_t *story_json_violation(const struct story *story, int property, const struct image *image);

#endif
