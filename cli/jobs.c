/* SPDX-License-Identifier: MIT */
#include "jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static bool same_system(const struct world_config *a, const struct world_config *b)
{
	return a->cpus == b->cpus && a->vms == b->vms && a->vcpus == b->vcpus && a->threads == b->threads &&
	       a->env == b->env && a->uniprocessor == b->uniprocessor && a->granularity == b->granularity &&
	       a->unreduced == b->unreduced;
}

static bool same_search(const struct search_settings *a, const struct search_settings *b)
{
	return same_system(&a->config, &b->config) && build_settings_equal(&a->build, &b->build) &&
	       a->properties == b->properties && a->cycles == b->cycles &&
	       (a->endian == ENDIAN_BIG) == (b->endian == ENDIAN_BIG) && a->max_depth == b->max_depth &&
	       a->store == b->store && a->max_memory == b->max_memory && a->max_states == b->max_states &&
	       a->timeout >= b->timeout && a->timeout <= b->timeout;
}

int jobs_add(struct jobs *jobs, const char *variant, const struct search_settings *search, bool whole)
{
	struct job *job;

	for (size_t i = 0; i < jobs->n; i++) {
		job = &jobs->job[i];
		if (strcmp(job->variant, variant) == 0 && same_search(&job->settings.search, search)) {
			job->whole |= whole;
			return (int)i;
		}
	}
	if (jobs->n == jobs->capacity) {
		size_t capacity = jobs->capacity == 0 ? 64 : 2 * jobs->capacity;

		job = realloc(jobs->job, capacity * sizeof(*job));
		if (!job)
			return -1;
		jobs->job = job;
		jobs->capacity = capacity;
	}
	job = &jobs->job[jobs->n];
	*job = (struct job){.variant = strdup(variant), .settings = {.search = *search}, .whole = whole};
	if (!job->variant)
		return -1;
	return (int)jobs->n++;
}

int jobs_open(struct jobs *jobs, size_t number, struct error *e)
{
	struct job *job = &jobs->job[number];

	if (job->open)
		return 0;
	if (check_run_open(&job->run, job->variant, &job->settings, e))
		return -1;
	job->open = true;
	return 0;
}

void jobs_free(struct jobs *jobs)
{
	for (size_t i = 0; i < jobs->n; i++) {
		if (jobs->job[i].open)
			check_run_close(&jobs->job[i].run);
		free(jobs->job[i].variant);
	}
	free(jobs->job);
	*jobs = (struct jobs){0};
}

/* How long a search might take: only the order of these numbers matters. */
static double weight(const struct job *job)
{
	const struct world_config *c = &job->settings.search.config;
	double w = job->whole ? 1e6 : 1;

	for (unsigned i = 0; i < world_vcpus(c); i++)
		w *= 20;
	for (unsigned i = 0; i < c->threads; i++)
		w *= 8;
	for (unsigned i = 1; i < c->cpus; i++)
		w *= 6;
	for (unsigned env = c->env; env != 0; env &= env - 1)
		w *= 4;
	if (c->granularity == GRANULARITY_INSN)
		w *= 10;
	if (c->unreduced != 0)
		w *= 10;
	return w;
}

struct pool {
	struct jobs *jobs;
	size_t *order; /* numbers of jobs */
	size_t n, next, done;
	size_t share; /* bytes for each search */
	const volatile sig_atomic_t *interrupt;
	void (*tick)(void *arg, size_t done, size_t all);
	void *arg;
	pthread_mutex_t lock; /* of next, done and tick */
};

/* An entry of pool->order, and the job's weight. */
struct ranked {
	size_t number;
	double weight;
};

static int heavier_first(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->weight > y->weight || x->weight < y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static int sort(struct pool *pool, size_t first)
{
	struct ranked *ranked = calloc(pool->n + 1, sizeof(*ranked));

	pool->order = calloc(pool->n + 1, sizeof(*pool->order));
	if (!ranked || !pool->order) {
		free(ranked);
		return -1;
	}
	for (size_t i = 0; i < pool->n; i++)
		ranked[i] = (struct ranked){first + i, weight(&pool->jobs->job[first + i])};
	qsort(ranked, pool->n, sizeof(*ranked), heavier_first);
	for (size_t i = 0; i < pool->n; i++)
		pool->order[i] = ranked[i].number;
	free(ranked);
	return 0;
}

static void run_one(const struct pool *pool, struct job *job, size_t memory)
{
	struct check_settings settings = job->settings;

	/* 0: no limit */
	if (memory != 0 && (settings.search.max_memory == 0 || settings.search.max_memory > memory))
		settings.search.max_memory = memory;
	check_run(&job->run, &settings, NULL, pool->interrupt);
}

static void *work(void *arg)
{
	struct pool *pool = arg;

	for (;;) {
		size_t i;

		(void)pthread_mutex_lock(&pool->lock);
		i = pool->next < pool->n ? pool->next++ : pool->n;
		(void)pthread_mutex_unlock(&pool->lock);
		if (i == pool->n)
			return NULL;
		run_one(pool, &pool->jobs->job[pool->order[i]], pool->share);
		(void)pthread_mutex_lock(&pool->lock);
		pool->done++;
		if (pool->tick)
			pool->tick(pool->arg, pool->done, pool->n);
		(void)pthread_mutex_unlock(&pool->lock);
	}
}

static bool short_of_memory(const struct check_run *run)
{
	const char *reason = run->result.reason;

	return run->result.verdict == CHECK_INCOMPLETE && reason &&
	       (strcmp(reason, CHECK_REASON_MEMORY) == 0 || strcmp(reason, CHECK_REASON_NO_MEMORY) == 0);
}

/* What did not fit into its share has all the memory for itself now. */
static int repeat_alone(struct pool *pool, size_t memory, struct error *e)
{
	for (size_t i = 0; i < pool->n; i++) {
		struct job *job = &pool->jobs->job[pool->order[i]];

		if (!short_of_memory(&job->run) || *pool->interrupt)
			continue;
		check_run_close(&job->run);
		job->open = false;
		if (jobs_open(pool->jobs, pool->order[i], e))
			return -1;
		run_one(pool, job, memory);
	}
	return 0;
}

int jobs_run(struct jobs *jobs, size_t first, const struct jobs_limits *limits,
             const volatile sig_atomic_t *interrupt, void (*tick)(void *arg, size_t done, size_t all),
             void *arg, struct error *e)
{
	struct pool pool = {.jobs = jobs,
	                    .n = jobs->n - first,
	                    .interrupt = interrupt,
	                    .tick = tick,
	                    .arg = arg,
	                    .lock = PTHREAD_MUTEX_INITIALIZER};
	unsigned wanted = limits->threads < pool.n ? limits->threads : (unsigned)pool.n, started = 0;
	pthread_t *threads = calloc(wanted + 1, sizeof(*threads));
	int status = 0;

	if (!threads || sort(&pool, first)) {
		status = error_set(e, "out of memory");
		goto out;
	}
	pool.share = wanted > 1 ? limits->memory / wanted : limits->memory;
	if (pool.share == 0 && limits->memory > 0)
		pool.share = 1; /* 0 would mean: no limit */
	while (started < wanted && pthread_create(&threads[started], NULL, work, &pool) == 0)
		started++;
	if (pool.n > 0 && started == 0)
		status = error_set(e, "cannot start a thread");
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	if (status == 0 && wanted > 1)
		status = repeat_alone(&pool, limits->memory, e);
out:
	(void)pthread_mutex_destroy(&pool.lock);
	free(pool.order);
	free(threads);
	return status;
}
