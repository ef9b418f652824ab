/* SPDX-License-Identifier: MIT */
#include "tests/checker/thread_ranks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct thread_rank {
	struct thread_ranks *all;
	unsigned number;
	unsigned long calls;
	/* What it brings to the call at hand. */
	const void *bytes;
	size_t n;
	const struct ranks_part *out;
	unsigned pieces;
	/* What it was sent last. */
	char *received[THREAD_RANKS_MAX];

	pthread_t thread;
	void (*run)(void *arg, const struct ranks *rank);
	void *arg;
};

/* Waits for all others. Returns non-zero if one of them has left for good. */
static int meet(struct thread_rank *me)
{
	struct thread_ranks *all = me->all;
	unsigned long meeting;
	int status;

	(void)pthread_mutex_lock(&all->lock);
	meeting = all->meetings;
	if (++all->here == all->count) {
		all->here = 0;
		all->meetings++;
		(void)pthread_cond_broadcast(&all->change);
	}
	while (all->meetings == meeting && all->left == 0)
		(void)pthread_cond_wait(&all->change, &all->lock);
	status = all->meetings == meeting ? -1 : 0;
	all->missed |= status != 0;
	(void)pthread_mutex_unlock(&all->lock);
	return status;
}

/* A rank that has come to its end takes part in nothing any more. */
static void leave(struct thread_rank *me)
{
	struct thread_ranks *all = me->all;

	(void)pthread_mutex_lock(&all->lock);
	all->left++;
	(void)pthread_cond_broadcast(&all->change);
	(void)pthread_mutex_unlock(&all->lock);
}

/* All find out in the same call: a rank that is gone cannot take part in any. */
static int is_lost(struct thread_rank *me, struct error *e)
{
	me->calls++;
	return me->calls == me->all->lost_at ? error_set(e, "a rank is gone") : 0;
}

/* Do all call the same? */
static void compare(const struct thread_rank *me)
{
	for (unsigned r = 0; r < me->all->count; r++)
		assert(me->all->rank[r].out ? me->out != NULL
		                            : me->out == NULL && me->all->rank[r].n == me->n);
}

static int gather(void *self, const void *mine, size_t n, void *all, struct error *e)
{
	struct thread_rank *me = self;

	if (is_lost(me, e))
		return -1;
	me->bytes = mine;
	me->n = n;
	me->out = NULL;
	if (meet(me))
		return error_set(e, "a rank has left");
	compare(me);
	for (unsigned r = 0; r < me->all->count; r++)
		memcpy((char *)all + r * n, me->all->rank[r].bytes, n);
	return meet(me) ? error_set(e, "a rank has left") : 0;
}

/* The pieces of one rank for another, one behind the other. */
static size_t join(const struct thread_rank *from, unsigned to, char *bytes)
{
	size_t n = 0;

	for (unsigned i = 0; i < from->pieces; i++) {
		const struct ranks_part *piece = &from->out[to * from->pieces + i];

		if (bytes && piece->n > 0)
			memcpy(bytes + n, piece->bytes, piece->n);
		n += piece->n;
	}
	return n;
}

static int exchange(void *self, const struct ranks_part *out, unsigned pieces, struct ranks_part *in,
                    struct error *e)
{
	struct thread_rank *me = self;
	int status = 0;

	if (is_lost(me, e))
		return -1;
	me->out = out;
	me->pieces = pieces;
	if (meet(me))
		return error_set(e, "a rank has left");
	compare(me);
	for (unsigned r = 0; r < me->all->count; r++) {
		const struct thread_rank *from = &me->all->rank[r];
		size_t n = join(from, me->number, NULL);

		free(me->received[r]);
		me->received[r] = malloc(n + 1);
		in[r] = (struct ranks_part){me->received[r], n};
		if (me->received[r])
			(void)join(from, me->number, me->received[r]);
		else
			status = error_set(e, "out of memory");
	}
	/* What others borrow must stay until then. */
	return meet(me) ? error_set(e, "a rank has left") : status;
}

void thread_ranks_init(struct thread_ranks *ranks, unsigned count)
{
	*ranks = (struct thread_ranks){.count = count, .rank = calloc(count, sizeof(*ranks->rank))};
	assert(ranks->rank && count <= THREAD_RANKS_MAX);
	(void)pthread_mutex_init(&ranks->lock, NULL);
	(void)pthread_cond_init(&ranks->change, NULL);
	for (unsigned r = 0; r < count; r++) {
		ranks->rank[r].all = ranks;
		ranks->rank[r].number = r;
		ranks->ranks[r] = (struct ranks){.self = &ranks->rank[r],
		                                 .number = r,
		                                 .count = count,
		                                 .gather = gather,
		                                 .exchange = exchange};
	}
}

void thread_ranks_free(struct thread_ranks *ranks)
{
	for (unsigned r = 0; r < ranks->count; r++) {
		for (unsigned k = 0; k < ranks->count; k++)
			free(ranks->rank[r].received[k]);
	}
	(void)pthread_mutex_destroy(&ranks->lock);
	(void)pthread_cond_destroy(&ranks->change);
	free(ranks->rank);
}

unsigned long thread_ranks_calls(const struct thread_ranks *ranks)
{
	return ranks->rank[0].calls;
}

static void *start(void *arg)
{
	struct thread_rank *me = arg;

	me->run(me->arg, &me->all->ranks[me->number]);
	leave(me);
	return NULL;
}

void thread_ranks_run(struct thread_ranks *ranks, void (*run)(void *arg, const struct ranks *rank), void *arg)
{
	for (unsigned r = 0; r < ranks->count; r++) {
		struct thread_rank *me = &ranks->rank[r];

		me->run = run;
		me->arg = arg;
		assert(pthread_create(&me->thread, NULL, start, me) == 0);
	}
	for (unsigned r = 0; r < ranks->count; r++)
		(void)pthread_join(ranks->rank[r].thread, NULL);
}
