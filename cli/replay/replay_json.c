/* SPDX-License-Identifier: MIT */
/*
 * The JSON document of lazyswitch replay: { "version": 1, "results": [RESULT...] }. Each RESULT:
 *
 *	trace             the file as given on the command line
 *	variant           what it was replayed on; null if it came to nothing
 *	outcome           "reproduced", "other-violation", "no-violation", "diverged", "incomplete", or "error"
 *	property          the violated property, or null
 *	same_image        is the image the one that the trace was written with? null if that is not known
 *	as_seen           reproduced: was the same thing seen by the same CPU at the same place? otherwise null
 *	steps             the steps that were made, one string each, as in trace files; or null
 *	loop              reproduced: the first of these, counted from 0, that are repeated for ever; otherwise null
 *	violation         as in the document of lazyswitch check
 *	filled            how many of the steps are not in the trace: they were filled in, or searched for
 *	states            how many states were seen in the search for open steps, or null
 *	minimized         with --minimize: { left_out, simplified, tried, complete }; or null
 *	dropped_closings  how many of the places where steps end are not in the image
 *	line, column      diverged: of the step that is not possible; otherwise null
 *	watches           with --watch: [{ expression, values: [[step, value]...] }...], of steps behind which it changed, 0 being boot;
 *	                  or null
 *	message           what went wrong, or why it diverged; or null
 *	trace_file        where the trace was written again, or null
 *
 * Members may be added; none changes its meaning without a new version.
 */
#include <jansson.h>
#include <stdio.h>

#include "replay_run.h"
#include "story_json.h"

static json_t *text_or_null(const char *text)
{
	return text && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *number_or_null(unsigned number)
{
	return number > 0 ? json_integer(number) : json_null();
}

static json_t *minimized(const struct replay_run *run)
{
	const struct minimized *m = &run->minimized;

	if (!run->minimal)
		return json_null();
	return json_pack("{s:I, s:I, s:I, s:b}", "left_out", (json_int_t)m->left_out, "simplified",
	                 (json_int_t)m->simplified, "tried", (json_int_t)m->tried, "complete",
	                 (int)m->complete);
}

static json_t *result(const struct replay_run *run)
{
	const struct followed *f = &run->followed;
	bool reproduced = run->story && f->outcome == TRACE_REPRODUCED;

	return json_pack(
	        "{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}",
	        "trace", run->file, "variant", text_or_null(run->story ? run->variant.name : NULL), "outcome",
	        run->story ? trace_outcome_name(f->outcome) : "error", "property",
	        text_or_null(run->story && f->property >= 0 ? world_property_names[f->property] : NULL),
	        "same_image", run->story && run->trace.hashed ? json_boolean(run->same_image) : json_null(),
	        "as_seen",
	        reproduced ? json_boolean(followed_as_seen(&run->trace, run->variant.image, f)) : json_null(),
	        "steps", story_json_steps(run->story), "loop",
	        run->story && f->livelock ? json_integer((json_int_t)f->loop) : json_null(), "violation",
	        story_json_violation(run->story, run->story ? f->property : -1, run->variant.image), "filled",
	        (json_int_t)(f->steps - f->lines), "states",
	        f->states > 0 ? json_integer((json_int_t)f->states) : json_null(), "minimized",
	        minimized(run), "dropped_closings", (json_int_t)f->dropped_closings, "line",
	        number_or_null(f->line), "column", number_or_null(f->column), "watches",
	        run->watches.n > 0 ? watches_json(&run->watches) : json_null(), "message",
	        text_or_null(run->error.text), "trace_file", text_or_null(run->trace_file));
}

struct json_t *replay_json_new(void)
{
	return json_pack("{s:i, s:[]}", "version", 1, "results");
}

int replay_json_add(struct json_t *document, const struct replay_run *run)
{
	return json_array_append_new(json_object_get(document, "results"), result(run));
}

int replay_json_print(struct json_t *document)
{
	char *text = json_dumps(document, JSON_INDENT(2));

	if (text)
		(void)puts(text);
	free(text);
	json_decref(document);
	return text ? 0 : -1;
}
