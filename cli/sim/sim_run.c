/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "output.h"
#include "sim.h"
#include "traces/writer.h"

struct patience {
	const volatile sig_atomic_t *interrupted;
	double until; /* 0: for ever */
};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool is_over(void *arg)
{
	const struct patience *p = arg;

	return *p->interrupted != 0 || (p->until > 0 && now() >= p->until);
}

static int open_variant(struct sim_run *run, const struct sim_settings *s, struct error *e)
{
	const struct variant_options options = {
	        .endian = s->search.endian,
	        .uniprocessor = s->search.config.uniprocessor,
	        .build = &s->search.build,
	        .say = output_compiler,
	};
	struct error why;

	if (variant_open(&run->variant, run->name, &options, e))
		return -1;
	run->world = world_new(&s->search.config, run->variant.image, &why);
	if (run->world)
		return 0;
	return run->variant.shipped ? error_set(e, "%s", why.text)
	                            : error_set(e, "%s: %.900s", run->name, why.text);
}

static int write_trace(struct sim_run *run, const struct sim_settings *s, struct error *e)
{
	const struct trace_header header = {
	        .variant = run->variant.name,
	        .hash = run->variant.hash,
	        .world = run->world,
	        .property = (enum world_property)run->walks.property,
	        .searched = s->search.properties,
	        .learnt = run->walks.learnt,
	};
	int n = snprintf(run->trace_file, sizeof(run->trace_file), "%s/%s-%s-sim.trace", s->trace_out,
	                 run->variant.stem, world_property_names[run->walks.property]);

	if (n < (int)sizeof(run->trace_file) &&
	    trace_write(s->trace_out, run->trace_file, &header, run->story, e) == 0)
		return 0;
	if (n >= (int)sizeof(run->trace_file))
		error_set(e, "--trace-out: the name of the directory is too long");
	run->trace_file[0] = '\0';
	return -1;
}

/* A violation counts only if it happens again on another machine. */
static void confirm(struct sim_run *run, const struct sim_settings *s)
{
	const struct walk_result *w = &run->walks;
	struct error e;

	run->story = story_record(run->world, w->learnt, w->labels, w->length, w->length,
	                          (enum world_property)w->property, &e);
	if (!run->story) {
		run->status = STATUS_INTERNAL;
		error_set(&run->error,
		          "internal fault: a violation of %s was seen, but does not replay: %.800s",
		          world_property_names[w->property], e.text);
		return;
	}
	run->status = STATUS_VIOLATED;
	if (s->trace_out && write_trace(run, s, &e)) {
		run->status = STATUS_USAGE;
		run->error = e;
	}
}

void sim_run(struct sim_run *run, const char *name, const struct sim_settings *s,
             const volatile sig_atomic_t *interrupted)
{
	struct patience patience = {interrupted, s->search.timeout > 0 ? now() + s->search.timeout : 0};
	const struct walk_options options = {
	        .workload = s->workload ? &s->weights : NULL,
	        .seed = s->seed,
	        .steps = s->steps,
	        .walk_steps = s->walk_steps,
	        .properties = s->compare ? 0 : s->search.properties,
	        .stop = is_over,
	        .stop_arg = &patience,
	};

	*run = (struct sim_run){.name = name, .status = STATUS_USAGE, .walks.property = -1};
	if (open_variant(run, s, &run->error))
		return;
	if (walk_run(run->world, &options, &run->walks, &run->error)) {
		run->status = run->variant.shipped ? STATUS_INTERNAL : STATUS_USAGE;
		return;
	}
	run->status = run->walks.stopped ? STATUS_UNFINISHED : STATUS_HOLDS;
	if (run->walks.property >= 0)
		confirm(run, s);
}

void sim_run_close(struct sim_run *run)
{
	story_free(run->story);
	walk_free(&run->walks);
	world_free(run->world);
	variant_close(&run->variant);
}
