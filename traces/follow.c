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
	        [TRACE_REPRODUCED] = "reproduced",
	        [TRACE_OTHER_VIOLATION] = "other-violation",
	        [TRACE_NO_VIOLATION] = "no-violation",
	        [TRACE_DIVERGED] = "diverged",
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
static void take_over(struct follower *f, const struct follow_options *options)
{
	const struct trace *t = f->trace;
	const struct image *image = f->machine->world->image;
	struct learnt *l = f->result->learnt;

	f->complete = options->own_image && t->learnt;
	l->shared = t->shared;
	for (size_t i = 0; i < t->n_closings; i++) {
		uint32_t address, insn;

		if (!where_address(image, t->closings[i].where, options->own_image, &address)) {
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

/* Nobody has seen anything behind the last step: is that where it ends, or does it go round in circles? */
static void look_for_stuck(struct follower *f)
{
	struct followed *r = f->result;
	size_t loop = f->trace->loop;

	r->standstill = standstill(f->machine);
	r->livelock = !r->standstill && loop > 0 && r->steps == f->trace->n_steps &&
	              livelock(f->machine, r->labels + loop - 1, r->steps - (loop - 1));
	if (r->standstill || r->livelock)
		r->property = PROPERTY_STUCK;
}

/* All steps from boot on, until one violates, or is not possible, or teaches something. */
static enum step_end follow_steps(struct follower *f, size_t n)
{
	struct followed *r = f->result;

	memcpy(f->before, f->booted, f->machine->world->words * sizeof(*f->before));
	f->ended = false;
	r->property = -1;
	for (r->steps = 0; r->steps < n;) {
		const struct trace_step *step = &f->trace->steps[r->steps];
		enum step_end end;

		if (f->ended)
			return follow_diverge(
			        f, step, 1, "there are no more steps: the run has ended with the one before");
		end = follow_step(f, step, &r->labels[r->steps]);
		if (end != STEP_MADE)
			return end;
		r->steps++;
		f->ended = f->machine->ended;
		if (!f->trace->all || r->steps == f->trace->n_steps)
			r->property = violated(f);
		if (r->property >= 0)
			return STEP_MADE;
		memcpy(f->before, f->machine->words, f->machine->world->words * sizeof(*f->before));
	}
	if ((f->trace->searched >> PROPERTY_STUCK & 1) != 0 && !f->ended)
		look_for_stuck(f);
	return STEP_MADE;
}

static void follow_all(struct follower *f, size_t n)
{
	struct followed *r = f->result;
	enum step_end end = STEP_LEARNT;

	for (unsigned restarts = 0; end == STEP_LEARNT && restarts < RESTARTS_MAX; restarts++)
		end = follow_steps(f, n);
	if (end == STEP_LEARNT)
		end = follow_diverge(f, &f->trace->steps[r->steps], 1,
		                     "more than %d times this image's steps had to be cut shorter",
		                     RESTARTS_MAX);
	if (end == STEP_DIVERGED)
		r->outcome = TRACE_DIVERGED;
	else if (r->property < 0)
		r->outcome = TRACE_NO_VIOLATION;
	else if (r->property == f->trace->property || f->trace->property < 0)
		r->outcome = TRACE_REPRODUCED;
	else
		r->outcome = TRACE_OTHER_VIOLATION;
}

int trace_follow(const struct trace *t, const struct world *w, const struct follow_options *options,
                 const struct replay_watcher *watcher, struct followed *result, struct error *e)
{
	size_t n = options->until > 0 && options->until < t->n_steps ? options->until : t->n_steps;
	struct follower f = {.trace = t, .result = result};
	int status = -1;

	*result = (struct followed){.property = -1};
	f.machine = machine_new(w);
	f.before = calloc(w->words, sizeof(*f.before));
	f.booted = calloc(w->words, sizeof(*f.booted));
	f.learning = calloc(1, sizeof(*f.learning));
	result->learnt = calloc(1, sizeof(*result->learnt));
	result->labels = calloc(n + 1, sizeof(*result->labels));
	if (!f.machine || !f.before || !f.booted || !f.learning || !result->learnt || !result->labels) {
		error_set(e, "out of memory");
		goto out;
	}
	if (machine_boot(f.machine, e))
		goto out;
	memcpy(f.booted, f.machine->words, w->words * sizeof(*f.booted));
	take_over(&f, options);
	*f.learning = *result->learnt;
	f.machine->learnt = f.learning;
	follow_all(&f, n);
	result->loop = result->livelock ? t->loop - 1 : result->steps;
	status = 0;
	if (watcher)
		status = replay(w, result->learnt, result->labels, result->steps,
		                result->standstill || result->livelock ? -1 : result->property, watcher, NULL,
		                e);
out:
	machine_free(f.machine);
	free(f.before);
	free(f.booted);
	free(f.learning);
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
