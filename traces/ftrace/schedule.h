/* SPDX-License-Identifier: MIT */
/* A trace as what a run of the model has to do, for each CPU in order: docs/how-to/ftrace.md has the rules. */
#ifndef LAZYSWITCH_TRACES_FTRACE_SCHEDULE_H
#define LAZYSWITCH_TRACES_FTRACE_SCHEDULE_H

#include "mapping.h"

struct scheduled {
	enum ftrace_kind kind; /* any but FTRACE_MIGRATE */
	uint32_t task;         /* who does it; SWITCH: who runs next */
	enum ftrace_exit exit;
	unsigned line; /* 0: what went before the recording */
	/* What of each CPU must have happened: so many of its events. */
	uint32_t needs[NR_CPUS];
};

struct schedule {
	unsigned cpus;
	unsigned kinds; /* that were recorded, a bit set; the others are open */
	struct scheduled *of[NR_CPUS];
	uint32_t n[NR_CPUS];
	size_t events; /* of the trace, without what went before */
};

/*
 * Returns 0, or -1 with `e` filled in: "FILE:LINE:1: ...", an event that contradicts an earlier one (a task leaves a CPU
 * where it does not run, or runs in two places); out of memory. Then there is nothing to free.
 */
int schedule_make(const struct ftrace *f, const struct mapping *m, struct schedule *s, struct error *e);
void schedule_free(struct schedule *s);

#endif
