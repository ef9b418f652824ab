/* SPDX-License-Identifier: MIT */
/* lazyswitch replay --on all: which variants does this schedule break? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/images/images.h"
#include "output.h"
#include "replay_run.h"

struct row {
	const char *variant;
	char result[48];
	char steps[48];
	char *detail;
	bool violated, held;
};

/* "FILE:LINE:COLUMN: why" as "line LINE: why". */
static void set_reason(const struct replay_run *run, char *buf, size_t size)
{
	const char *text = run->error.text, *name = run->trace.name;

	if (run->story && strncmp(text, name, strlen(name)) == 0)
		(void)snprintf(buf, size, "line %u%s", run->followed.line,
		               text + strlen(name) + strcspn(text + strlen(name), " ") - 1);
	else
		(void)snprintf(buf, size, "%s", text);
}

static int fill_in(struct row *row, const struct replay_run *run)
{
	const struct followed *f = &run->followed;
	const char *detail = "";
	char why[sizeof(run->error.text)];

	row->violated = run->story && f->property >= 0;
	row->held = run->story && f->outcome == TRACE_NO_VIOLATION;
	set_reason(run, why, sizeof(why));
	if (!run->story || f->outcome == TRACE_DIVERGED || f->outcome == TRACE_INCOMPLETE)
		detail = why;
	else if (f->standstill || f->livelock)
		detail = f->standstill ? "a standstill" : "steps that can be repeated for ever";
	else if (row->violated)
		detail = f->violation.text;
	if (row->violated)
		(void)snprintf(row->result, sizeof(row->result), "violates %s",
		               world_property_names[f->property]);
	else
		(void)snprintf(row->result, sizeof(row->result), "%s",
		               !run->story ? "error"
		               : row->held ? "no violation"
		                           : trace_outcome_name(f->outcome));
	if (run->story)
		(void)snprintf(row->steps, sizeof(row->steps), "%zu/%zu", f->steps, replay_length(run));
	row->detail = strdup(detail);
	return row->detail ? 0 : -1;
}

static void print_names(const char *what, const struct row *rows, size_t n, bool violated)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += violated ? rows[i].violated : rows[i].held;
	(void)printf("%s %zu of %zu", what, count, n);
	count = 0;
	for (size_t i = 0; i < n; i++) {
		if (violated ? rows[i].violated : rows[i].held)
			(void)printf("%s %s", count++ == 0 ? ":" : ",", rows[i].variant);
	}
	(void)putchar('\n');
}

static void print_table(const char *file, const struct row *rows, size_t n)
{
	(void)printf("%s, on every variant that ships:\n\n%-14s  %-23s  %7s  %s\n", file, "variant",
	             "outcome", "steps", "what happened");
	for (size_t i = 0; i < n; i++)
		(void)printf("%-14s  %-23s  %7s%s%s\n", rows[i].variant, rows[i].result, rows[i].steps,
		             rows[i].detail[0] != '\0' ? "  " : "", rows[i].detail);
	(void)putchar('\n');
	print_names("breaks", rows, n, true);
	print_names("no violation on", rows, n, false);
}

enum exit_status replay_on_all(const char *file, const struct replay_settings *settings,
                               struct json_t *document)
{
	enum exit_status status = STATUS_HOLDS;
	const struct shipped_variant *variants;
	struct replay_settings on = *settings;
	struct replay_run *run = calloc(1, sizeof(*run));
	struct row *rows;
	size_t n;

	variants = shipped_variants(&n);
	rows = calloc(n, sizeof(*rows));
	if (!run || !rows)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		on.on = rows[i].variant = variants[i].name;
		replay_run(run, file, &on);
		if (run->trace.name == NULL) { /* it cannot be read, and so on any other */
			complain("%s", run->error.text);
			replay_run_close(run);
			free(run);
			free(rows);
			return STATUS_USAGE;
		}
		/* A schedule that is not possible elsewhere is a result, not a mistake. */
		if (run->story && run->followed.outcome == TRACE_DIVERGED)
			run->status = STATUS_HOLDS;
		status = command_worse(status, run->status);
		if (fill_in(&rows[i], run) || (document && replay_json_add(document, run)))
			status = STATUS_INTERNAL;
		replay_run_close(run);
	}
	if (!run || !rows || status == STATUS_INTERNAL)
		complain("%s: out of memory, or an internal fault", file);
	else if (!document)
		print_table(file, rows, n);
	for (size_t i = 0; i < n; i++)
		free(rows[i].detail);
	free(rows);
	free(run);
	return run && rows ? status : STATUS_INTERNAL;
}
