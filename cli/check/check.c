/* SPDX-License-Identifier: MIT */
/* lazyswitch check: proves or refutes variants. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_identity.h"
#include "check_report.h"
#include "check_series.h"
#include "checker/checkpoint_file.h"
#include "model/series/series.h"
#include "output.h"
#include "ranks.h"
#include "signals.h"

/* Can trace files be written there, should there be any? Makes nothing. */
static int check_directory(const char *path, struct error *e)
{
	char parent[4096];
	struct stat status;
	size_t n = strlen(path);

	if (n > 2048)
		return error_set(e, "--trace-out: the name of the directory is too long");
	if (stat(path, &status) == 0) {
		if (!S_ISDIR(status.st_mode))
			return error_set(e, "--trace-out: %s is not a directory", path);
		if (access(path, W_OK | X_OK) != 0)
			return error_set(e, "--trace-out: %s: %s", path, strerror(errno));
		return 0;
	}
	if (errno != ENOENT)
		return error_set(e, "--trace-out: %s: %s", path, strerror(errno));
	memcpy(parent, path, n + 1);
	while (n > 0 && parent[n - 1] == '/')
		n--;
	while (n > 0 && parent[n - 1] != '/')
		n--;
	memcpy(parent + n, ".", 2); /* "a/b/." */
	if (access(parent, W_OK | X_OK) != 0)
		return error_set(e, "--trace-out: %s cannot be made: %s", path, strerror(errno));
	return 0;
}

/* Two images of one name would write to the same trace file. */
static int check_stems(const struct check_run *runs, size_t n, struct error *e)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (strcmp(runs[i].variant.stem, runs[j].variant.stem) == 0 &&
			    strcmp(runs[i].variant.name, runs[j].variant.name) != 0)
				return error_set(e,
				                 "--trace-out: traces of %s and %s would go to the same file",
				                 runs[j].variant.name, runs[i].variant.name);
		}
	}
	return 0;
}

static void warn(void *arg, const char *text)
{
	(void)arg;
	complain("warning: %s", text);
}

/* Can it be gone on from here, and saved there? */
static int check_checkpoints(const struct check_settings *s, struct check_run *run, struct error *e)
{
	struct checkpoint_writer *w;
	char difference[700], *there;
	int status = 0;

	if (s->resume) {
		there = checkpoint_identity(s->resume, e);
		if (!there)
			return -1;
		if (checkpoint_difference(there, run->identity, difference, sizeof(difference)))
			status = error_set(e, "%s %s", s->resume, difference);
		free(there);
		if (status)
			return status;
	}
	if (!ranks_speaks())
		return 0;
	w = checkpoint_create(s->checkpoint, run->identity, e);
	checkpoint_abandon(w);
	return w ? 0 : -1;
}

/* Reads the patches, and decides whether each of them is to be checked. */
static int read_patches(struct check_settings *s, struct series *series, struct error *e)
{
	*series = (struct series){0};
	if (s->search.build.n_patches > 0 && variant_series(&s->search.build, series, e))
		return -1;
	for (size_t i = 0; i < series->n_notes; i++)
		warn(NULL, series->notes[i]);
	if (s->each_said == EACH_ON && s->search.build.n_patches == 0)
		return error_set(e, "--each-patch says how patches are checked, but there is no --patch");
	s->each = s->each_said == EACH_ON ||
	          (s->each_said == EACH_UNSAID && series->n > (s->format == FORMAT_MAIL ? 0 : 1));
	if (s->each && s->checkpoint)
		return error_set(e,
		                 "a checkpoint is of one search, and each of %zu patches is checked: add "
		                 "--each-patch off",
		                 series->n);
	return 0;
}

/* Everything that can be wrong is found before anything runs. *n says how many runs there are to close. */
static int open_all(const struct check_settings *s, const struct series *series, struct check_run *runs,
                    size_t *n)
{
	struct error e;

	if (ranks() && (s->search.cycles || s->search.store != CHECK_STORE_EXACT)) {
		complain("%s is for one process: such a search cannot be distributed",
		         s->search.cycles ? "--cycles" : "--store bitstate");
		return -1;
	}
	if (s->trace_out && check_directory(s->trace_out, &e)) {
		complain("%s", e.text);
		return -1;
	}
	for (size_t i = 0; i < s->n_names; i++) {
		size_t first = *n;

		if (check_series_open(runs, n, s->names[i], s, s->search.build.n_patches > 0 ? series : NULL,
		                      &e)) {
			complain("%s", e.text);
			return -1;
		}
		for (size_t k = first; k < *n; k++) {
			/* Of a series the whole is looked at. */
			if (runs[k].world && (!s->each || k + 1 == *n))
				variant_warnings(&runs[k].variant, s->search.config.uniprocessor, warn, NULL);
			if ((s->checkpoint || ranks()) && runs[k].world &&
			    !(runs[k].identity = check_identity(&runs[k], s, &e))) {
				complain("%s", e.text);
				return -1;
			}
		}
	}
	if ((s->trace_out && check_stems(runs, *n, &e)) ||
	    (s->checkpoint && check_checkpoints(s, &runs[0], &e))) {
		complain("%s", e.text);
		return -1;
	}
	return 0;
}

static void warn_of_run(void *arg, const char *text)
{
	const struct check_run *run = arg;

	complain("warning: %s: %s", run->label, text);
}

/* What there is to print when all are finished. */
static int print_end(const struct check_settings *s, const struct check_run *runs, size_t n,
                     enum exit_status status)
{
	switch (s->format) {
	case FORMAT_TEXT:
		check_text_end(s, runs, n);
		return 0;
	case FORMAT_JSON:
		return check_json(s, runs, n);
	case FORMAT_SARIF:
		return check_sarif(runs, n, status);
	case FORMAT_MAIL:
		check_mail(s, runs, n);
		return 0;
	default:
		return check_report(s, runs, n);
	}
}

static enum exit_status run_all(const struct check_settings *s, struct check_run *runs, size_t n)
{
	enum exit_status status = STATUS_HOLDS;
	bool terminal = progress_wanted() && ranks_speaks();
	const volatile sig_atomic_t *interrupted = signals_catch();

	if (s->format == FORMAT_TEXT)
		check_text_begin(s, runs, n);
	for (size_t i = 0; i < n; i++) {
		struct progress progress = {.variant = runs[i].label};
		const struct check_run *same = check_series_same(runs, i);

		if (same)
			check_run_share(&runs[i], same);
		else if (runs[i].world)
			check_run(&runs[i], s, terminal ? &progress : NULL, interrupted);
		progress_erase(&progress);
		status = command_worse(status, check_series_status(&runs[i]));
		if (s->format == FORMAT_TEXT)
			check_text_row(&runs[i]);
		else if (runs[i].error.text[0] != '\0')
			complain("%s: %s", runs[i].label, runs[i].error.text);
		check_run_warnings(&runs[i], warn_of_run, &runs[i]);
	}
	if (print_end(s, runs, n, status) == 0)
		return status;
	complain("out of memory for the report");
	return STATUS_INTERNAL;
}

static enum exit_status check_all(struct check_settings *s)
{
	enum exit_status status = STATUS_USAGE;
	struct check_run *runs = NULL;
	struct series series;
	struct error e;
	size_t n = 0;

	if (read_patches(s, &series, &e))
		complain("%s", e.text);
	else if (!(runs = calloc(s->n_names * (series.n + 1), sizeof(*runs))))
		complain("out of memory");
	if (ranks_all(runs && open_all(s, &series, runs, &n) == 0))
		status = run_all(s, runs, n);
	for (size_t i = 0; i < n; i++)
		check_run_close(&runs[i]);
	free(runs);
	series_free(&series);
	return status;
}

int command_check(int argc, char **argv)
{
	struct check_settings settings;
	int parsed = check_options(argc, argv, &settings);
	enum exit_status status;

	if (parsed == 0) {
		status = check_all(&settings);
	} else {
		status = (enum exit_status)command_parse_status(parsed);
		(void)ranks_all(false); /* others may have understood theirs */
	}
	free(settings.names);
	return (int)status;
}
