/* SPDX-License-Identifier: MIT */
/*
 * Breadth-first search. The store numbers states in order of insertion, so the
 * queue is the range of numbers from the next state to expand to the last stored.
 */
#include "checker/check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "checker/findings.h"
#include "checker/store.h"
#include "checker/trace.h"

enum {
	/* States between two looks at the clock and at the model's memory. */
	HOUSEKEEPING_PERIOD = 64,
	PROGRESS_PER_SECOND = 4,
};

/* How one pass over the state space, from the initial state on, ended. */
enum outcome {
	GO_ON, /* it has not */
	EXHAUSTED,
	VIOLATED,
	LIMITED,
	FAILED,
	REFINED,
};

struct search {
	const struct model *model;
	const struct check_options *options;
	struct check_result *result;
	struct error *error;

	struct store *store;
	enum outcome outcome;
	uint32_t expanding;       /* the state that is being expanded */
	bool has_successor;       /* some step leads out of it */
	uint64_t level_end;       /* the first state of the next level */
	bool by_step;             /* VIOLATED, and by a step */
	uint32_t *initial;        /* a state */
	uint32_t *state;          /* another: that of `expanding` */
	uint32_t *representative; /* and a third */

	struct findings findings; /* if the search goes on after a violation */

	double started;
	double next_progress;
};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int limited(struct search *s, const char *reason)
{
	s->outcome = LIMITED;
	s->result->reason = reason;
	return 1;
}

/* Stores a state, or the one that stands for it. Returns non-zero, with the outcome set, if that is
 * impossible. */
static int visit(struct search *s, const uint32_t *state, uint32_t parent)
{
	uint32_t id;

	if (s->model->representative) {
		if (s->model->representative(s->model->self, state, s->representative, s->error) !=
		    MODEL_OK) {
			s->outcome = FAILED;
			return 1;
		}
		state = s->representative;
	}
	switch (store_find_or_add(s->store, state, parent, &id)) {
	case STORE_FOUND:
	case STORE_ADDED:
		return 0;
	case STORE_STATE_LIMIT:
		return limited(s, CHECK_REASON_STATES);
	case STORE_MEMORY_LIMIT:
		return limited(s, CHECK_REASON_MEMORY);
	case STORE_NO_MEMORY:
		break;
	}
	return limited(s, CHECK_REASON_NO_MEMORY);
}

/* Remembers violations of the state that is being expanded, or of a step from there, if they are the first of
 * their kind. */
static int note(struct search *s, uint32_t violated, uint32_t cause, bool by_step)
{
	for (; violated != 0; violated &= violated - 1) {
		const struct finding finding = {.property = __builtin_ctz(violated),
		                                .cause = cause,
		                                .state = s->expanding,
		                                .by_step = by_step};

		switch (findings_add(&s->findings, &finding)) {
		case FINDINGS_ADDED:
		case FINDINGS_KNOWN:
			break;
		case FINDINGS_FULL:
			return limited(s, CHECK_REASON_FINDINGS);
		case FINDINGS_NO_MEMORY:
			return limited(s, CHECK_REASON_NO_MEMORY);
		}
	}
	return 0;
}

static int on_step(void *arg, const struct model_transition *t)
{
	struct search *s = arg;
	uint32_t violated = t->violated & s->options->properties;

	s->has_successor |= !t->stutters;
	s->result->transitions++;
	if (violated != 0 && s->options->all) {
		if (note(s, violated, t->cause, true) != 0)
			return 1;
	} else if (violated != 0) {
		s->outcome = VIOLATED;
		s->result->property = __builtin_ctz(violated);
		s->by_step = true;
		return 1;
	}
	return t->next ? visit(s, t->next, s->expanding) : 0;
}

static void report_progress(const struct search *s, double time)
{
	struct check_progress progress;

	if (!s->options->progress)
		return;
	progress = (struct check_progress){
	        .states = s->store ? store_count(s->store) : 0,
	        .expanded = s->expanding,
	        .transitions = s->result->transitions,
	        .depth = s->result->depth,
	        .restarts = s->result->restarts,
	        .memory = (s->store ? store_bytes(s->store) : 0) + s->model->memory(s->model->self),
	        .seconds = time - s->started,
	};
	s->options->progress(s->options->progress_arg, &progress);
}

/* Limits and progress; returns non-zero, with the outcome set, if the search must end. */
static int housekeeping(struct search *s)
{
	const struct check_options *options = s->options;
	double time;

	if (options->interrupt && *options->interrupt)
		return limited(s, CHECK_REASON_INTERRUPTED);
	if (s->expanding % HOUSEKEEPING_PERIOD != 0)
		return 0;

	if (options->max_memory != 0) {
		size_t model_bytes = s->model->memory(s->model->self);

		if (model_bytes >= options->max_memory ||
		    store_bytes(s->store) > options->max_memory - model_bytes)
			return limited(s, CHECK_REASON_MEMORY);
		store_limit(s->store, options->max_states ? options->max_states : UINT64_MAX,
		            options->max_memory - model_bytes);
	}
	time = now();
	if (options->timeout > 0 && time - s->started >= options->timeout)
		return limited(s, CHECK_REASON_TIME);
	if (time >= s->next_progress) {
		report_progress(s, time);
		s->next_progress = time + 1.0 / PROGRESS_PER_SECOND;
	}
	return 0;
}

static bool deadlock_is_searched(const struct search *s)
{
	int property = s->model->deadlock_property;

	return property >= 0 && (s->options->properties >> property & 1) != 0;
}

/* Expands the state s->expanding and sets the outcome if that ends the pass. */
static void expand(struct search *s)
{
	enum model_status status;

	s->has_successor = false;
	store_read(s->store, s->expanding, s->state);
	status = s->model->successors(s->model->self, s->state, on_step, s, s->error);
	/* A refinement or a failure makes void whatever was emitted before it. */
	if (status == MODEL_REFINED) {
		s->outcome = REFINED;
	} else if (status == MODEL_ERROR) {
		s->outcome = FAILED;
	} else if (status == MODEL_STOPPED && s->outcome == GO_ON) {
		error_set(s->error, "the model stopped an enumeration that nobody asked it to stop");
		s->outcome = FAILED;
	} else if (s->outcome != GO_ON || s->has_successor || !deadlock_is_searched(s)) {
		return;
	} else if (s->options->all) {
		(void)note(s, 1u << s->model->deadlock_property, 0, false);
	} else {
		s->outcome = VIOLATED;
		s->result->property = s->model->deadlock_property;
	}
}

static void visit_initial(struct search *s)
{
	if (s->model->initial(s->model->self, s->initial, s->error) != MODEL_OK)
		s->outcome = FAILED;
	else
		(void)visit(s, s->initial, 0);
}

/* Expands states in order until something ends the pass. */
static void explore(struct search *s)
{
	s->level_end = 0;
	for (s->expanding = 0; s->outcome == GO_ON; s->expanding++) {
		if (s->expanding == store_count(s->store)) {
			s->outcome = EXHAUSTED;
			return;
		}
		if (housekeeping(s) != 0)
			return;
		if (s->expanding == s->level_end) {
			s->result->depth++;
			s->level_end = store_count(s->store);
		}
		expand(s);
		if (s->outcome != GO_ON)
			return; /* s->expanding stays: the trace ends there */
	}
}

/* Makes the trace of a violation; a refinement on the way turns the outcome into REFINED. Returns 0 if there
 * is one. */
static int make_trace(struct search *s, const struct finding *finding, struct model_label **trace,
                      size_t *length)
{
	switch (trace_recover(s->model, s->store, s->initial, finding->state,
	                      finding->by_step ? finding->property : -1, finding->cause, trace, length,
	                      s->error)) {
	case MODEL_OK:
		return 0;
	case MODEL_REFINED:
		s->outcome = REFINED;
		break;
	case MODEL_STOPPED:
	case MODEL_UNKNOWN:
	case MODEL_ERROR:
		s->outcome = FAILED;
		break;
	}
	return -1;
}

static void recover_trace(struct search *s)
{
	struct check_result *result = s->result;
	const struct finding finding = {
	        .property = result->property, .state = s->expanding, .by_step = s->by_step};

	if (make_trace(s, &finding, &result->trace, &result->trace_length) == 0)
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

/* One pass over the state space, from the initial state to an outcome. */
static void search_once(struct search *s)
{
	struct check_result *result = s->result;

	s->outcome = GO_ON;
	s->by_step = false;
	findings_free(&s->findings);
	result->property = -1;
	result->reason = NULL;
	result->transitions = 0;
	result->depth = 0;

	s->store = store_new(s->model->words);
	if (!s->store || !s->initial || !s->state || !s->representative) {
		(void)limited(s, CHECK_REASON_NO_MEMORY);
		return;
	}
	store_limit(s->store, s->options->max_states ? s->options->max_states : UINT64_MAX,
	            s->options->max_memory ? s->options->max_memory : SIZE_MAX);
	visit_initial(s);
	explore(s);
	result->states = store_count(s->store);
	if (s->outcome == VIOLATED)
		recover_trace(s);
	else if (s->findings.n > 0 && (s->outcome == EXHAUSTED || s->outcome == LIMITED))
		recover_findings(s);
	if (store_bytes_peak(s->store) > result->memory)
		result->memory = store_bytes_peak(s->store);
}

static enum check_verdict verdict_of(enum outcome outcome)
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

int check_breadth_first(const struct model *model, const struct check_options *options,
                        struct check_result *result, struct error *e)
{
	struct search s = {
	        .model = model, .options = options, .result = result, .error = e, .started = now()};

	*result = (struct check_result){.property = -1};
	s.initial = calloc(model->words, sizeof(*s.initial));
	s.state = calloc(model->words, sizeof(*s.state));
	s.representative = calloc(model->words, sizeof(*s.representative));
	for (;;) {
		search_once(&s);
		if (s.outcome != REFINED)
			break;
		if (result->restarts == CHECK_RESTARTS_MAX) {
			error_set(e, "the model still refines its steps after %d restarts",
			          CHECK_RESTARTS_MAX);
			break;
		}
		result->restarts++;
		store_free(s.store);
		s.store = NULL;
	}

	result->verdict = result->n_findings > 0 && s.outcome != FAILED ? CHECK_FAIL : verdict_of(s.outcome);
	if (result->verdict != CHECK_FAIL)
		result->property = -1;
	if (s.outcome != LIMITED)
		result->reason = NULL;
	findings_free(&s.findings);
	result->loop = result->trace_length;
	result->seconds = now() - s.started;
	report_progress(&s, s.started + result->seconds);
	store_free(s.store);
	free(s.initial);
	free(s.state);
	free(s.representative);
	return result->verdict == CHECK_ERROR ? -1 : 0;
}
