/* SPDX-License-Identifier: MIT */
/* lazyswitch replay --minimize. */
#include <stdio.h>
#include <stdlib.h>

#include "replay_run.h"
#include "traces/writer.h"

/* The run as a trace that leaves nothing to be filled in. */
static int exact_trace(const struct replay_run *run, struct trace *t, struct error *e)
{
	const struct trace_header header = replay_header(run);
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int status;

	if (!f)
		return error_set(e, "out of memory");
	trace_print(f, &header, run->story);
	status = fclose(f) == 0 ? trace_parse(run->trace.name, text, size, t, e)
	                        : error_set(e, "out of memory");
	free(text);
	return status;
}

int replay_minimize(struct replay_run *run, struct error *e)
{
	struct followed shorter;
	struct story *story;
	struct trace exact;
	int status;

	if (exact_trace(run, &exact, e))
		return -1;
	status = trace_minimize(&exact, run->world, &shorter, &run->minimized, e);
	trace_free(&exact);
	if (status)
		return -1;
	shorter.outcome = run->followed.outcome;
	shorter.dropped_closings = run->followed.dropped_closings;
	shorter.states = run->followed.states;
	story = story_record(run->world, shorter.learnt, shorter.labels, shorter.steps, shorter.loop,
	                     (enum world_property)shorter.property, e);
	if (!story) {
		followed_free(&shorter);
		return -1;
	}
	story_free(run->story);
	followed_free(&run->followed);
	run->story = story;
	run->followed = shorter;
	run->minimal = true;
	return 0;
}
