/* SPDX-License-Identifier: MIT */
/* A replay for the timelines of others: --format ftrace and perfetto. */
#include <jansson.h>
#include <stdio.h>

#include "output.h"
#include "replay_run.h"
#include "traces/ftrace/print.h"
#include "traces/report/perfetto.h"

/* What the last step violates by itself; a standstill or a livelock is no step's doing. */
static int seen_property(const struct replay_run *run)
{
	const struct followed *f = &run->followed;

	return f->standstill || f->livelock ? -1 : f->property;
}

static int print_perfetto(const struct replay_run *run, struct error *e)
{
	const struct followed *f = &run->followed;
	json_t *document =
	        perfetto_document(run->world, f->learnt, f->labels, f->steps, f->property, run->story, e);
	int failed = document ? json_dumpf(document, stdout, JSON_COMPACT) : 0;

	if (!document)
		return -1;
	json_decref(document);
	(void)putchar('\n');
	return failed && !ferror(stdout) ? error_set(e, "out of memory for the JSON document") : 0;
}

enum exit_status replay_timeline(const struct replay_run *run, enum replay_format format)
{
	const struct followed *f = &run->followed;
	struct error e;
	int failed = 0;

	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
	if (!run->story)
		return run->status;
	if (format == REPLAY_FTRACE)
		failed = ftrace_print(stdout, run->world, f->learnt, f->labels, f->steps, seen_property(run),
		                      run->story, &e);
	else
		failed = print_perfetto(run, &e);
	if (!failed)
		return run->status;
	complain("%s: %s", run->file, e.text);
	return STATUS_INTERNAL;
}
