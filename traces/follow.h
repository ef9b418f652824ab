/* SPDX-License-Identifier: MIT */
/*
 * Follows a trace that was read on a system: turns choices by meaning into a run
 * of the machine, on the variant that the trace was made for or on another one.
 */
#ifndef LAZYSWITCH_TRACES_FOLLOW_H
#define LAZYSWITCH_TRACES_FOLLOW_H

#include "reader.h"
#include "sim/replay.h"

enum trace_outcome {
	TRACE_REPRODUCED, /* a step violates the property of the trace (or, if it names none, any of those
	                     searched) */
	TRACE_OTHER_VIOLATION, /* a step violates another property of those searched */
	TRACE_NO_VIOLATION,    /* every step is possible, and none violates */
	TRACE_DIVERGED,        /* a step is not possible */
	TRACE_INCOMPLETE, /* steps are open, and the search for them ended at a bound: any of these may be so */
};

/* So many states are seen at most in a search for open steps. */
enum { OPEN_STATES_MAX = 200000 };

struct follow_options {
	size_t until;      /* follow so many steps at most; 0: all */
	size_t max_states; /* in a search for open steps; 0: OPEN_STATES_MAX */
	/*
	 * The image is the one that the trace was made with: what the trace says of where steps end must be
	 * complete then. Otherwise, what it does not say is found out.
	 */
	bool own_image;
};

struct followed {
	enum trace_outcome outcome;
	struct model_label *labels; /* [steps]: the run, for replay() and story_record() */
	size_t steps;               /* that were made, the violating one included */
	size_t lines;               /* of the trace's steps those that were made */
	size_t states;              /* seen in the search for the steps that are open; 0: none are */
	int property;               /* the violated one, or -1 */
	bool standstill;            /* it is violated because no CPU can do anything; `violation` is empty */
	bool livelock; /* it is violated because the last steps can be repeated for ever; `violation` is empty, too */
	size_t loop;                /* livelock: the first of these, counted from 0; otherwise `steps` */
	struct violation violation; /* what was seen */

	/* TRACE_DIVERGED and TRACE_INCOMPLETE: where, and "FILE:LINE:COLUMN: why; what would have been possible". */
	unsigned line, column;
	struct error why;

	struct learnt *learnt; /* where steps end in this run; of what the trace says, what this image has */
	size_t dropped_closings; /* so many the image does not have */
};

/*
 * Follows `t` from boot on; `world` has any image, and should have the configuration of the trace. It stops
 * after the first step that violates one of the properties searched. What a step does not say, the action
 * or a choice, becomes the first possibility. From version 2 on, a step without a place is made where it first is
 * possible when its CPU goes on, and open steps are searched for (complete.c). The watcher (may be NULL) sees the run once it is known, as
 * with replay(): only the steps that are possible. Returns 0 with *result filled in, to be freed with
 * followed_free(), or -1 with `e` filled in: out of memory, or the image cannot even boot.
 */
int trace_follow(const struct trace *t, const struct world *world, const struct follow_options *options,
                 const struct replay_watcher *watcher, struct followed *result, struct error *e);
void followed_free(struct followed *result);

/*
 * Was the same thing seen as when the trace was written: by the same CPU, at the same place, in the same
 * words? True if the trace does not say. `image`: the one that was followed on.
 */
bool followed_as_seen(const struct trace *t, const struct image *image, const struct followed *result);

/* "reproduced", "other-violation", "no-violation", "diverged", "incomplete": the words of every output format. */
const char *trace_outcome_name(enum trace_outcome outcome);

#endif
