/* SPDX-License-Identifier: MIT */
/*
 * All completions of a schedule, as a transition system for engines: a state is one of the world's, and how much of
 * the schedule has happened. A step of the world is a step of it unless it does what the schedule does not have there.
 */
#ifndef LAZYSWITCH_TRACES_FTRACE_FILLING_H
#define LAZYSWITCH_TRACES_FTRACE_FILLING_H

#include "happened.h"
#include "model/world/collapsed.h"
#include "schedule.h"

struct filling;

enum { FILLING_REFUSED_MAX = 8 };

/* How far any completion came. */
struct filling_reach {
	uint32_t at[NR_CPUS]; /* so many of each CPU's events: of those that came as far as any, the first */
	size_t events, all;
	/* What the model would have done there instead: different ones, the first few. */
	struct {
		unsigned cpu;
		struct happened what;
	} refused[FILLING_REFUSED_MAX];
	unsigned n_refused;
};

/*
 * `collapsed` is without symmetry, and serves nobody else meanwhile; it, the world and the schedule must outlive this.
 * `properties`: a step that violates one of these ends the run; the schedule need not have what would come behind. Returns NULL
 * with `e` filled in when out of memory.
 */
struct filling *filling_new(const struct world *world, struct collapsed *collapsed,
                            const struct schedule *schedule, uint32_t properties, struct error *e);
void filling_free(struct filling *f);

/* The interface for engines; borrowed, valid as long as `f`. */
const struct model *filling_model(struct filling *f);

/* Since the search began for the last time. Borrowed. */
const struct filling_reach *filling_reach(const struct filling *f);

#endif
