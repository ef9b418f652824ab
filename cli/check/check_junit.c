/* SPDX-License-Identifier: MIT */
/* lazyswitch check as JUnit's XML and as KTAP: a variant is a test. */
#include <stdio.h>
#include <stdlib.h>

#include "check_report.h"
#include "report.h"

static enum report_outcome outcome(enum check_verdict verdict)
{
	switch (verdict) {
	case CHECK_PASS:
		return REPORT_OK;
	case CHECK_FAIL:
		return REPORT_FAILED;
	case CHECK_INCOMPLETE:
		return REPORT_UNFINISHED;
	default:
		return REPORT_ERROR;
	}
}

/* One line; NULL when out of memory. */
static char *message(const struct check_run *run)
{
	const struct check_result *r = &run->result;
	size_t bytes = sizeof(run->error.text) + 64;
	char *text = malloc(bytes), reason[128];

	if (!text)
		return NULL;
	if (r->verdict == CHECK_FAIL && run->causes.n > 0)
		(void)snprintf(text, bytes, "%zu causes%s%s; violates %s, after %u steps", run->causes.n,
		               r->reason ? ", perhaps more: " : "", r->reason ? r->reason : "",
		               world_property_names[r->property], r->depth);
	else if (r->verdict == CHECK_FAIL)
		(void)snprintf(text, bytes, "violates %s, after %u steps", world_property_names[r->property],
		               r->depth);
	else
		(void)snprintf(text, bytes, "%s",
		               r->verdict == CHECK_INCOMPLETE ? check_run_reason(run, reason, sizeof(reason))
		                                              : run->error.text);
	return text;
}

/* The counterexample, or one for each cause, as in the text output. */
static char *story(const struct check_run *run)
{
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (!f)
		return NULL;
	if (run->story)
		story_print(run->story, f);
	if (run->causes.n > 0)
		check_text_causes(run, f);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

static void print_warning(void *f, const char *text)
{
	(void)fprintf(f, "warning: %s\n", text);
}

/* Lines; NULL when out of memory. */
static char *note(const struct check_run *run)
{
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (!f)
		return NULL;
	check_run_warnings(run, print_warning, f);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

int check_report(const struct check_settings *s, const struct check_run *runs, size_t n)
{
	struct report_case *cases = calloc(n + 1, sizeof(*cases));
	char **texts = calloc(3 * n + 1, sizeof(*texts));
	int status = cases && texts ? 0 : -1;

	for (size_t i = 0; i < n && status == 0; i++) {
		texts[3 * i] = message(&runs[i]);
		texts[3 * i + 1] = story(&runs[i]);
		texts[3 * i + 2] = note(&runs[i]);
		if (!texts[3 * i] || !texts[3 * i + 1] || !texts[3 * i + 2])
			status = -1;
		cases[i] = (struct report_case){
		        .suite = "",
		        .name = runs[i].variant.name,
		        .outcome = outcome(runs[i].result.verdict),
		        .message = texts[3 * i],
		        .details = texts[3 * i + 1],
		        .note = texts[3 * i + 2],
		        .seconds = runs[i].result.seconds,
		};
	}
	if (status == 0)
		status = s->format == FORMAT_JUNIT ? report_junit("lazyswitch check", cases, n)
		                                   : report_ktap("lazyswitch check", cases, n);
	for (size_t i = 0; texts && i < 3 * n; i++)
		free(texts[i]);
	free(texts);
	free(cases);
	return status;
}
