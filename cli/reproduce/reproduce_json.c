/* SPDX-License-Identifier: MIT */
/*
 * The JSON document of lazyswitch reproduce: { "version": 1, "results": [RESULT...] }. Each RESULT:
 *
 *	trace     the file as given on the command line
 *	variant   what was run; null if it came to nothing
 *	outcome   "observed", "not-observed", "unable", "differs", or "error"
 *	property  the violated property, or null
 *	stops     how many places the cores came to
 *	states    at how many of them board and model were compared, and agreed
 *	sights    [{ step, cpu, text, wrong, violation }...]: what contexts found on the board
 *	message   what went wrong, why it is unable, or how board and model differ; or null
 *
 * Members may be added; none changes its meaning without a new version.
 */
#include <jansson.h>
#include <stdio.h>

#include "reproduce.h"

static json_t *text_or_null(const char *text)
{
	return text && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *sights(const struct board_judgement *j)
{
	json_t *all = json_array();

	for (size_t i = 0; all && i < j->n_sights; i++) {
		const struct board_sight *sight = &j->sights[i];

		if (json_array_append_new(all,
		                          json_pack("{s:I, s:i, s:s, s:b, s:b}", "step",
		                                    (json_int_t)sight->step, "cpu", (int)sight->cpu, "text",
		                                    sight->text, "wrong", (int)sight->wrong, "violation",
		                                    (int)(sight->violates && sight->wrong)))) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

json_t *reproduce_json_new(void)
{
	return json_pack("{s:i, s:[]}", "version", 1, "results");
}

int reproduce_json_add(json_t *document, const struct reproduction *p)
{
	const char *why = p->outcome == REPRODUCE_DIFFERS ? p->judgement.differs : p->error.text;
	int property = p->run.story ? p->run.followed.property : -1;

	return json_array_append_new(
	        json_object_get(document, "results"),
	        json_pack("{s:s, s:o, s:s, s:o, s:I, s:I, s:o, s:o}", "trace", p->run.file, "variant",
	                  text_or_null(p->run.story ? p->run.variant.name : NULL), "outcome",
	                  reproduce_outcome_name(p->outcome), "property",
	                  text_or_null(property < 0 ? NULL : world_property_names[property]), "stops",
	                  (json_int_t)p->judgement.turns, "states", (json_int_t)p->judgement.states, "sights",
	                  sights(&p->judgement), "message", text_or_null(why)));
}

int reproduce_json_print(json_t *document)
{
	int status = json_dumpf(document, stdout, JSON_INDENT(2));

	(void)putchar('\n');
	json_decref(document);
	return status;
}
