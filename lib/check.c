/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/world/collapsed.h"
#include "private.h"
#include "session/causes.h"
#include "session/search.h"
#include "traces/writer.h"

/* A check in progress. */
struct check {
	const struct lazyswitch_system *system;
	const struct lazyswitch_watcher *watcher;
	struct check_result found;
	volatile sig_atomic_t stop; /* the caller has had enough */
};

static void report_progress(void *arg, const struct check_progress *p)
{
	struct check *check = arg;
	const struct lazyswitch_progress progress = {
	        .states = p->states,
	        .expanded = p->expanded,
	        .transitions = p->transitions,
	        .depth = p->depth,
	        .memory = p->memory,
	        .seconds = p->seconds,
	};

	if (check->watcher->progress(check->watcher->arg, &progress) != 0)
		check->stop = 1;
}

/* Hands out what was found and confirmed. */
static int tell_violation(const struct check *check, const struct learnt *learnt,
                          enum world_property property, const struct story *story, struct error *e)
{
	const struct lazyswitch_system *system = check->system;
	const struct trace_header header = {
	        .variant = system->variant.name,
	        .hash = system->variant.hash,
	        .world = system->world,
	        .property = property,
	        .searched = system->search.properties,
	        .learnt = learnt,
	        .all = system->all,
	};
	char *told, *trace;
	int status = -1;

	if (!check->watcher->violation)
		return 0;
	told = story_text(story);
	trace = trace_text(&header, story);
	if (told && trace) {
		const struct lazyswitch_violation violation = {
		        .property = world_property_names[property],
		        .steps = story_steps(story),
		        .story = told,
		        .trace = trace,
		};

		check->watcher->violation(check->watcher->arg, &violation);
		status = 0;
	} else {
		error_set(e, "out of memory");
	}
	free(told);
	free(trace);
	return status;
}

static int confirm_one(struct check *check, const struct learnt *learnt, struct lazyswitch_result *result,
                       struct error *e)
{
	struct story *story = search_confirm(check->system->world, learnt, &check->found, e);
	int status;

	if (!story)
		return -1;
	result->property = world_property_names[check->found.property];
	result->violations = 1;
	status = tell_violation(check, learnt, (enum world_property)check->found.property, story, e);
	story_free(story);
	return status;
}

static int confirm_all(struct check *check, const struct learnt *learnt, struct lazyswitch_result *result,
                       struct error *e)
{
	struct causes causes = {0};
	int status = causes_collect(&causes, check->system->world, learnt, &check->found, e);

	for (size_t i = 0; status == 0 && i < causes.n; i++)
		status = tell_violation(check, learnt, causes.list[i].property, causes.list[i].story, e);
	if (status == 0 && causes.n > 0)
		result->property = world_property_names[causes.list[0].property];
	result->violations = causes.n;
	causes_free(&causes);
	return status;
}

static void warn_vacuous(const struct lazyswitch_system *system, const struct coverage *coverage)
{
	struct vacuity vacuous[VACUITIES_MAX];
	unsigned n;

	if (!system->message)
		return;
	n = vacuity_find(&system->search.config, coverage, system->search.properties, vacuous);
	search_warn_vacuous(&system->search.config, vacuous, n, system->message, system->message_arg);
}

/* What was found becomes the result: nothing is reported that is not confirmed. */
static int conclude(struct check *check, const struct collapsed *collapsed, struct lazyswitch_result *result,
                    struct error *e)
{
	const struct learnt *learnt = collapsed_learnt(collapsed);
	const struct check_result *found = &check->found;
	char reason[sizeof(result->reason)];
	const char *text = search_reason(found, reason, sizeof(reason));

	*result = (struct lazyswitch_result){
	        .states = found->states,
	        .transitions = found->transitions,
	        .depth = found->depth,
	        .seconds = found->seconds,
	        .memory = found->memory,
	};
	if (text)
		(void)snprintf(result->reason, sizeof(result->reason), "%s", text);
	switch (found->verdict) {
	case CHECK_PASS:
		result->verdict = LAZYSWITCH_PASS;
		warn_vacuous(check->system, collapsed_coverage(collapsed));
		return 0;
	case CHECK_INCOMPLETE:
		result->verdict = LAZYSWITCH_INCOMPLETE;
		return 0;
	case CHECK_FAIL:
		result->verdict = LAZYSWITCH_FAIL;
		return found->n_findings > 0 ? confirm_all(check, learnt, result, e)
		                             : confirm_one(check, learnt, result, e);
	default:
		return -1;
	}
}

static int run(struct check *check, struct lazyswitch_result *result, struct error *e)
{
	const struct search_settings *s = &check->system->search;
	const struct check_options options = {
	        .properties = s->properties,
	        .max_states = s->max_states,
	        .max_memory = s->max_memory,
	        .timeout = s->timeout,
	        .threads = s->threads,
	        .max_depth = s->max_depth,
	        .store = s->store,
	        .all = check->system->all,
	        .progress = check->watcher->progress ? report_progress : NULL,
	        .progress_arg = check,
	        .interrupt = &check->stop,
	};
	struct collapsed *collapsed =
	        collapsed_new(check->system->world, &(struct collapsed_options){.symmetry = s->symmetry}, e);
	const struct model *model;
	int status;

	if (!collapsed) {
		*result = (struct lazyswitch_result){.verdict = LAZYSWITCH_INCOMPLETE};
		(void)snprintf(result->reason, sizeof(result->reason), "%s", CHECK_REASON_NO_MEMORY);
		return 0;
	}
	model = collapsed_model(collapsed);
	search_run(model, s->cycles ? model : NULL, &options, &check->found, e);
	status = conclude(check, collapsed, result, e);
	check_result_free(&check->found);
	collapsed_free(collapsed);
	return status;
}

int lazyswitch_check(const struct lazyswitch_system *system, const struct lazyswitch_watcher *watcher,
                     struct lazyswitch_result *result, struct lazyswitch_error *e)
{
	static const struct lazyswitch_watcher nobody;
	struct check check = {.system = system, .watcher = watcher ? watcher : &nobody};
	struct error why = {0};

	if (!system || !result)
		return lib_error(e, "a check needs a system, and a place for its result");
	return run(&check, result, &why) ? lib_fail(e, &why) : 0;
}
