/* SPDX-License-Identifier: MIT */
#include "checker/distributed/distributed.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "checker/distributed/shard.h"

enum { PROGRESS_PER_SECOND = 4 };

static void report_progress(const struct shard *x, double time)
{
	const struct search *s = &x->local;
	const struct check_result *result = s->result;
	struct check_progress progress;

	if (!s->options->progress)
		return;
	progress = (struct check_progress){
	        .states = result->states != 0 ? result->states : x->count,
	        .expanded = x->expanded,
	        .transitions = result->states != 0 ? result->transitions : x->transitions,
	        .depth = result->depth,
	        .levels = result->stats.levels,
	        .n_levels = result->stats.n_levels,
	        .restarts = result->restarts,
	        .memory = x->memory,
	        .seconds = time - s->started,
	};
	s->options->progress(s->options->progress_arg, &progress);
}

/* This rank's reasons to end, which the others learn when they agree; rank 0's clock for checkpoints; progress. */
static void housekeeping(struct shard *x)
{
	struct search *s = &x->local;
	const struct check_options *options = s->options;
	double time = search_now();

	s->beside = shard_bytes_beside(x);
	x->save_now = x->ranks->number == 0 && options->checkpoint && options->checkpoint_every > 0 &&
	              time >= s->next_checkpoint;
	if (time >= s->next_progress) {
		report_progress(x, time);
		s->next_progress = time + 1.0 / PROGRESS_PER_SECOND;
	}
	if (s->outcome != GO_ON)
		return;
	if (options->interrupt && *options->interrupt)
		(void)search_limited(s, CHECK_REASON_INTERRUPTED);
	else if (search_exceeds(s, 0))
		(void)search_limited(s, CHECK_REASON_MEMORY);
	else if (options->timeout > 0 && time - s->began >= options->timeout)
		(void)search_limited(s, CHECK_REASON_TIME);
}

/* The initial state, or the one that stands for it, becomes number 0, of its owner. */
static void visit_initial(struct shard *x)
{
	struct search *s = &x->local;
	struct worker *w = &s->workers[0];
	const struct model *model = s->model;
	const struct lineage_entry first = {0};
	const uint32_t *state = s->initial;

	x->count = 1;
	s->torn = true; /* until it is there */
	if (model->initial(model->self, s->initial, s->error) != MODEL_OK) {
		s->outcome = FAILED;
		return;
	}
	if (model->representative) {
		if (model->representative(model->self, s->initial, w->representative, s->error) != MODEL_OK) {
			s->outcome = FAILED;
			return;
		}
		state = w->representative;
	}
	for (size_t i = 0; i < model->words; i++)
		s->greatest[i] = state[i] > s->greatest[i] ? state[i] : s->greatest[i];
	if (!shard_new_lineage(x))
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
	else
		(void)search_make_room(s);
	if (s->outcome != GO_ON)
		return;
	if (shard_owner(x, state) != x->ranks->number) {
		s->torn = false;
		return;
	}
	if (!queue_reserve(&s->queue, 1) || !queue_reserve(&x->numbers, 1) ||
	    !lineage_reserve(shard_lineage(x), 1)) {
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		return;
	}
	tree_go_nowhere(&s->tree, &w->cursor);
	tree_batch_clear(&s->tree, &w->batch);
	if (!tree_batch_add(&s->tree, &w->cursor, &w->batch, state, NULL, 0) ||
	    !tree_batch_roots(&s->tree, &w->batch) || !keyset_add(&s->set, w->batch.roots[0])) {
		error_set(s->error, "internal fault: the initial state does not fit into an empty store");
		s->outcome = FAILED;
		return;
	}
	s->set.count = 1;
	shard_store(x, w->batch.roots[0], &first);
	s->torn = false;
}

/*
 * Nothing is left to be done, or a limit says that nothing may be. What ends the search is the same on every rank, unless one has
 * failed. `reason`: LIMITED.
 */
static void end(struct shard *x, enum outcome outcome, const char *reason)
{
	const struct shard_word mine = {.first = {.claim = CLAIM_NONE}};
	struct shard_word sum;

	if (shard_agree(x, &mine, &sum)) {
		if (outcome == LIMITED)
			(void)search_limited(&x->local, reason);
		x->local.outcome = outcome;
	}
}

static void explore(struct shard *x)
{
	struct search *s = &x->local;

	do {
		if (x->expanded == x->count) {
			end(x, EXHAUSTED, NULL);
			return;
		}
		if (s->options->max_states != 0 && x->count > s->options->max_states) {
			/* The limit was another, before it was resumed. */
			end(x, LIMITED, CHECK_REASON_STATES);
			return;
		}
		if (x->expanded == x->level_end) {
			if (s->options->max_depth != 0 && s->result->depth == s->options->max_depth) {
				end(x, LIMITED, CHECK_REASON_DEPTH);
				return;
			}
			s->result->depth++;
			x->level_end = x->count;
			/* Without its levels it could not be gone on with. */
			if (search_add_level(s, x->level_end - x->expanded) != 0)
				s->torn = true;
		}
		if (x->save_now) {
			shard_save(x);
			s->next_checkpoint = search_now() + s->options->checkpoint_every;
		}
		housekeeping(x);
	} while (shard_expand(x) && shard_receive(x) && shard_commit(x));
}

/* Goes on where an earlier search ended. Returns false if it does not, on any rank. */
static bool resume(struct shard *x)
{
	struct search *s = &x->local;
	double seconds;

	s->torn = true; /* what is only half there must not take the place of the file */
	if (!shard_resume(x, &seconds)) {
		s->result->not_resumed = s->outcome == FAILED;
		return false;
	}
	s->torn = false;
	s->started -= seconds;
	return true;
}

static void recover_trace(struct shard *x)
{
	struct check_result *result = x->local.result;

	result->property = x->local.violation.property;
	if (shard_trace(x, &x->local.violation, &result->trace, &result->trace_length) == 0)
		result->depth = (unsigned)result->trace_length;
}

static void recover_findings(struct shard *x)
{
	struct search *s = &x->local;
	struct check_result *result = s->result;

	result->findings = calloc(s->findings.n, sizeof(*result->findings));
	if (!result->findings)
		error_set(s->error, "out of memory for the traces of %u findings", s->findings.n);
	if (!shard_all_well(x, result->findings ? GO_ON : FAILED))
		return;
	for (uint32_t i = 0; i < s->findings.n; i++) {
		struct check_finding *made = &result->findings[i];

		made->property = s->findings.list[i].property;
		if (shard_trace(x, &s->findings.list[i], &made->trace, &made->length) != 0)
			break;
		result->n_findings++;
	}
	if (s->outcome == REFINED) {
		check_result_forget_findings(result);
		return;
	}
	if (result->n_findings == 0)
		return;
	result->property = result->findings[0].property;
	result->depth = (unsigned)result->findings[0].length;
}

/* One pass over the state space, from the initial state to an outcome. */
static void search_once(struct shard *x)
{
	struct search *s = &x->local;
	struct check_result *result = s->result;

	s->outcome = GO_ON;
	findings_free(&s->findings);
	s->count = s->expanded = s->transitions = 0;
	x->count = x->expanded = x->level_end = x->transitions = 0;
	x->places = x->asked = 0;
	s->chunk_states = CHUNK_STATES_MIN;
	s->torn = false;
	result->property = -1;
	result->reason = NULL;
	result->memory = x->peak;
	result->states = result->transitions = 0;
	result->depth = 0;
	search_forget_levels(s);

	x->save_now = false;
	if (!s->options->resume || result->restarts != 0) {
		visit_initial(x);
		explore(x);
	} else if (resume(x)) {
		explore(x);
	}
	if (!result->not_resumed)
		shard_total(x);
	if (s->outcome == LIMITED && s->options->checkpoint && !x->lost)
		shard_save(x);
	else
		result->checkpointed = false;
	if (s->outcome == VIOLATED)
		recover_trace(x);
	else if (s->findings.n > 0 && !x->lost && (s->outcome == EXHAUSTED || s->outcome == LIMITED))
		recover_findings(x);
}

static void search_until_done(struct shard *x)
{
	struct search *s = &x->local;

	for (;;) {
		search_once(x);
		if (s->outcome != REFINED)
			return;
		if (s->result->restarts == CHECK_RESTARTS_MAX) {
			error_set(s->error, "the model still refines its steps after %d restarts",
			          CHECK_RESTARTS_MAX);
			return;
		}
		s->result->restarts++;
		shard_free_room(x);
	}
}

/* Do all ranks search the same? */
static bool begin(struct shard *x)
{
	const struct search *s = &x->local;
	const char *identity = s->options->identity ? s->options->identity : "";
	uint64_t mine = XXH3_64bits(identity, strlen(identity)) ^ s->model->words, *all;
	bool told;

	all = calloc(x->ranks->count, sizeof(*all));
	if (!all)
		return shard_give_up(x);
	told = shard_gather(x, &mine, sizeof(mine), all);
	for (unsigned r = 0; told && r < x->ranks->count; r++) {
		if (all[r] == all[0])
			continue;
		error_set(s->error,
		          "rank %u is not about to search what rank 0 is: do all have the same program, "
		          "files and compiler?",
		          r);
		x->local.outcome = FAILED;
		told = false;
	}
	free(all);
	return told;
}

int check_distributed(const struct model *model, const struct check_options *options,
                      const struct ranks *ranks, struct check_result *result, struct error *e)
{
	const struct shard_word ready = {.first = {.claim = CLAIM_NONE}};
	struct shard *x = calloc(1, sizeof(*x));
	struct shard_word sum;
	struct search *s;

	*result = (struct check_result){.property = -1};
	if (!x) {
		result->verdict = CHECK_INCOMPLETE;
		result->reason = CHECK_REASON_NO_MEMORY;
		result->apart = true; /* the others do not know */
		return 0;
	}
	s = &x->local;
	*s = (struct search){
	        .model = model, .options = options, .result = result, .error = e, .began = search_now()};
	x->ranks = ranks;
	s->started = s->began;
	s->next_checkpoint = s->began + options->checkpoint_every;
	if (options->store != CHECK_STORE_EXACT) {
		error_set(e, "a bitstate search cannot be distributed");
		s->outcome = FAILED;
	} else {
		if (!shard_make(x))
			(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		x->lost = !x->out || !x->in; /* there is not even memory to talk */
		if (begin(x) && shard_agree(x, &ready, &sum))
			search_until_done(x);
	}

	result->verdict =
	        result->n_findings > 0 && s->outcome != FAILED ? CHECK_FAIL : search_verdict(s->outcome);
	if (result->verdict != CHECK_FAIL)
		result->property = -1;
	if (s->outcome != LIMITED)
		result->reason = NULL;
	result->apart = x->lost;
	result->loop = result->trace_length;
	result->seconds = search_now() - s->started;
	report_progress(x, s->started + result->seconds);
	shard_free(x);
	return result->verdict == CHECK_ERROR ? -1 : 0;
}
