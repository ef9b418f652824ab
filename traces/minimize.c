/* SPDX-License-Identifier: MIT */
/*
 * Delta debugging (Zeller and Hildebrandt, 2002) for schedules: leaves out ever smaller pieces, from half of the steps
 * to single ones. What is not possible without a piece goes with it, so that what remains is a schedule again.
 */
#include "minimize.h"

#include <stdlib.h>
#include <string.h>

#include "follow_private.h"
#include "names.h"

struct minimizer {
	struct trace now,
	        attempt; /* the shortest known, and one that may be shorter: with steps and choices of their own */
	struct followed found;    /* how `now` ends */
	struct followed followed; /* how the attempt did */
	struct follower f;        /* follows the attempt */
	struct minimized *how;
	uint64_t steps; /* that attempts took */

	const struct world *world;
	char (*values)[16]; /* of the choices of `now` */
	size_t n_values;
};

/* The column of a choice that was not asked for, as it has one possibility; without some step it may have more. */
enum { ASKED = 1, IMPLIED = 0 };

/* Does the attempt end as `now` does? */
static bool same_violation(const struct followed *a, const struct followed *b)
{
	if (a->property != b->property || a->standstill != b->standstill || a->livelock != b->livelock)
		return false;
	if (a->property < 0 || a->standstill || a->livelock)
		return a->property >= 0;
	return a->violation.cpu == b->violation.cpu && a->violation.pc == b->violation.pc &&
	       strcmp(a->violation.text, b->violation.text) == 0;
}

/* What the attempt has made of its steps becomes the trace to go on from. */
static void accept(struct minimizer *z)
{
	struct followed *found = &z->found, *made = &z->followed;

	for (size_t i = 0; i < made->steps; i++)
		z->now.steps[i] = z->attempt.steps[z->f.made[i]];
	memcpy(z->now.choices, z->attempt.choices, z->now.n_choices * sizeof(*z->now.choices));
	z->now.n_steps = made->steps;
	z->now.loop = made->livelock ? made->loop + 1 : 0;
	memcpy(found->labels, made->labels, made->steps * sizeof(*found->labels));
	*found->learnt = *made->learnt;
	found->steps = found->lines = made->steps;
	found->loop = made->loop;
	found->violation = made->violation;
}

/* Follows the attempt, with what is known of where steps end; NULL: nothing. Returns 1 if it ends in the same violation, 0 if not, -1 with `e` filled in. */
static int try(struct minimizer *z, const struct learnt *known, struct error *e)
{
	if (known) {
		*z->followed.learnt = *known;
		*z->f.learning = *known;
	} else {
		memset(z->followed.learnt, 0, sizeof(*z->followed.learnt));
		memset(z->f.learning, 0, sizeof(*z->f.learning));
	}
	z->how->tried++;
	if (follow_all(&z->f, z->attempt.n_steps, e))
		return -1;
	z->steps += z->followed.steps + 1;
	return same_violation(&z->found, &z->followed) ? 1 : 0;
}

/* The trace without `n` steps from `at` on. */
static void leave_out(struct minimizer *z, size_t at, size_t n)
{
	const struct trace *now = &z->now;
	struct trace *t = &z->attempt;
	size_t loop = now->loop;

	memcpy(t->steps, now->steps, at * sizeof(*t->steps));
	memcpy(t->steps + at, now->steps + at + n, (now->n_steps - at - n) * sizeof(*t->steps));
	memcpy(t->choices, now->choices, now->n_choices * sizeof(*t->choices));
	t->n_steps = now->n_steps - n;
	if (loop > at + n)
		loop -= n;
	else if (loop > at + 1)
		loop = at + 1;
	t->loop = loop;
}

/*
 * Where steps end depends on what was learnt in the whole run. With what is left of it there may be less to know, so that
 * some steps are one. Returns whether it is so, or -1.
 */
static int with_less_knowledge(struct minimizer *z, struct error *e)
{
	int same;

	leave_out(z, 0, 0);
	same = try(z, NULL, e);
	if (same <= 0 || z->followed.steps >= z->now.n_steps)
		return same < 0 ? -1 : 0;
	accept(z);
	return 1;
}

static bool exhausted(struct minimizer *z)
{
	if (z->steps >= MINIMIZE_STEPS_MAX)
		z->how->complete = false;
	return !z->how->complete;
}

/* Returns how many steps are gone, or -1. */
static long without_steps(struct minimizer *z, struct error *e)
{
	size_t before = z->now.n_steps, round;

	for (size_t piece = (before + 1) / 2; piece > 0 && !exhausted(z);) {
		round = z->now.n_steps;
		for (size_t at = 0; at < z->now.n_steps && !exhausted(z);) {
			size_t n = z->now.n_steps - at < piece ? z->now.n_steps - at : piece;
			int same;

			leave_out(z, at, n);
			same = try(z, z->found.learnt, e);
			if (same < 0)
				return -1;
			if (same > 0)
				accept(z);
			else
				at += n;
		}
		/* What went last may have been all that kept an earlier one. */
		if (piece > 1 || z->now.n_steps == round)
			piece /= 2;
	}
	return (long)(before - z->now.n_steps);
}

static bool same_run(const struct followed *a, const struct followed *b)
{
	return a->steps == b->steps && memcmp(a->labels, b->labels, a->steps * sizeof(*a->labels)) == 0;
}

/* Lets choices be the first possibility. Returns how many are now that were not, or -1. */
static long without_choices(struct minimizer *z, struct error *e)
{
	long simplified = 0;

	for (size_t i = 0; i < z->now.n_steps; i++) {
		for (unsigned k = 0; k < z->now.steps[i].n_choices && !exhausted(z); k++) {
			size_t choice = z->now.steps[i].choices + k;
			int same;

			if (!z->now.choices[choice].value || z->now.choices[choice].column == IMPLIED)
				continue;
			leave_out(z, 0, 0);
			z->attempt.choices[choice].value = NULL;
			same = try(z, z->found.learnt, e);
			if (same < 0)
				return -1;
			if (same == 0 || same_run(&z->followed, &z->found)) /* it is the first already */
				continue;
			simplified++;
			accept(z);
			if (i >= z->now.n_steps)
				break;
		}
	}
	return simplified;
}

/* One choice of a step: counts it, and if there is room says it. */
static void say(struct minimizer *z, struct machine *m, const struct world_choice *choice, unsigned column,
                struct trace_step *step)
{
	size_t n = z->n_values;

	if (!question_name(choice->question)->name)
		return;
	z->n_values++;
	if (!z->values)
		return;
	choice_value(m->world, choice, z->values[n], sizeof(*z->values));
	z->now.choices[n] =
	        (struct trace_choice){.question = choice->question, .value = z->values[n], .column = column};
	step->n_choices++;
}

static void say_step(void *arg, struct machine *m, size_t number)
{
	struct minimizer *z = arg;
	struct trace_step *step;

	if (number == 0)
		return;
	step = &z->now.steps[number - 1];
	step->choices = z->n_values;
	step->n_choices = 0;
	for (unsigned i = 0; i < m->n_choices; i++)
		say(z, m, &m->choices[i], ASKED, step);
	for (unsigned i = 0; i < m->n_forced; i++)
		say(z, m, &m->forced[i], IMPLIED, step);
}

/* Makes every choice of the shortest trace known explicit: first counts them. */
static int say_all(struct minimizer *z, struct error *e)
{
	const struct replay_watcher watcher = {.arg = z, .step = say_step};
	const struct followed *r = &z->found;

	free(z->values);
	z->values = NULL;
	z->n_values = 0;
	if (replay(z->world, r->learnt, r->labels, r->steps, -1, &watcher, NULL, e))
		return -1;
	free(z->now.choices);
	free(z->attempt.choices);
	z->now.n_choices = z->attempt.n_choices = z->n_values;
	z->now.choices = calloc(z->n_values + 1, sizeof(*z->now.choices));
	z->attempt.choices = calloc(z->n_values + 1, sizeof(*z->attempt.choices));
	z->values = calloc(z->n_values + 1, sizeof(*z->values));
	if (!z->now.choices || !z->attempt.choices || !z->values)
		return error_set(e, "out of memory");
	z->n_values = 0;
	return replay(z->world, r->learnt, r->labels, r->steps, -1, &watcher, NULL, e);
}

static int shorten(struct minimizer *z, struct error *e)
{
	long gone, simplified;
	size_t steps;
	int less;

	do {
		steps = z->now.n_steps;
		if (say_all(z, e))
			return -1;
		gone = without_steps(z, e);
		simplified = gone < 0 ? -1 : without_choices(z, e);
		less = simplified < 0 ? -1 : 0;
		if (less == 0 && (gone > 0 || z->how->left_out > 0))
			less = with_less_knowledge(z, e);
		if (less < 0)
			return -1;
		z->how->simplified += (size_t)simplified;
		z->how->left_out += steps - z->now.n_steps;
	} while ((steps > z->now.n_steps || simplified > 0) && z->how->complete);
	return 0;
}

/* A copy with steps that may be changed, and no choices yet. */
static int copy(const struct trace *t, struct trace *to)
{
	*to = *t;
	to->choices = NULL;
	to->n_choices = 0;
	to->steps = calloc(t->n_steps + 1, sizeof(*to->steps));
	if (!to->steps)
		return -1;
	memcpy(to->steps, t->steps, t->n_steps * sizeof(*to->steps));
	return 0;
}

static void copy_free(struct trace *t)
{
	free(t->steps);
	free(t->choices);
}

int trace_minimize(const struct trace *t, const struct world *w, struct followed *result,
                   struct minimized *how, struct error *e)
{
	const struct follow_options options = {.own_image = true};
	struct minimizer z = {.how = how, .world = w};
	int status = -1;

	*how = (struct minimized){.complete = true};
	if (trace_follow(t, w, &options, NULL, &z.found, e))
		return -1;
	if (z.found.property < 0) {
		followed_free(&z.found);
		return error_set(e, "%.200s: it ends in no violation", t->name);
	}
	if (copy(t, &z.now) || copy(t, &z.attempt)) {
		error_set(e, "out of memory");
	} else if (follower_open(&z.f, &z.attempt, w, true, &z.followed, e) == 0) {
		z.now.n_steps = z.found.steps;
		z.f.skip = true;
		z.f.complete = false;
		z.f.made = calloc(z.f.room, sizeof(*z.f.made));
		status = z.f.made ? shorten(&z, e) : error_set(e, "out of memory");
	}
	*result = z.found;
	if (status)
		followed_free(result);
	follower_close(&z.f);
	followed_free(&z.followed);
	copy_free(&z.now);
	copy_free(&z.attempt);
	free(z.values);
	return status;
}
