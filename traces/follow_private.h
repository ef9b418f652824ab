/* SPDX-License-Identifier: MIT */
/* What the files that follow a trace share. */
#ifndef LAZYSWITCH_TRACES_FOLLOW_PRIVATE_H
#define LAZYSWITCH_TRACES_FOLLOW_PRIVATE_H

#include "follow.h"

enum step_end {
	STEP_MADE,
	STEP_LEARNT,   /* result->learnt has more than before: begin again */
	STEP_DIVERGED, /* result->why says so */
};

struct follower {
	const struct trace *trace;
	struct followed *result;
	size_t room; /* for labels */
	size_t max_states;
	struct machine *machine;
	struct learnt *learning; /* the machine's; a wrong attempt may add to it, and is undone */
	uint32_t *before;        /* the machine before the step at hand */
	uint32_t *booted;        /* and after boot */
	uint32_t *resume;        /* and before the steps that are filled in */
	bool complete;           /* nothing is left to be learnt */
	bool ended;              /* the last step ended the run */
	size_t loop_at;          /* labels before the steps that are to be repeated */
	struct error why_not;    /* the last attempt failed */

	/* While a trace is made shorter: steps that are not possible are left out, and choices that are not asked for. */
	bool skip;
	size_t *made; /* [room], or NULL: which step of the trace each label is */
};

/* Boots a machine to follow `t` on. Returns 0 or -1; follower_close() in any case. `result` is freed by the caller. */
int follower_open(struct follower *f, const struct trace *t, const struct world *w, bool own_image,
                  struct followed *result, struct error *e);
void follower_close(struct follower *f);

/* Follows the first `n` steps of the trace, and says in the result how that ended. Returns 0, or -1 with `e` filled in. */
int follow_all(struct follower *f, size_t n, struct error *e);

/* Back to where the machine had just booted, with nothing made. */
void follow_restart(struct follower *f);

/*
 * Follows steps from result->lines on, up to an open one, to the n-th, or to a violation; the machine stands at f->before
 * where the last one has ended. STEP_MADE: so it did.
 */
enum step_end follow_lines(struct follower *f, size_t n);

/* All of them have been followed: is that where it ends, or does it go round in circles? */
void follow_look_for_stuck(struct follower *f);

/* The machine has just made this step: adds it to the result. `last`: of the trace. True: it violates something. */
bool follow_append(struct follower *f, const struct model_label *label, bool last);

/* The name of who runs on a CPU before the step at hand. Returns buf. */
const char *follow_who(struct follower *f, unsigned cpu, char *buf, size_t size);

/* Lets the machine make a step from f->before. Returns what machine_step() does. */
int follow_attempt(struct follower *f, const struct model_label *label);

/* The last attempt taught something: keeps it, if that may be. */
enum step_end follow_learn(struct follower *f, const struct trace_step *step);

/* Finds the label of a step, and leaves the machine behind it. */
enum step_end follow_step(struct follower *f, const struct trace_step *step, struct model_label *label);

/*
 * The same for a step that need not be possible at once: its CPU goes on until it is. The steps that takes are added to the
 * result. If one of them violates something, it is STEP_MADE, and result->property says so.
 */
enum step_end follow_filling(struct follower *f, const struct trace_step *step, struct model_label *label);

/* A step of version 1 is not possible: if it might be when its CPU goes on, the message says how to let it wait. */
void follow_advise(struct follower *f, const struct trace_step *step);

/* The label of the last attempt does what an open step says. */
bool follow_fits(struct follower *f, const struct trace_step *step);

/* Fills in line, column and message. Returns STEP_DIVERGED. */
enum step_end follow_diverge(struct follower *f, const struct trace_step *step, unsigned column,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* complete.c: follow_all() for a trace with open steps, once: STEP_LEARNT means again. -1 in *status: an error. */
enum step_end follow_completing(struct follower *f, size_t n, int *status, struct error *e);

#endif
