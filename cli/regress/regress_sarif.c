/* SPDX-License-Identifier: MIT */
/* lazyswitch regress as SARIF: what is not as expected is a result, at the line that expects it. */
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "regress.h"
#include "sarif.h"

static void sentence(const struct regress_case *c, char *buf, size_t size)
{
	(void)snprintf(buf, size, "%s: %s; expected: %s, found: %s", c->name,
	               c->n_differences > 0 ? c->differences[0].what : case_status_name(c->status),
	               c->expected, c->found ? c->found : "unknown");
}

static json_t *place(const struct regress_case *c)
{
	return sarif_location(c->row ? c->file : c->name, (int)c->line, NULL, NULL);
}

static json_t *fingerprint(const struct regress_case *c)
{
	char text[1024], hex[24];

	(void)snprintf(text, sizeof(text), "%s|%s|%s", c->suite, c->name, c->expected);
	(void)snprintf(hex, sizeof(hex), "%016llx", (unsigned long long)XXH3_64bits(text, strlen(text)));
	return json_pack("{s:s}", "lazyswitchExpectation/v1", hex);
}

int regress_sarif(const struct regress *r, enum exit_status status)
{
	struct sarif sarif = sarif_begin("lazyswitch regress");
	char text[2048];

	(void)json_array_append_new(
	        sarif.rules, sarif_rule("unexpected", "A variant or a trace is not as it is expected to be.",
	                                "If the change is meant, `lazyswitch regress --update' rewrites the "
	                                "expectation."));
	for (size_t i = 0; i < r->n_cases; i++) {
		const struct regress_case *c = &r->cases[i];

		if (c->status == CASE_SAME)
			continue;
		sentence(c, text, sizeof(text));
		if (c->status == CASE_CHANGED)
			(void)json_array_append_new(sarif.results,
			                            json_pack("{s:s, s:i, s:s, s:s, s:o, s:[o], s:o}",
			                                      "ruleId", "unexpected", "ruleIndex", 0, "kind",
			                                      "fail", "level", "error", "message",
			                                      sarif_message(text), "locations", place(c),
			                                      "partialFingerprints", fingerprint(c)));
		else if (c->status == CASE_INCOMPLETE)
			sarif_notify(&sarif, "incomplete", "warning", text, place(c));
		else
			sarif_notify(&sarif, "error", "error", text, place(c));
	}
	sarif.properties = json_pack("{s:I}", "cases", (json_int_t)r->n_cases);
	return sarif_end(&sarif, status);
}
