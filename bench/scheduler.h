/* SPDX-License-Identifier: MIT */
/*
 * A scheduler, as abstract as they come: CPUs, tasks, a run queue, two locks. Nothing of it is ARM's or
 * KVM's: it is the second client of model/model.h, with successors so cheap that a search of it measures the
 * engine and not the model.
 *
 * A state is SCHEDULER_WORDS integers, all below 256, whatever the size; a step changes a few, seven at most.
 */
#ifndef LAZYSWITCH_BENCH_SCHEDULER_H
#define LAZYSWITCH_BENCH_SCHEDULER_H

#include "model/model.h"

enum { SCHEDULER_CPUS = 2, SCHEDULER_TASKS_MAX = 4, SCHEDULER_WORDS = 53 };

struct scheduler {
	unsigned tasks;  /* 1 to SCHEDULER_TASKS_MAX */
	unsigned values; /* that a task's register can have: 1 to 255 */
	unsigned slice;  /* ticks until a task is preempted: 1 to 255 */
	struct model model;
};

struct scheduler_size {
	const char *name;
	unsigned tasks, values, slice;
};

/* The sizes that have a name, from the smallest to the largest; the last has no name. */
extern const struct scheduler_size scheduler_sizes[];

/* NULL if there is none of that name. */
const struct scheduler_size *scheduler_size(const char *name);

/* Fills in *s; s->model is valid as long as *s stays where it is. Nothing needs to be freed. */
void scheduler_init(struct scheduler *s, const struct scheduler_size *size);

#endif
