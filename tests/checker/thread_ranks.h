/* SPDX-License-Identifier: MIT */
/* Ranks that are threads of this process. */
#ifndef LAZYSWITCH_TESTS_CHECKER_THREAD_RANKS_H
#define LAZYSWITCH_TESTS_CHECKER_THREAD_RANKS_H

#include <pthread.h>
#include <stdbool.h>

#include "checker/distributed/ranks.h"

enum { THREAD_RANKS_MAX = 8 };

struct thread_rank;

struct thread_ranks {
	struct ranks ranks[THREAD_RANKS_MAX]; /* what each of them is given */

	unsigned count;
	unsigned long lost_at; /* the call, counted from 1, in which a rank turns out to be gone; 0: none */

	pthread_mutex_t lock;
	pthread_cond_t change;
	unsigned here, left; /* ranks that wait for the others; that have come to their ends */
	unsigned long meetings;
	bool missed; /* a rank has waited for one that had come to its end */

	struct thread_rank *rank; /* [count] */
};

void thread_ranks_init(struct thread_ranks *ranks, unsigned count);
void thread_ranks_free(struct thread_ranks *ranks);

/* How many calls a rank has made. */
unsigned long thread_ranks_calls(const struct thread_ranks *ranks);

/* Calls run(arg, rank) for every rank, each in a thread of its own. */
void thread_ranks_run(struct thread_ranks *ranks, void (*run)(void *arg, const struct ranks *rank),
                      void *arg);

#endif
