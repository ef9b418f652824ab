/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "regress.h"
#include "report.h"

/* The same that the text output says. */
static char *details(const struct regress_case *c)
{
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (!f)
		return NULL;
	if (c->row)
		(void)fprintf(f, "%s:%u\n", c->file, c->line);
	(void)fprintf(f, "expected: %s\nfound: %s\n", c->expected, c->found ? c->found : "unknown");
	for (unsigned i = 0; i < c->n_differences; i++) {
		(void)fprintf(f, "%s\n", c->differences[i].what);
		if (c->differences[i].command)
			(void)fprintf(f, "    %s\n", c->differences[i].command);
	}
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static enum report_outcome outcome(enum case_status status)
{
	switch (status) {
	case CASE_SAME:
		return REPORT_OK;
	case CASE_CHANGED:
		return REPORT_FAILED;
	case CASE_INCOMPLETE:
		return REPORT_UNFINISHED;
	default:
		return REPORT_ERROR;
	}
}

int regress_report(const struct regress *r)
{
	struct report_case *cases = calloc(r->n_cases + 1, sizeof(*cases));
	char **texts = calloc(r->n_cases + 1, sizeof(*texts));
	int status = cases && texts ? 0 : -1;

	for (size_t i = 0; i < r->n_cases && status == 0; i++) {
		const struct regress_case *c = &r->cases[i];

		texts[i] = details(c);
		if (!texts[i])
			status = -1;
		cases[i] = (struct report_case){
		        .suite = c->suite,
		        .name = c->name,
		        .outcome = outcome(c->status),
		        .message = c->n_differences > 0 ? c->differences[0].what : "as expected",
		        .details = texts[i],
		        .seconds = c->seconds,
		};
	}
	if (status == 0)
		status = r->settings->format == REGRESS_JUNIT
		                 ? report_junit("lazyswitch regress", cases, r->n_cases)
		                 : report_ktap("lazyswitch regress", cases, r->n_cases);
	for (size_t i = 0; texts && i < r->n_cases; i++)
		free(texts[i]);
	free(texts);
	free(cases);
	return status;
}
