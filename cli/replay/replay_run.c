/* SPDX-License-Identifier: MIT */
#include "replay_run.h"

#include <stdio.h>
#include <string.h>

#include "output.h"
#include "session/search.h"
#include "traces/writer.h"

static int read_trace(struct replay_run *run, struct error *e)
{
	if (strcmp(run->file, "-") == 0)
		return trace_read_stream(stdin, "<stdin>", &run->trace, e);
	return trace_read(run->file, &run->trace, e);
}

static int open_variant(struct replay_run *run, const struct replay_settings *s, struct error *e)
{
	const struct trace *t = &run->trace;
	const struct variant_options options = {
	        .endian = t->big_endian ? ENDIAN_BIG : ENDIAN_LITTLE,
	        .uniprocessor = t->config.uniprocessor,
	        .build = &s->build,
	        .say = output_compiler,
	};
	struct error why = {0};

	if (variant_open(&run->variant, s->on ? s->on : t->variant, &options, &why))
		return error_set(e, "%.200s: %.800s", t->name, why.text);
	run->same_image = t->hashed && t->hash == run->variant.hash;
	run->world = world_new(&t->config, run->variant.image, &why);
	return run->world ? 0 : error_set(e, "%.200s: %.800s", t->name, why.text);
}

static enum exit_status outcome_status(enum trace_outcome outcome)
{
	switch (outcome) {
	case TRACE_NO_VIOLATION:
		return STATUS_HOLDS;
	case TRACE_DIVERGED:
		return STATUS_USAGE;
	case TRACE_INCOMPLETE:
		return STATUS_UNFINISHED;
	default:
		return STATUS_VIOLATED;
	}
}

static void fail(struct replay_run *run, enum exit_status status, const struct error *e)
{
	run->status = status;
	run->error = *e;
}

struct trace_header replay_header(const struct replay_run *run)
{
	return (struct trace_header){
	        .variant = run->variant.name,
	        .hash = run->variant.hash,
	        .world = run->world,
	        .property = (enum world_property)run->followed.property,
	        .searched = run->trace.searched,
	        .learnt = run->followed.learnt,
	        .all = run->trace.all,
	        .comment = run->trace.comment,
	};
}

size_t replay_length(const struct replay_run *run)
{
	if (run->minimal)
		return run->followed.steps;
	return run->trace.n_steps + run->followed.steps - run->followed.lines;
}

/* Under the name of the file that was read, so that it can take its place. */
static void write_again(struct replay_run *run, const char *directory)
{
	const struct trace_header header = replay_header(run);
	const char *slash = strrchr(run->file, '/'), *name = slash ? slash + 1 : run->file;
	struct error e;

	if (strcmp(run->file, "-") == 0)
		(void)snprintf(run->trace_file, sizeof(run->trace_file), "%s/%s-%s.trace", directory,
		               run->variant.stem, world_property_names[header.property]);
	else
		(void)snprintf(run->trace_file, sizeof(run->trace_file), "%s/%s", directory, name);
	if (strlen(run->trace_file) + 1 < sizeof(run->trace_file) &&
	    trace_write(directory, run->trace_file, &header, run->story, &e) == 0)
		return;
	if (strlen(run->trace_file) + 1 >= sizeof(run->trace_file))
		error_set(&e, "--trace-out: the name of the directory is too long");
	run->trace_file[0] = '\0';
	fail(run, STATUS_USAGE, &e);
}

static int follow(struct replay_run *run, const struct replay_settings *s, struct error *e)
{
	const struct follow_options options = {
	        .until = s->until, .max_states = s->max_states, .own_image = run->same_image};
	bool fault;

	run->story = search_follow(&run->trace, run->world, &options, &run->followed, &fault, e);
	if (run->story)
		return 0;
	if (fault)
		run->status = STATUS_INTERNAL;
	return -1;
}

void replay_run(struct replay_run *run, const char *file, const struct replay_settings *s)
{
	struct error e = {0};

	*run = (struct replay_run){.file = file, .status = STATUS_USAGE, .asked = s->minimize};
	if (read_trace(run, &e) || open_variant(run, s, &e) || follow(run, s, &e)) {
		fail(run, run->status, &e);
		return;
	}
	run->status = outcome_status(run->followed.outcome);
	if (s->minimize && run->followed.property >= 0 && replay_minimize(run, &e)) {
		fail(run, STATUS_INTERNAL, &e);
		return;
	}
	if (s->n_watches > 0 && !s->step && strcmp(s->watches[0], "help") != 0 &&
	    watches_open(&run->watches, run, s->watches, s->n_watches, &e)) {
		fail(run, STATUS_USAGE, &e);
		return;
	}
	if (run->followed.outcome == TRACE_DIVERGED || run->followed.outcome == TRACE_INCOMPLETE)
		run->error = run->followed.why;
	else if (s->trace_out && run->followed.property >= 0)
		write_again(run, s->trace_out);
}

void replay_run_close(struct replay_run *run)
{
	watches_close(&run->watches);
	story_free(run->story);
	followed_free(&run->followed);
	world_free(run->world);
	variant_close(&run->variant);
	trace_free(&run->trace);
}
