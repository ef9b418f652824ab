/* SPDX-License-Identifier: MIT */
/* lazyswitch regress: expectations and traces, run and compared. */
#include "regress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "output.h"
#include "progress.h"
#include "signals.h"

extern const char regress_shipped_begin[], regress_shipped_end[], regress_history_begin[],
        regress_history_end[];

struct embedded_text regress_embedded(const char *suite)
{
	if (suite && strcmp(suite, REGRESS_HISTORY) == 0)
		return (struct embedded_text){"history.expect", regress_history_begin,
		                              (size_t)(regress_history_end - regress_history_begin)};
	return (struct embedded_text){"shipped.expect", regress_shipped_begin,
	                              (size_t)(regress_shipped_end - regress_shipped_begin)};
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void show_progress(void *arg, size_t done, size_t all)
{
	(void)arg;
	(void)fprintf(stderr, "\r\033[K%zu of %zu searches done", done, all);
	if (done == all)
		(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
}

/* The searches, and once more those that tell what is there instead of what is not. */
static int search(struct regress *r, const volatile sig_atomic_t *interrupt, struct error *e)
{
	void (*tick)(void *, size_t, size_t) = progress_wanted() ? show_progress : NULL;
	size_t first = r->jobs.n;

	if (jobs_run(&r->jobs, 0, &r->settings->limits, interrupt, tick, NULL, e) || regress_plan_again(r, e))
		return -1;
	return jobs_run(&r->jobs, first, &r->settings->limits, interrupt, tick, NULL, e);
}

/* What changed in a file of the user's is what shall be expected from now on. */
static int update_file(struct regress *r, const struct expect_file *file, struct error *e)
{
	const struct expect_verdict **found = calloc(file->n_rows + 1, sizeof(*found));
	bool any = false;
	int status = 0;

	if (!found)
		return error_set(e, "out of memory");
	for (size_t i = 0; i < r->n_cases; i++) {
		const struct regress_case *c = &r->cases[i];

		if (c->status == CASE_CHANGED && c->found_known && !c->row->implied && c->row >= file->rows &&
		    c->row < file->rows + file->n_rows) {
			found[c->row - file->rows] = &c->found_verdict;
			any = true;
		}
	}
	if (any)
		status = expect_update(file, found, e);
	free(found);
	return status;
}

static enum exit_status update(struct regress *r)
{
	enum exit_status status = STATUS_HOLDS;
	size_t updated = 0;
	struct error e;

	for (size_t i = 0; i < r->n_files; i++) {
		if (update_file(r, &r->files[i], &e)) {
			complain("%s", e.text);
			return STATUS_USAGE;
		}
	}
	for (size_t i = 0; i < r->n_cases; i++) {
		const struct regress_case *c = &r->cases[i];
		bool written = c->row && !c->row->implied && c->status == CASE_CHANGED && c->found_known;

		updated += written;
		if (!written)
			status = command_worse(status, c->exit);
	}
	if (r->settings->format == REGRESS_TEXT)
		(void)printf("%zu line%s updated\n", updated, updated == 1 ? "" : "s");
	return status;
}

static enum exit_status report(struct regress *r, double seconds)
{
	enum exit_status status = STATUS_HOLDS;
	int printed;

	for (size_t i = 0; i < r->n_cases; i++)
		status = command_worse(status, r->cases[i].exit);
	switch (r->settings->format) {
	case REGRESS_TEXT:
		printed = regress_text(r, seconds);
		break;
	case REGRESS_JSON:
		printed = regress_json(r, seconds);
		break;
	case REGRESS_SARIF:
		printed = regress_sarif(r, status);
		break;
	default:
		printed = regress_report(r);
	}
	if (printed) {
		complain("out of memory for the report");
		return STATUS_INTERNAL;
	}
	return r->settings->update ? update(r) : status;
}

static enum exit_status run(struct regress *r, const struct regress_settings *s)
{
	struct error e = {0};
	double start = now();

	if (regress_plan(r, s, &e)) {
		complain("%s", e.text);
		return STATUS_USAGE;
	}
	if (s->update && r->shipped) {
		complain("the expectations that ship are part of the program: --update needs a file "
		         "(`lazyswitch regress --print' prints them, to begin one)");
		return STATUS_USAGE;
	}
	if (search(r, signals_catch(), &e) || regress_judge(r)) {
		complain("%s", e.text[0] ? e.text : "out of memory");
		return STATUS_INTERNAL;
	}
	return report(r, now() - start);
}

int command_regress(int argc, char **argv)
{
	struct regress_settings settings;
	struct regress r = {0};
	enum exit_status status;
	int parsed = regress_options(argc, argv, &settings);

	if (parsed != 0) {
		status = (enum exit_status)command_parse_status(parsed);
	} else if (settings.print && (settings.n_names > 0 || settings.update ||
	                              (settings.suite && strcmp(settings.suite, REGRESS_HISTORY) != 0))) {
		complain("--print prints all the expectations that ship, or those of --suite %s, and takes "
		         "nothing else",
		         REGRESS_HISTORY);
		status = STATUS_USAGE;
	} else if (settings.print) {
		const struct embedded_text text = regress_embedded(settings.suite);

		(void)fwrite(text.begin, 1, text.bytes, stdout);
		status = STATUS_HOLDS;
	} else {
		status = run(&r, &settings);
	}
	regress_free(&r);
	free(settings.names);
	return (int)status;
}
