/* SPDX-License-Identifier: MIT */
/* What the two files that follow a trace share. */
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
	struct machine *machine;
	struct learnt *learning; /* the machine's; a wrong attempt may add to it, and is undone */
	uint32_t *before;        /* the machine before the step at hand */
	uint32_t *booted;        /* and after boot */
	bool complete;           /* nothing is left to be learnt */
	bool ended;              /* the last step ended the run */
	struct error why_not;    /* the last attempt failed */
};

/* Lets the machine make a step from f->before. Returns what machine_step() does. */
int follow_attempt(struct follower *f, const struct model_label *label);

/* Finds the label of a step, and leaves the machine behind it. */
enum step_end follow_step(struct follower *f, const struct trace_step *step, struct model_label *label);

/* Fills in line, column and message. Returns STEP_DIVERGED. */
enum step_end follow_diverge(struct follower *f, const struct trace_step *step, unsigned column,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
