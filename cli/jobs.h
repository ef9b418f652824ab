/* SPDX-License-Identifier: MIT */
/*
 * Many searches at once, each in a thread of its own. They are independent: what comes out does not depend on
 * how many run at the same time, nor on their order.
 */
#ifndef LAZYSWITCH_CLI_JOBS_H
#define LAZYSWITCH_CLI_JOBS_H

#include "check_run.h"

struct job {
	char *variant; /* owned */
	struct check_settings settings;
	bool whole; /* is it expected to visit every state? Only for the order in which jobs run */

	/* After jobs_run(): */
	struct check_run run;
	bool open; /* `run` is to be closed */
};

struct jobs {
	struct job *job;
	size_t n, capacity;
};

struct jobs_limits {
	unsigned threads;
	size_t memory; /* bytes, for all of them together */
};

/*
 * Adds a search, or finds the same one; returns its number, or -1 when out of memory. Of the settings only
 * the system, the properties, the endianness and the limits count.
 */
int jobs_add(struct jobs *jobs, const char *variant, const struct search_settings *search, bool whole);

/* Loads the variant of a job and builds its world, if that is not done yet. Returns 0, or -1 with `e` filled
 * in. */
int jobs_open(struct jobs *jobs, size_t number, struct error *e);

/*
 * Runs the jobs from number `first` on, which are open: the longest first, as far as that can be guessed.
 * `tick`, if not NULL, is called whenever one is finished, one call at a time. A job that does not get along
 * with its share of the memory is repeated alone, with all of it. Returns 0, or -1 with `e` filled in if no
 * thread could be started.
 */
int jobs_run(struct jobs *jobs, size_t first, const struct jobs_limits *limits,
             const volatile sig_atomic_t *interrupt, void (*tick)(void *arg, size_t done, size_t all),
             void *arg, struct error *e);

void jobs_free(struct jobs *jobs);

#endif
