/* SPDX-License-Identifier: MIT */
#include "check_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/distributed/distributed.h"
#include "model/world/collapsed.h"
#include "output.h"
#include "ranks.h"
#include "session/search.h"
#include "traces/writer.h"

static int open_world(struct check_run *run, const char *name, const struct check_settings *s,
                      struct error *e)
{
	const struct variant_options options = {
	        .endian = s->search.endian,
	        .uniprocessor = s->search.config.uniprocessor,
	        .build = &s->search.build,
	        .series = run->prefix.series,
	        .n_patches = run->prefix.n,
	        .partial = run->prefix.each,
	        .say = output_compiler,
	};
	struct error why = {0};

	if (variant_open(&run->variant, name, &options, e))
		return -1;
	run->world = world_new(&s->search.config, run->variant.image, &why);
	if (run->world)
		return 0;
	variant_close(&run->variant);
	/* What a shipped image and the world disagree on is the configuration: the file is not to blame. */
	return run->variant.shipped ? error_set(e, "%s", why.text)
	                            : error_set(e, "%s: %.900s", name, why.text);
}

int check_run_open(struct check_run *run, const char *name, const struct check_settings *s, struct error *e)
{
	return check_run_open_prefix(run, name, s, &(struct prefix){0}, e);
}

/* Two prefixes write two traces. */
static void set_label(struct check_run *run, const char *name)
{
	const struct prefix *p = &run->prefix;
	size_t n = strlen(run->variant.stem);

	if (!p->each || p->n == 0) {
		(void)snprintf(run->label, sizeof(run->label), "%s", name);
		return;
	}
	(void)snprintf(run->label, sizeof(run->label), "%.150s + %zu/%zu", name, p->n, p->series->n);
	(void)snprintf(run->variant.stem + n, sizeof(run->variant.stem) - n, "+%zu", p->n);
}

int check_run_open_prefix(struct check_run *run, const char *name, const struct check_settings *s,
                          const struct prefix *prefix, struct error *e)
{
	int status;

	*run = (struct check_run){.result = {.property = -1}, .prefix = *prefix};
	status = open_world(run, name, s, e);
	set_label(run, name);
	if (status == 0 || !prefix->each)
		return status;
	run->error = *e;
	run->result.verdict = CHECK_ERROR;
	run->status = STATUS_USAGE;
	return 0;
}

void check_run_share(struct check_run *run, const struct check_run *same)
{
	const struct check_result *r = &same->result;

	run->same = same;
	run->status = same->status;
	run->result = (struct check_result){.verdict = r->verdict,
	                                    .property = r->property,
	                                    .states = r->states,
	                                    .transitions = r->transitions,
	                                    .depth = r->depth,
	                                    .omission = r->omission,
	                                    .reason = r->reason};
}

void check_run_close(struct check_run *run)
{
	free(run->identity);
	free(run->trace_text);
	free(run->trace_file);
	story_free(run->story);
	causes_free(&run->causes);
	check_result_free(&run->result);
	world_free(run->world);
	variant_close(&run->variant);
	run_stats_free(run->stats);
	run->stats = NULL;
	run->identity = NULL;
	run->trace_text = NULL;
	run->trace_file = NULL;
	run->story = NULL;
	run->world = NULL;
}

static enum exit_status verdict_status(const struct check_run *run)
{
	switch (run->result.verdict) {
	case CHECK_PASS:
		return STATUS_HOLDS;
	case CHECK_FAIL:
		return STATUS_VIOLATED;
	case CHECK_INCOMPLETE:
		return STATUS_UNFINISHED;
	default:
		/* The shipped images are ours; whatever else is wrong with an image is bad input. */
		return run->variant.shipped && !run->result.not_resumed ? STATUS_INTERNAL : STATUS_USAGE;
	}
}

static void fail(struct check_run *run, enum exit_status status)
{
	run->result.verdict = CHECK_ERROR;
	run->result.property = -1;
	run->status = status;
}

static struct trace_header header(const struct check_run *run, const struct check_settings *s,
                                  enum world_property property, const struct learnt *learnt)
{
	return (struct trace_header){
	        .variant = run->variant.name,
	        .hash = run->variant.hash,
	        .world = run->world,
	        .property = property,
	        .searched = s->search.properties,
	        .learnt = learnt,
	        .all = s->all,
	};
}

/* The text of the trace file, for whoever wants to follow it elsewhere. */
static void keep_trace(struct check_run *run, const struct check_settings *s, const struct learnt *learnt)
{
	const struct trace_header h = header(run, s, (enum world_property)run->result.property, learnt);

	run->trace_text = trace_text(&h, run->story);
	run->trace_bytes = run->trace_text ? strlen(run->trace_text) : 0;
}

/* `number`: of the cause, if there are several. Returns the name of the file, or NULL; the caller frees it. */
static char *write_trace(struct check_run *run, const struct check_settings *s, enum world_property property,
                         const struct story *story, const char *number, const struct learnt *learnt)
{
	const struct trace_header h = header(run, s, property, learnt);
	char path[4096];
	struct error e;

	(void)snprintf(path, sizeof(path), "%s/%s-%s%s.trace", s->trace_out, run->variant.stem,
	               world_property_names[property], number);
	if (trace_write(s->trace_out, path, &h, story, &e) == 0)
		return strdup(path);
	/* The verdict stands; that the trace is missing is what the caller must learn. */
	run->error = e;
	run->status = STATUS_USAGE;
	return NULL;
}

/* A counterexample is reported only if it happens on the machine itself, too. */
static void confirm(struct check_run *run, const struct check_settings *s, const struct learnt *learnt)
{
	struct error none;

	run->story = search_confirm(run->world, learnt, &run->result, &run->error);
	if (!run->story) {
		fail(run, STATUS_INTERNAL);
		return;
	}
	/* A livelock is nobody's in particular. */
	if (culprit_find(run->world, learnt, run->result.trace, run->result.trace_length,
	                 run->result.property, &run->culprit, &none))
		run->culprit = (struct culprit){0};
	if (s->trace_out && ranks_speaks())
		run->trace_file = write_trace(run, s, (enum world_property)run->result.property, run->story,
		                              "", learnt);
	if (s->keep_trace)
		keep_trace(run, s, learnt);
}

/* The same for all that was found. */
static void confirm_all(struct check_run *run, const struct check_settings *s, const struct learnt *learnt)
{
	struct error e;
	char number[24];

	if (causes_collect(&run->causes, run->world, learnt, &run->result, &e)) {
		error_set(&run->error,
		          "internal fault: a counterexample was found, but does not replay: %.800s", e.text);
		fail(run, STATUS_INTERNAL);
		return;
	}
	for (size_t i = 0; s->trace_out && ranks_speaks() && i < run->causes.n; i++) {
		(void)snprintf(number, sizeof(number), "-%zu", i + 1);
		run->causes.list[i].trace_file = write_trace(run, s, run->causes.list[i].property,
		                                             run->causes.list[i].story, number, learnt);
	}
}

/* By all processes that there are. */
static void search(struct check_run *run, const struct model *model, const struct model *cycles,
                   const struct check_options *options)
{
	if (!ranks()) {
		search_run(model, cycles, options, &run->result, &run->error);
		return;
	}
	(void)check_distributed(model, options, ranks(), &run->result, &run->error);
	if (run->result.apart)
		ranks_are_apart();
}

/* Statistics are not worth a verdict: without memory there are none. */
static void keep_stats(struct check_run *run, const struct check_settings *s, struct collapsed *collapsed)
{
	struct error e;

	/* Whatever was begun has come to its end, and nothing was left out. */
	run->stats = run_stats_new(&run->variant, s->search.config.uniprocessor, collapsed,
	                           run->result.verdict == CHECK_PASS || (run->result.verdict == CHECK_FAIL &&
	                                                                 s->all && !run->result.reason),
	                           &e);
	if (!run->stats)
		complain("%s: no statistics: %s", run->label, e.text);
}

/* It is not searched. */
static void leave_out(struct check_run *run, const char *reason)
{
	run->result.verdict = CHECK_INCOMPLETE;
	run->result.reason = reason;
	run->status = STATUS_UNFINISHED;
}

void check_run(struct check_run *run, const struct check_settings *s, struct progress *progress,
               const volatile sig_atomic_t *interrupt)
{
	const struct check_options options = {
	        .properties = s->search.properties,
	        .max_states = s->search.max_states,
	        .max_memory = s->search.max_memory,
	        .timeout = s->search.timeout,
	        .threads = s->search.threads,
	        .max_depth = s->search.max_depth,
	        .store = s->search.store,
	        .all = s->all,
	        .checkpoint = s->checkpoint,
	        .checkpoint_every = s->checkpoint_every,
	        .resume = s->resume,
	        .identity = run->identity,
	        .progress = progress ? progress_show : NULL,
	        .progress_arg = progress,
	        .interrupt = interrupt,
	};
	struct collapsed *collapsed;
	struct verify *verify = NULL;

	/* A signal need not reach all ranks, nor at once: all begin, or none. */
	if (!ranks_all(!*interrupt)) {
		leave_out(run, ranks_apart() ? CHECK_REASON_RANK_LOST : CHECK_REASON_INTERRUPTED);
		return;
	}
	collapsed = collapsed_new(run->world, &(struct collapsed_options){.symmetry = s->search.symmetry},
	                          &run->error);
	if (collapsed && s->verify)
		verify = verify_new(run->world, collapsed, collapsed_model(collapsed), VERIFY_ALL,
		                    &run->error);
	if (!ranks_all(collapsed && (verify || !s->verify))) {
		verify_free(verify);
		collapsed_free(collapsed);
		leave_out(run, ranks_apart() ? CHECK_REASON_RANK_LOST : CHECK_REASON_NO_MEMORY);
		return;
	}
	search(run, verify ? verify_model(verify) : collapsed_model(collapsed),
	       s->search.cycles ? collapsed_model(collapsed) : NULL, &options);
	run->status = verdict_status(run);
	if (verify) {
		if (verify_found(verify))
			run->status = STATUS_INTERNAL;
		run->verified = true;
		verify_counts(verify, &run->counts);
		verify_free(verify);
	}
	/* The verdict stands; that a checkpoint is missing is what the caller must learn. */
	if (run->result.checkpoint_error.text[0] != '\0' && run->result.verdict == CHECK_INCOMPLETE) {
		run->error = run->result.checkpoint_error;
		run->status = STATUS_USAGE;
	}
	if (run->result.verdict == CHECK_PASS)
		run->n_vacuous = vacuity_find(&s->search.config, collapsed_coverage(collapsed),
		                              s->search.properties, run->vacuous);
	if (s->stats)
		keep_stats(run, s, collapsed);
	if (run->result.verdict == CHECK_FAIL && run->result.n_findings > 0)
		confirm_all(run, s, collapsed_learnt(collapsed));
	else if (run->result.verdict == CHECK_FAIL)
		confirm(run, s, collapsed_learnt(collapsed));
	collapsed_free(collapsed);
}

const char *check_run_reason(const struct check_run *run, char *buf, size_t size)
{
	return search_reason(&run->result, buf, size);
}

void check_run_warnings(const struct check_run *run, void (*warn)(void *arg, const char *text), void *arg)
{
	if (run->n_vacuous == 0)
		return; /* of what could not be built there is not even a world */
	search_warn_vacuous(&run->world->config, run->vacuous, run->n_vacuous, warn, arg);
}
