/* SPDX-License-Identifier: MIT */
/*
 * The JSON document of lazyswitch regress:
 *
 *	version   1
 *	seconds   wall-clock time of everything
 *	summary   { same, changed, incomplete, error: how many of each }
 *	results   one for each line of the expectations files and each trace, in their order:
 *		kind         "expectation" or "trace"
 *		suite        where it stands; "traces" for a trace
 *		name         variant and options, or the trace's file
 *		file, line   where it is written; line is null for a trace
 *		status       "same", "changed", "incomplete" or "error"
 *		expected     as in the file
 *		found        the same, as it would have to be, or null if that is not known
 *		differences  [ { what, command } ]: command shows it, or is null
 *		seconds      wall-clock time of its searches
 *
 * Members may be added; none changes its meaning without a new version.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "regress.h"

/* Names of files can be anything; JSON has only UTF-8. */
static json_t *text(const char *value)
{
	json_t *string = value ? json_string(value) : json_null();

	return string ? string : json_string("(not UTF-8)");
}

static json_t *differences(const struct regress_case *c)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < c->n_differences; i++)
		(void)json_array_append_new(array,
		                            json_pack("{s:o, s:o}", "what", text(c->differences[i].what),
		                                      "command", text(c->differences[i].command)));
	return array;
}

static json_t *result(const struct regress_case *c)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:f}", "kind",
	                 c->row ? "expectation" : "trace", "suite", text(c->suite), "name", text(c->name),
	                 "file", text(c->file), "line", c->row ? json_integer(c->line) : json_null(),
	                 "status", case_status_name(c->status), "expected", text(c->expected), "found",
	                 text(c->found), "differences", differences(c), "seconds", c->seconds);
}

int regress_json(const struct regress *r, double seconds)
{
	json_t *results = json_array(), *document;
	int count[CASE_ERROR + 1] = {0}, status = 0;
	char *out;

	for (size_t i = 0; i < r->n_cases; i++) {
		status |= json_array_append_new(results, result(&r->cases[i]));
		count[r->cases[i].status]++;
	}
	document =
	        json_pack("{s:i, s:f, s:{s:i, s:i, s:i, s:i}, s:o}", "version", 1, "seconds", seconds,
	                  "summary", "same", count[CASE_SAME], "changed", count[CASE_CHANGED], "incomplete",
	                  count[CASE_INCOMPLETE], "error", count[CASE_ERROR], "results", results);
	out = document && status == 0 ? json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;
	if (out)
		(void)puts(out);
	free(out);
	json_decref(document);
	return out ? 0 : -1;
}
