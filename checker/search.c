/* SPDX-License-Identifier: MIT */
#include "checker/search.h"

#include <stdlib.h>
#include <time.h>

#include "checker/checkpoint.h"
#include "checker/trace.h"
#include "model/apart.h"

enum { PROGRESS_PER_SECOND = 4 };

double search_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report_progress(const struct search *s, double time)
{
	const struct check_result *result = s->result;
	struct check_progress progress;

	if (!s->options->progress)
		return;
	progress = (struct check_progress){
	        .states = result->states != 0 ? result->states : s->count,
	        .expanded = s->expanded,
	        .transitions = result->states != 0 ? result->transitions : s->transitions,
	        .depth = result->depth,
	        .levels = result->stats.levels,
	        .n_levels = result->stats.n_levels,
	        .restarts = result->restarts,
	        .memory = search_bytes(s) + s->model->memory(s->model->self),
	        .seconds = time - s->started,
	};
	s->options->progress(s->options->progress_arg, &progress);
}

static void write_checkpoint(struct search *s)
{
	struct check_result *result = s->result;

	result->checkpoint_error.text[0] = '\0';
	result->checkpointed = checkpoint_save(s, search_now() - s->started, &result->checkpoint_error) == 0;
}

/* Limits and progress; returns non-zero, with the outcome set, if the search must end. */
static int housekeeping(struct search *s)
{
	const struct check_options *options = s->options;
	double time;

	if (options->interrupt && *options->interrupt)
		return search_limited(s, CHECK_REASON_INTERRUPTED);
	if (search_exceeds(s, 0))
		return search_limited(s, CHECK_REASON_MEMORY);
	time = search_now();
	if (options->timeout > 0 && time - s->began >= options->timeout)
		return search_limited(s, CHECK_REASON_TIME);
	if (options->checkpoint && options->checkpoint_every > 0 && time >= s->next_checkpoint) {
		/* If it fails, the last one is still there, and another is tried later. */
		write_checkpoint(s);
		s->next_checkpoint = search_now() + options->checkpoint_every;
	}
	if (time >= s->next_progress) {
		report_progress(s, time);
		s->next_progress = time + 1.0 / PROGRESS_PER_SECOND;
	}
	return 0;
}

/* The initial state, or the one that stands for it, becomes number 0. */
static void visit_initial(struct search *s)
{
	struct worker *w = &s->workers[0];
	const struct model *model = s->model;
	const uint32_t *state = s->initial;

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
	if (search_make_room(s) != 0)
		return;
	if (!queue_reserve(&s->queue, 1)) {
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		return;
	}
	tree_go_nowhere(&s->tree, &w->cursor);
	tree_batch_clear(&s->tree, &w->batch);
	if (!tree_batch_add(&s->tree, &w->cursor, &w->batch, state, NULL, 0) ||
	    !tree_batch_roots(&s->tree, &w->batch) ||
	    (!s->bits.words && !keyset_add(&s->set, w->batch.roots[0]))) {
		error_set(s->error, "internal fault: the initial state does not fit into an empty store");
		s->outcome = FAILED;
		return;
	}
	if (s->bits.words)
		bitstate_add(&s->bits, bitstate_key(state, model->words));
	*queue_at(&s->queue, 0) = w->batch.roots[0];
	s->count = s->set.count = 1;
}

void search_choose_chunk(struct search *s, uint64_t asked, uint64_t states)
{
	if (asked > states / 32)
		s->chunk_states =
		        s->chunk_states / 2 > CHUNK_STATES_MIN ? s->chunk_states / 2 : CHUNK_STATES_MIN;
	else
		s->chunk_states =
		        s->chunk_states * 2 < CHUNK_STATES_MAX ? s->chunk_states * 2 : CHUNK_STATES_MAX;
}

/* Returns false when out of memory. */
static bool choose_chunk(struct search *s)
{
	uint64_t rest = s->level_end - s->expanded;

	search_choose_chunk(s, s->asked, s->n_places);
	s->n_places = rest < s->chunk_states ? (uint32_t)rest : s->chunk_states;
	if (s->n_places > s->places_size) {
		struct place *places = realloc(s->places, s->chunk_states * sizeof(*places));

		if (!places)
			return false;
		s->places = places;
		s->places_size = s->chunk_states;
	}
	return true;
}

/* Expands states in order, a chunk at a time, until something ends the pass. */
static void explore(struct search *s)
{
	while (s->outcome == GO_ON) {
		if (s->expanded == s->count) {
			if (s->bits.words)
				(void)search_limited(s, CHECK_REASON_BITSTATE);
			else
				s->outcome = EXHAUSTED;
			return;
		}
		if (s->options->max_states != 0 && s->count > s->options->max_states) {
			/* The limit was another, before it was resumed. */
			(void)search_limited(s, CHECK_REASON_STATES);
			return;
		}
		if (housekeeping(s) != 0)
			return;
		if (s->expanded == s->level_end) {
			if (s->options->max_depth != 0 && s->result->depth == s->options->max_depth) {
				(void)search_limited(s, CHECK_REASON_DEPTH);
				return;
			}
			s->result->depth++;
			s->level_end = s->count;
			if (search_note_level(s) != 0)
				return;
		}
		if (!choose_chunk(s)) {
			(void)search_limited(s, CHECK_REASON_NO_MEMORY);
			return;
		}
		search_expand(s);
		if (s->outcome == GO_ON)
			search_commit(s);
	}
}

/* Makes the trace of a violation; a refinement on the way turns the outcome into REFINED. Returns 0 if there
 * is one. */
static int make_trace(struct search *s, const struct finding *finding, struct model_label **trace,
                      size_t *length)
{
	switch (trace_recover(s->model, &s->ancestry, s->initial, finding, trace, length, s->error)) {
	case MODEL_OK:
		return 0;
	case MODEL_REFINED:
		s->outcome = REFINED;
		break;
	case MODEL_STOPPED:
	case MODEL_UNKNOWN:
	case MODEL_ITSELF:
	case MODEL_ERROR:
		s->outcome = FAILED;
		break;
	}
	return -1;
}

static void recover_trace(struct search *s)
{
	struct check_result *result = s->result;

	result->property = s->violation.property;
	if (make_trace(s, &s->violation, &result->trace, &result->trace_length) == 0)
		result->depth = (unsigned)result->trace_length;
}

static void recover_findings(struct search *s)
{
	struct check_result *result = s->result;

	result->findings = calloc(s->findings.n, sizeof(*result->findings));
	if (!result->findings) {
		error_set(s->error, "out of memory for the traces of %u findings", s->findings.n);
		s->outcome = FAILED;
		return;
	}
	for (uint32_t i = 0; i < s->findings.n; i++) {
		struct check_finding *made = &result->findings[i];

		made->property = s->findings.list[i].property;
		if (make_trace(s, &s->findings.list[i], &made->trace, &made->length) != 0)
			break;
		result->n_findings++;
	}
	if (s->outcome == REFINED) {
		check_result_forget_findings(result);
		return;
	}
	result->property = result->findings[0].property;
	result->depth = (unsigned)result->findings[0].length;
}

/* Goes on where an earlier search ended. */
static void resume(struct search *s)
{
	double seconds;

	if (checkpoint_resume(s, &seconds, s->error) == 0) {
		s->started -= seconds;
		(void)search_find_levels(s);
		return;
	}
	s->outcome = FAILED;
	s->result->not_resumed = true;
}

/* One pass over the state space, from the initial state to an outcome. */
static void search_once(struct search *s)
{
	struct check_result *result = s->result;

	s->outcome = GO_ON;
	findings_free(&s->findings);
	s->count = s->expanded = s->level_end = s->transitions = 0;
	s->confusion = 0;
	s->n_places = s->asked = 0;
	s->chunk_states = CHUNK_STATES_MIN;
	s->torn = false;
	result->property = -1;
	result->reason = NULL;
	result->states = result->transitions = 0;
	result->depth = 0;
	search_forget_levels(s);

	if (s->options->resume && result->restarts == 0)
		resume(s);
	else
		visit_initial(s);
	explore(s);
	search_note_stats(s);
	if (result->states == 0) {
		result->states = s->count;
		result->transitions = s->transitions;
	}
	if (s->outcome == LIMITED && s->options->checkpoint && s->count > 0)
		write_checkpoint(s);
	else
		result->checkpointed = false;
	result->omission = s->confusion < 1 ? s->confusion : 1;
	if (s->outcome == VIOLATED)
		recover_trace(s);
	else if (s->findings.n > 0 && (s->outcome == EXHAUSTED || s->outcome == LIMITED))
		recover_findings(s);
}

enum check_verdict search_verdict(enum outcome outcome)
{
	switch (outcome) {
	case EXHAUSTED:
		return CHECK_PASS;
	case VIOLATED:
		return CHECK_FAIL;
	case LIMITED:
		return CHECK_INCOMPLETE;
	case GO_ON:
	case FAILED:
	case REFINED:
		break;
	}
	return CHECK_ERROR;
}

bool search_make_workers(struct search *s)
{
	size_t words = s->model->words;
	unsigned wanted = s->options->threads;

	if (wanted == 0 || !s->model->recall)
		wanted = 1;
	s->initial = calloc(words, sizeof(*s->initial));
	s->greatest = calloc(words, sizeof(*s->greatest));
	s->team = team_new(wanted < WORKERS_MAX ? wanted : WORKERS_MAX, s->options->disturb);
	if (!s->initial || !s->greatest || !s->team)
		return false;
	s->workers = calloc(team_members(s->team), sizeof(*s->workers));
	if (!s->workers)
		return false;
	for (; s->n_workers < team_members(s->team); s->n_workers++) {
		struct worker *w = &s->workers[s->n_workers];

		w->search = s;
		w->number = s->n_workers;
		w->representative = apart_new(words, sizeof(*w->representative));
		w->greatest = apart_new(words, sizeof(*w->greatest));
		if (s->model->reader_new)
			w->reader = s->model->reader_new(s->model->self);
		if (!w->representative || !w->greatest || (s->model->reader_new && !w->reader)) {
			s->n_workers++;
			return false;
		}
	}
	return true;
}

void search_free_workers(struct search *s)
{
	for (unsigned i = 0; i < s->n_workers; i++) {
		struct worker *w = &s->workers[i];

		if (w->reader)
			s->model->reader_free(w->reader);
		tree_cursor_free(&w->cursor);
		tree_batch_free(&w->batch);
		free(w->representative);
		free(w->greatest);
		free(w->candidates);
		free(w->sightings);
		free(w->exceptions);
		free(w->homeless);
	}
	free(s->workers);
	team_free(s->team);
	free(s->initial);
	free(s->greatest);
}

static void search_until_done(struct search *s)
{
	for (;;) {
		search_once(s);
		if (s->outcome != REFINED)
			return;
		if (s->result->restarts == CHECK_RESTARTS_MAX) {
			error_set(s->error, "the model still refines its steps after %d restarts",
			          CHECK_RESTARTS_MAX);
			return;
		}
		s->result->restarts++;
		search_free_room(s);
	}
}

int check_breadth_first(const struct model *model, const struct check_options *options,
                        struct check_result *result, struct error *e)
{
	struct search *s = calloc(1, sizeof(*s));

	*result = (struct check_result){.property = -1};
	if (!s) {
		result->verdict = CHECK_INCOMPLETE;
		result->reason = CHECK_REASON_NO_MEMORY;
		return 0;
	}
	*s = (struct search){
	        .model = model, .options = options, .result = result, .error = e, .began = search_now()};
	s->started = s->began;
	s->next_checkpoint = s->began + options->checkpoint_every;
	if (search_make_workers(s))
		search_until_done(s);
	else
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);

	result->verdict =
	        result->n_findings > 0 && s->outcome != FAILED ? CHECK_FAIL : search_verdict(s->outcome);
	if (result->verdict != CHECK_FAIL)
		result->property = -1;
	if (s->outcome != LIMITED)
		result->reason = NULL;
	findings_free(&s->findings);
	result->loop = result->trace_length;
	result->seconds = search_now() - s->started;
	report_progress(s, s->started + result->seconds);
	search_free_room(s);
	bitstate_free(&s->bits);
	free(s->places);
	search_free_workers(s);
	free(s);
	return result->verdict == CHECK_ERROR ? -1 : 0;
}
