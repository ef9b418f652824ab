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

	/* What had one possibility when the trace was followed, and may have more without some step: said as well. */
	const struct trace_choice *said;
	char (*implied)[16]; /* values */
	size_t n_implied;
};

enum { IMPLIED = 0 }; /* the column of such a choice */

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

static int shorten(struct minimizer *z, struct error *e)
{
	long gone, simplified;
	size_t steps;
	int less;

	do {
		steps = z->now.n_steps;
		gone = without_steps(z, e);
		simplified = gone < 0 ? -1 : without_choices(z, e);
		if (simplified < 0)
			return -1;
		z->how->simplified += (size_t)simplified;
		z->how->left_out += steps - z->now.n_steps;
		steps = z->now.n_steps;
		less = z->how->left_out > 0 ? with_less_knowledge(z, e) : 0;
		if (less < 0)
			return -1;
		z->how->left_out += steps - z->now.n_steps;
	} while ((gone > 0 || simplified > 0 || less > 0) && z->how->complete);
	return 0;
}

/* A copy with steps and choices that may be changed, and room for what is implied. */
static int copy(const struct trace *t, struct trace *to)
{
	*to = *t;
	to->steps = calloc(t->n_steps + 1, sizeof(*to->steps));
	to->choices = calloc(t->n_choices + FORCED_MAX * t->n_steps + 1, sizeof(*to->choices));
	if (!to->steps || !to->choices)
		return -1;
	memcpy(to->steps, t->steps, t->n_steps * sizeof(*to->steps));
	return 0;
}

/* After each step of the run: copies its choices, and adds what is implied. Behind those said, so that these keep their meaning. */
static void add_implied(void *arg, struct machine *m, size_t number)
{
	struct minimizer *z = arg;
	struct trace *now = &z->now;
	struct trace_step *step;
	size_t first = now->n_choices;

	if (number == 0)
		return;
	step = &now->steps[number - 1];
	memcpy(now->choices + first, z->said + step->choices, step->n_choices * sizeof(*now->choices));
	now->n_choices += step->n_choices;
	step->choices = first;
	for (unsigned i = 0; i < m->n_forced; i++) {
		char *value = z->implied[z->n_implied];

		if (!question_name(m->forced[i].question)->name)
			continue;
		choice_value(m->world, &m->forced[i], value, sizeof(*z->implied));
		z->n_implied++;
		step->n_choices++;
		now->choices[now->n_choices++] = (struct trace_choice){
		        .question = m->forced[i].question, .value = value, .column = IMPLIED};
	}
}

/* The shortest trace known is the one that was followed. */
static int begin(struct minimizer *z, const struct trace *t, const struct world *w, struct error *e)
{
	const struct replay_watcher watcher = {.arg = z, .step = add_implied};

	z->said = t->choices;
	z->implied = calloc(FORCED_MAX * t->n_steps + 1, sizeof(*z->implied));
	if (!z->implied || copy(t, &z->now) || copy(t, &z->attempt))
		return error_set(e, "out of memory");
	z->now.n_steps = z->found.steps;
	z->now.n_choices = 0;
	return replay(w, z->found.learnt, z->found.labels, z->found.steps, -1, &watcher, NULL, e);
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
	struct minimizer z = {.how = how};
	int status = -1;

	*how = (struct minimized){.complete = true};
	if (trace_follow(t, w, &options, NULL, &z.found, e))
		return -1;
	if (z.found.property < 0) {
		followed_free(&z.found);
		return error_set(e, "%.200s: it ends in no violation", t->name);
	}
	if (begin(&z, t, w, e) == 0 && follower_open(&z.f, &z.attempt, w, true, &z.followed, e) == 0) {
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
	free(z.implied);
	return status;
}
