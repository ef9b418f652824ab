/* SPDX-License-Identifier: MIT */
/* Makes a violating trace shorter. */
#ifndef LAZYSWITCH_TRACES_MINIMIZE_H
#define LAZYSWITCH_TRACES_MINIMIZE_H

#include "follow.h"

/* Bounds an attempt to make it shorter; a trace that somebody made needs far less. */
enum { MINIMIZE_STEPS_MAX = 20000000 };

struct minimized {
	size_t left_out;   /* steps */
	size_t simplified; /* choices that are the first possibility now, and were not */
	size_t tried;      /* shorter traces */
	bool complete;     /* false: MINIMIZE_STEPS_MAX is reached, and more might go */
};

/*
 * Follows `t`, which says every choice, with no step open, and ends in a violation; then leaves out whatever can be
 * left out of it, as long as it ends in the same violation: of the same property, and, if somebody saw it, seen by
 * the same CPU, at the same instruction, in the same words. In the end no single step can be left out any more,
 * whether alone or with those that become impossible without it; and no choice can be the first possibility instead. Returns 0
 * with *result filled in as by trace_follow(), or -1 with `e` filled in: out of memory, or `t` ends in no violation.
 */
int trace_minimize(const struct trace *t, const struct world *world, struct followed *result,
                   struct minimized *how, struct error *e);

#endif
