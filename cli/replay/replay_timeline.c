/* SPDX-License-Identifier: MIT */
/* A replay for the timelines of others: --format ftrace, perfetto and trace-dat. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"
#include "replay_run.h"
#include "traces/ftrace/dat.h"
#include "traces/ftrace/print.h"
#include "traces/report/perfetto.h"
#include "traces/write_file.h"

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

struct binary {
	const char *text;
	size_t size;
	unsigned cpus;
	int status;
};

static void write_binary(void *arg, FILE *out)
{
	struct binary *b = arg;

	b->status = dat_write(out, b->text, b->size, b->cpus);
}

/* The same events in the binary form. */
static int print_dat(const struct replay_run *run, const char *output, struct error *e)
{
	const struct followed *f = &run->followed;
	char *text = NULL;
	struct binary b = {.cpus = run->world->config.cpus};
	FILE *memory = open_memstream(&text, &b.size);
	int status;

	if (!memory)
		return error_set(e, "out of memory");
	status = ftrace_print(memory, run->world, f->learnt, f->labels, f->steps, seen_property(run),
	                      run->story, e);
	if (fclose(memory) != 0 && status == 0)
		status = error_set(e, "out of memory");
	b.text = text;
	if (status == 0 && output)
		status = write_file(output, "the trace.dat", write_binary, &b, e);
	else if (status == 0)
		write_binary(&b, stdout);
	free(text);
	return status == 0 && b.status ? error_set(e, "out of memory") : status;
}

enum exit_status replay_timeline(const struct replay_run *run, enum replay_format format, const char *output)
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
	else if (format == REPLAY_DAT)
		failed = print_dat(run, output, &e);
	else
		failed = print_perfetto(run, &e);
	if (!failed)
		return run->status;
	complain("%s: %s", run->file, e.text);
	return format == REPLAY_DAT ? STATUS_USAGE : STATUS_INTERNAL;
}
