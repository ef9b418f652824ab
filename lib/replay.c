/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "private.h"
#include "session/search.h"

/* A trace on its way. */
struct run {
	struct trace trace;
	struct variant variant;
	struct world *world;
	struct followed followed;
	struct story *story;
};

static const enum lazyswitch_outcome outcomes[] = {
        [TRACE_REPRODUCED] = LAZYSWITCH_REPRODUCED,     [TRACE_OTHER_VIOLATION] = LAZYSWITCH_OTHER_VIOLATION,
        [TRACE_NO_VIOLATION] = LAZYSWITCH_NO_VIOLATION, [TRACE_DIVERGED] = LAZYSWITCH_DIVERGED,
        [TRACE_INCOMPLETE] = LAZYSWITCH_OPEN,
};

static int follow(struct run *run, const char *on, const struct lazyswitch_settings *s, struct error *e)
{
	const struct trace *t = &run->trace;
	const struct variant_options options = {
	        .endian = t->big_endian ? ENDIAN_BIG : ENDIAN_LITTLE,
	        .uniprocessor = t->config.uniprocessor,
	};
	struct follow_options how = {0};
	struct error why = {0};
	bool fault;

	if (lib_variant_open(&run->variant, on ? on : t->variant, options, s, &why))
		return error_set(e, "%.200s: %.800s", t->name, why.text);
	run->world = world_new(&t->config, run->variant.image, &why);
	if (!run->world)
		return error_set(e, "%.200s: %.800s", t->name, why.text);
	how.own_image = t->hashed && t->hash == run->variant.hash;
	run->story = search_follow(t, run->world, &how, &run->followed, &fault, e);
	return run->story ? 0 : -1;
}

static int conclude(const struct run *run, struct lazyswitch_replay *replay, struct error *e)
{
	const struct followed *f = &run->followed;

	*replay = (struct lazyswitch_replay){
	        .outcome = outcomes[f->outcome],
	        .property = f->property < 0 ? NULL : world_property_names[f->property],
	        .steps = f->steps,
	};
	if (f->outcome == TRACE_DIVERGED || f->outcome == TRACE_INCOMPLETE) {
		replay->line = f->line;
		(void)snprintf(replay->why, sizeof(replay->why), "%s", f->why.text);
	}
	replay->story = story_text(run->story);
	return replay->story ? 0 : error_set(e, "out of memory");
}

static void drop(struct run *run)
{
	story_free(run->story);
	followed_free(&run->followed);
	world_free(run->world);
	variant_close(&run->variant);
	trace_free(&run->trace);
}

int lazyswitch_replay(const char *name, const char *bytes, size_t size, const char *on,
                      const struct lazyswitch_settings *s, struct lazyswitch_replay *replay,
                      struct lazyswitch_error *e)
{
	struct run run = {0};
	struct error why = {0};
	int status;

	if (!name || !replay)
		return lib_error(e, "a replay needs the name of a trace, and a place for its result");
	status =
	        bytes ? trace_parse(name, bytes, size, &run.trace, &why) : trace_read(name, &run.trace, &why);
	if (status == 0) {
		status = follow(&run, on, s, &why);
		if (status == 0)
			status = conclude(&run, replay, &why);
		drop(&run);
	}
	return status ? lib_fail(e, &why) : 0;
}

void lazyswitch_replay_free(struct lazyswitch_replay *replay)
{
	if (!replay)
		return;
	free(replay->story);
	replay->story = NULL;
}
