/* SPDX-License-Identifier: MIT */
/* lazyswitch check as JUnit's XML and as KTAP: a variant is a test. */
#include <stdio.h>
#include <stdlib.h>

#include "check_report.h"
#include "check_series.h"
#include "model/series/series.h"
#include "report.h"

static enum report_outcome outcome(const struct check_run *run)
{
	/* The base is no test of the patches. */
	if (run->result.verdict != CHECK_PASS && check_series_status(run) == STATUS_HOLDS)
		return REPORT_OK;
	switch (run->result.verdict) {
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
	size_t bytes = sizeof(run->error.text) + sizeof(run->variant.complaint) + 64;
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
		(void)snprintf(text, bytes, "%s%s%s", run->variant.complaint,
		               run->variant.complaint[0] ? "; " : "",
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

/* "2/3 Test the byte"; NULL when out of memory. */
static char *name(const struct check_run *run)
{
	const struct series_patch *patch = run->prefix.each ? check_series_patch(run) : NULL;
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (!f)
		return NULL;
	if (patch)
		(void)fprintf(f, "%zu/%zu %s", run->prefix.n, run->prefix.series->n, patch->title);
	else
		(void)fputs(run->prefix.each ? "base" : run->variant.name, f);
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
	if (run->result.verdict != CHECK_PASS && outcome(run) == REPORT_OK) {
		char *why = message(run);

		(void)fprintf(f, "the base, which the patches are not to blame for: %s\n", why ? why : "");
		free(why);
	}
	if (run->same)
		(void)fprintf(f, "the same code as %s\n", run->same->label);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

enum { MESSAGE, STORY, NOTE, NAME, TEXTS }; /* of a run */

int check_report(const struct check_settings *s, const struct check_run *runs, size_t n)
{
	struct report_case *cases = calloc(n + 1, sizeof(*cases));
	char **texts = calloc(TEXTS * n + 1, sizeof(*texts));
	int status = cases && texts ? 0 : -1;

	for (size_t i = 0; i < n && status == 0; i++) {
		char **of = texts + TEXTS * i;

		of[MESSAGE] = message(&runs[i]);
		of[STORY] = story(&runs[i]);
		of[NOTE] = note(&runs[i]);
		of[NAME] = name(&runs[i]);
		if (!of[MESSAGE] || !of[STORY] || !of[NOTE] || !of[NAME])
			status = -1;
		cases[i] = (struct report_case){
		        .suite = runs[i].prefix.each ? runs[i].variant.name : "",
		        .name = of[NAME],
		        .outcome = outcome(&runs[i]),
		        .message = of[MESSAGE],
		        .details = of[STORY],
		        .note = of[NOTE],
		        .seconds = runs[i].result.seconds,
		};
	}
	if (status == 0)
		status = s->format == FORMAT_JUNIT ? report_junit("lazyswitch check", cases, n)
		                                   : report_ktap("lazyswitch check", cases, n);
	for (size_t i = 0; texts && i < TEXTS * n; i++)
		free(texts[i]);
	free(texts);
	free(cases);
	return status;
}
