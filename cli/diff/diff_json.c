/* SPDX-License-Identifier: MIT */
/*
 * The JSON document of lazyswitch diff:
 *
 *	version   1
 *	variants  [ A, B ]
 *	config    { cpus, vms, vcpus, threads, endian, smp, max_states }
 *	equal     are all verdicts equal, as far as they are known?
 *	complete  are all known?
 *	verdicts  [ { event, property, verdicts: [ A's, B's ], lengths: [ A's, B's ] } ]: a verdict is "holds",
 *	            "violated" or "unknown"; a length is that of the shortest trace, or null
 *	witnesses [ { property, event, violated_by, trace, violation, other } ]: the shortest traces that one variant
 *	            survives and the other does not; trace and violation as in `check`; other: what the survivor does
 *	            on the same schedule, { outcome, steps, message }, outcome as in `replay`
 *	cost      [ A's, B's ], as in `cost`
 *
 * Members may be added; none changes its meaning without a new version.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cost_json.h"
#include "diff.h"
#include "story_json.h"

static json_t *config(const struct search_settings *s)
{
	const struct world_config *c = &s->config;

	return json_pack("{s:i, s:i, s:i, s:i, s:s, s:b, s:o}", "cpus", (int)c->cpus, "vms", (int)c->vms,
	                 "vcpus", (int)c->vcpus, "threads", (int)c->threads, "endian",
	                 s->endian == ENDIAN_BIG ? "big" : "little", "smp", !c->uniprocessor, "max_states",
	                 s->max_states > 0 ? json_integer((json_int_t)s->max_states) : json_null());
}

static const char *verdict_name(enum diff_verdict verdict)
{
	return verdict == DIFF_HOLDS ? "holds" : verdict == DIFF_VIOLATED ? "violated" : "unknown";
}

static json_t *length(const struct diff *d, const struct diff_row *row, unsigned side, unsigned property)
{
	if (diff_verdict(d, row, side, property) != DIFF_VIOLATED)
		return json_null();
	return json_integer((json_int_t)diff_run(d, row, side, property)->result.trace_length);
}

static json_t *verdicts(const struct diff *d)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < d->n_rows; i++) {
		const struct diff_row *row = &d->row[i];

		for (unsigned p = 0; p < PROPERTIES; p++) {
			if ((d->settings->search.properties >> p & 1) == 0)
				continue;
			(void)json_array_append_new(
			        array, json_pack("{s:s, s:s, s:[s, s], s:[o, o]}", "event", diff_event(row),
			                         "property", world_property_names[p], "verdicts",
			                         verdict_name(diff_verdict(d, row, 0, p)),
			                         verdict_name(diff_verdict(d, row, 1, p)), "lengths",
			                         length(d, row, 0, p), length(d, row, 1, p)));
		}
	}
	return array;
}

static json_t *other(const struct diff_witness *w)
{
	const struct followed *f = &w->follow;

	if (!w->followed)
		return json_pack("{s:n, s:n, s:s}", "outcome", "steps", "message", w->why.text);
	return json_pack("{s:s, s:I, s:s}", "outcome", trace_outcome_name(f->outcome), "steps",
	                 (json_int_t)f->steps, "message",
	                 f->outcome == TRACE_DIVERGED       ? diff_why(f)
	                 : f->outcome == TRACE_NO_VIOLATION ? "nothing is violated"
	                                                    : f->violation.text);
}

static json_t *witnesses(const struct diff *d)
{
	json_t *array = json_array();

	for (unsigned p = 0; p < PROPERTIES; p++) {
		for (unsigned side = 0; side < 2; side++) {
			const struct diff_witness *w = &d->witness[side][p];
			const struct check_run *run;

			if (w->row < 0)
				continue;
			run = diff_run(d, &d->row[w->row], side, p);
			(void)json_array_append_new(
			        array,
			        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "property",
			                  world_property_names[p], "event", diff_event(&d->row[w->row]),
			                  "violated_by", d->settings->names[side], "trace",
			                  story_json_steps(run->story), "violation",
			                  story_json_violation(run->story, (int)p, run->variant.image),
			                  "other", other(w)));
		}
	}
	return array;
}

int diff_json(const struct diff *d)
{
	json_t *document = json_pack("{s:i, s:[s, s], s:o, s:b, s:b, s:o, s:o, s:[o, o]}", "version", 1,
	                             "variants", d->settings->names[0], d->settings->names[1], "config",
	                             config(&d->settings->search), "equal", !d->differ, "complete",
	                             !d->unknown, "verdicts", verdicts(d), "witnesses", witnesses(d), "cost",
	                             cost_json(&d->cost[0]), cost_json(&d->cost[1]));
	char *out = document ? json_dumps(document, JSON_INDENT(2)) : NULL;

	if (out)
		(void)puts(out);
	free(out);
	json_decref(document);
	return out ? 0 : -1;
}
