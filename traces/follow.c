/* SPDX-License-Identifier: MIT */
#include "follow.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "follow_private.h"
#include "livelock.h"
#include "names.h"
#include "standstill.h"

/* More is no trace that anybody made; each begins the run again. */
enum { RESTARTS_MAX = 1000 };

const char *trace_outcome_name(enum trace_outcome outcome)
{
	static const char *const names[] = {
	        [TRACE_REPRODUCED] = "reproduced",     [TRACE_OTHER_VIOLATION] = "other-violation",
	        [TRACE_NO_VIOLATION] = "no-violation", [TRACE_DIVERGED] = "diverged",
	        [TRACE_INCOMPLETE] = "incomplete",
	};

	return names[outcome];
}

enum step_end follow_diverge(struct follower *f, const struct trace_step *step, unsigned column,
                             const char *format, ...)
{
	char text[800];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	f->result->line = step->line;
	f->result->column = column;
	error_set(&f->result->why, "%.200s:%u:%u: %s", f->trace->name, step->line, column, text);
	return STEP_DIVERGED;
}

/* What the trace says of where steps end, as far as the image has it. */
static void take_over(struct follower *f, bool own_image)
{
	const struct trace *t = f->trace;
	const struct image *image = f->machine->world->image;
	struct learnt *l = f->result->learnt;

	f->complete = own_image && t->learnt && t->n_open == 0;
	l->shared = t->shared;
	for (size_t i = 0; i < t->n_closings; i++) {
		uint32_t address, insn;

		if (!where_address(image, t->closings[i].where, own_image, &address)) {
			f->result->dropped_closings++;
			continue;
		}
		insn = (address - image->code_start) / 4;
		if (insn < LEARNT_INSNS)
			l->closing[insn / 32] |= 1u << insn % 32;
	}
}

/* Of the properties violated by the last step: the trace's, or the first one searched; -1: none. */
static int violated(const struct follower *f)
{
	const struct machine *m = f->machine;
	int property = -1;

	for (unsigned i = 0; i < m->n_violations; i++) {
		const struct violation *v = &m->violations[i];

		if ((f->trace->searched >> v->property & 1) == 0)
			continue;
		if (property < 0 || (int)v->property == f->trace->property ||
		    (property != f->trace->property && (int)v->property < property)) {
			property = (int)v->property;
			f->result->violation = *v;
		}
	}
	return property;
}

void follow_look_for_stuck(struct follower *f)
{
	struct followed *r = f->result;

	if ((f->trace->searched >> PROPERTY_STUCK & 1) == 0 || f->ended)
		return;
	r->standstill = standstill(f->machine);
	r->livelock = !r->standstill && f->trace->loop > 0 && r->lines == f->trace->n_steps &&
	              f->loop_at < r->steps &&
	              livelock(f->machine, r->labels + f->loop_at, r->steps - f->loop_at);
	if (r->standstill || r->livelock)
		r->property = PROPERTY_STUCK;
}

bool follow_append(struct follower *f, const struct model_label *label, bool last)
{
	struct followed *r = f->result;

	if (f->made)
		f->made[r->steps] = r->lines;
	r->labels[r->steps++] = *label;
	f->ended = f->machine->ended;
	if (!f->trace->all || last)
		r->property = violated(f);
	memcpy(f->before, f->machine->words, f->machine->world->words * sizeof(*f->before));
	return r->property >= 0;
}

void follow_restart(struct follower *f)
{
	struct followed *r = f->result;

	memcpy(f->before, f->booted, f->machine->world->words * sizeof(*f->before));
	f->ended = false;
	f->loop_at = 0;
	r->steps = r->lines = 0;
	r->property = -1;
	r->standstill = r->livelock = false;
}

/* Does the step say something, but not "here, or not at all"? */
static bool is_vague(const struct trace_step *step)
{
	return !step->place && (step->who || step->action >= 0 || step->n_choices > 0);
}

static enum step_end make_step(struct follower *f, const struct trace_step *step, struct model_label *label)
{
	enum step_end end;

	if (f->trace->version > TRACE_VERSION_EXACT && is_vague(step))
		return follow_filling(f, step, label);
	end = follow_step(f, step, label);
	if (end == STEP_DIVERGED && !f->skip && is_vague(step))
		follow_advise(f, step);
	return end;
}

enum step_end follow_lines(struct follower *f, size_t n)
{
	struct followed *r = f->result;

	for (; r->lines < n; r->lines++) {
		const struct trace_step *step = &f->trace->steps[r->lines];
		struct model_label label;
		enum step_end end;

		if (step->open > 0)
			return STEP_MADE;
		if (r->lines + 1 == f->trace->loop)
			f->loop_at = r->steps;
		if (f->ended && f->skip)
			continue;
		if (f->ended)
			return follow_diverge(
			        f, step, 1, "there are no more steps: the run has ended with the one before");
		end = make_step(f, step, &label);
		if (end == STEP_DIVERGED && f->skip)
			continue;
		if (end != STEP_MADE || r->property >= 0)
			return end;
		if (follow_append(f, &label, r->lines + 1 == f->trace->n_steps)) {
			r->lines++;
			return STEP_MADE;
		}
	}
	return STEP_MADE;
}

/* All steps from boot on, until one violates, or is not possible, or teaches something. */
static enum step_end follow_steps(struct follower *f, size_t n)
{
	enum step_end end;

	follow_restart(f);
	end = follow_lines(f, n);
	if (end == STEP_MADE && f->result->property < 0)
		follow_look_for_stuck(f);
	return end;
}

int follow_all(struct follower *f, size_t n, struct error *e)
{
	struct followed *r = f->result;
	enum step_end end = STEP_LEARNT;
	int status = 0;

	r->outcome = TRACE_NO_VIOLATION;
	for (unsigned restarts = 0; end == STEP_LEARNT && restarts < RESTARTS_MAX; restarts++)
		end = f->trace->n_open > 0 ? follow_completing(f, n, &status, e) : follow_steps(f, n);
	if (status)
		return -1;
	if (end == STEP_LEARNT)
		end = follow_diverge(f, &f->trace->steps[r->lines], 1,
		                     "more than %d times this image's steps had to be cut shorter",
		                     RESTARTS_MAX);
	if (end == STEP_DIVERGED)
		r->outcome = r->outcome == TRACE_INCOMPLETE ? TRACE_INCOMPLETE : TRACE_DIVERGED;
	else if (r->property < 0)
		r->outcome = TRACE_NO_VIOLATION;
	else if (r->property == f->trace->property || f->trace->property < 0)
		r->outcome = TRACE_REPRODUCED;
	else
		r->outcome = TRACE_OTHER_VIOLATION;
	r->loop = r->livelock ? f->loop_at : r->steps;
	return 0;
}

int follower_open(struct follower *f, const struct trace *t, const struct world *w, bool own_image,
                  struct followed *result, struct error *e)
{
	*result = (struct followed){.property = -1};
	*f = (struct follower){.trace = t, .result = result};
	/* One step a line, those that are filled in, and those that are searched for. */
	f->room = t->version > TRACE_VERSION_EXACT ? 2 * (size_t)TRACE_STEPS_MAX : t->n_steps + 1;
	f->machine = machine_new(w);
	f->before = calloc(w->words, sizeof(*f->before));
	f->booted = calloc(w->words, sizeof(*f->booted));
	f->resume = calloc(w->words, sizeof(*f->resume));
	f->learning = calloc(1, sizeof(*f->learning));
	result->learnt = calloc(1, sizeof(*result->learnt));
	result->labels = calloc(f->room, sizeof(*result->labels));
	if (!f->machine || !f->before || !f->booted || !f->resume || !f->learning || !result->learnt ||
	    !result->labels)
		return error_set(e, "out of memory");
	if (machine_boot(f->machine, e))
		return -1;
	memcpy(f->booted, f->machine->words, w->words * sizeof(*f->booted));
	take_over(f, own_image);
	*f->learning = *result->learnt;
	f->machine->learnt = f->learning;
	return 0;
}

void follower_close(struct follower *f)
{
	machine_free(f->machine);
	free(f->before);
	free(f->booted);
	free(f->resume);
	free(f->learning);
	free(f->made);
}

int trace_follow(const struct trace *t, const struct world *w, const struct follow_options *options,
                 const struct replay_watcher *watcher, struct followed *result, struct error *e)
{
	size_t n = options->until > 0 && options->until < t->n_steps ? options->until : t->n_steps;
	struct follower f;
	int status = follower_open(&f, t, w, options->own_image, result, e);

	f.max_states = options->max_states > 0 ? options->max_states : OPEN_STATES_MAX;
	if (status == 0)
		status = follow_all(&f, n, e);
	if (status == 0 && watcher)
		status = replay(w, result->learnt, result->labels, result->steps,
		                result->standstill || result->livelock ? -1 : result->property, watcher, NULL,
		                e);
	follower_close(&f);
	if (status)
		followed_free(result);
	return status;
}

bool followed_as_seen(const struct trace *t, const struct image *image, const struct followed *r)
{
	char where[128];

	if (!t->seen_said || r->property < 0)
		return true;
	return !r->standstill && !r->livelock && t->seen.cpu == r->violation.cpu &&
	       strcmp(t->seen.text, r->violation.text) == 0 &&
	       strcmp(t->seen.where, where_text(image, r->violation.pc, where, sizeof(where))) == 0;
}

void followed_free(struct followed *result)
{
	free(result->labels);
	free(result->learnt);
	*result = (struct followed){.property = -1};
}
