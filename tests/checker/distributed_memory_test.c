/* SPDX-License-Identifier: MIT */
/*
 * Allocations of one rank fail: no rank says "pass" or "fail" falsely, none waits for one that does not come any more, and what
 * is saved is whole.
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "checker/distributed/distributed.h"
#include "checker/distributed/shard_file.h"
#include "tests/checker/thread_ranks.h"
#include "tests/checker/toys.h"

/* The program is linked with --wrap. */
/* NOLINTBEGIN(bugprone-reserved-identifier): the linker makes these names. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
int __real_fsync(int fd);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
int __wrap_fsync(int fd);

/* Of this thread, that is of its rank, since start(). */
static __thread unsigned long allocations, failing, syncs, failing_sync;
static __thread bool failing_on; /* and all after it */

static bool fails(void)
{
	allocations++;
	return failing != 0 && (allocations == failing || (failing_on && allocations > failing));
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

int __wrap_fsync(int fd)
{
	if (++syncs != failing_sync)
		return __real_fsync(fd);
	errno = EIO;
	return -1;
}
/* NOLINTEND(bugprone-reserved-identifier) */

/* One search by several ranks, of which one runs out of memory. */
struct distributed {
	unsigned ranks, short_of_memory;
	unsigned long failing, failing_sync;
	bool failing_on;
	struct check_options options;
	struct random_graph graph; /* each rank has one of its own; or, if it has no states */
	struct grid grid;
	unsigned long allocations, syncs; /* of that rank */
	bool missed;
	struct random_graph graphs[THREAD_RANKS_MAX];
	struct check_result result[THREAD_RANKS_MAX];
	struct error error[THREAD_RANKS_MAX];
};

static void search(void *arg, const struct ranks *ranks)
{
	struct distributed *d = arg;
	unsigned r = ranks->number;
	struct grid grid = d->grid;
	struct model model;

	d->graphs[r] = d->graph;
	model = d->graph.states != 0 ? random_graph_model(&d->graphs[r]) : grid_model(&grid);
	allocations = syncs = 0;
	failing = r == d->short_of_memory ? d->failing : 0;
	failing_sync = r == d->short_of_memory ? d->failing_sync : 0;
	failing_on = d->failing_on;
	(void)check_distributed(&model, &d->options, ranks, &d->result[r], &d->error[r]);
	failing = failing_sync = 0;
	if (r == d->short_of_memory) {
		d->allocations = allocations;
		d->syncs = syncs;
	}
}

static void run(struct distributed *d)
{
	struct thread_ranks ranks;
	bool apart = false;

	memset(d->error, 0, sizeof(d->error));
	thread_ranks_init(&ranks, d->ranks);
	thread_ranks_run(&ranks, search, d);
	d->missed = ranks.missed;
	thread_ranks_free(&ranks);
	for (unsigned r = 0; r < d->ranks; r++)
		apart |= d->result[r].apart;
	/* Whoever leaves the others waiting says so: then the program ends them. */
	if (d->missed && !d->result[d->short_of_memory].apart)
		fail_msg("allocation %lu: a rank ends, as if all others did", d->failing);
	assert_true(d->missed == apart || !d->missed);
}

static void free_results(struct distributed *d)
{
	for (unsigned r = 0; r < d->ranks; r++)
		check_result_free(&d->result[r]);
}

static char file[] = "/tmp/lazyswitch-distributed-memory-XXXXXX";

static void assert_same(const struct check_result *a, const struct check_result *b, unsigned long failed)
{
	if (a->verdict != b->verdict || a->property != b->property || a->states != b->states ||
	    a->transitions != b->transitions || a->depth != b->depth || a->trace_length != b->trace_length ||
	    a->n_findings != b->n_findings)
		fail_msg("allocation %lu: %s, %" PRIu64 " states, %" PRIu64 " steps, depth %u, %zu findings",
		         failed, check_verdict_name(a->verdict), a->states, a->transitions, a->depth,
		         a->n_findings);
}

/* What was saved when memory ran out leads to the end. */
static void go_on(const struct distributed *d, const struct check_result *expected)
{
	struct distributed again = *d;

	again.failing = again.failing_sync = 0;
	again.options.checkpoint = NULL;
	again.options.resume = file;
	again.ranks = d->ranks;
	run(&again);
	for (unsigned r = 0; r < again.ranks; r++) {
		if (again.result[r].verdict == CHECK_ERROR)
			fail_msg("allocation %lu: %s", d->failing, again.error[r].text);
		assert_same(&again.result[r], expected, d->failing);
	}
	/* All models know the same. */
	for (unsigned r = 1; r < again.ranks && d->graph.states != 0; r++)
		assert_memory_equal(again.graphs[r].order, again.graphs[0].order,
		                    sizeof(again.graphs[0].order));
	free_results(&again);
}

/* Which allocation fails next: each of the first, then some. Sanitizers take their time. */
static unsigned long next_failing(unsigned long i, unsigned long total, unsigned per)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	per /= 4;
	return i < 6 ? i + 1 : i + total / per + 1;
#else
	return i < 25 ? i + 1 : i + total / per + 1;
#endif
}

static void fail_each(struct distributed *d, unsigned per)
{
	struct check_result expected;
	unsigned long total;

	d->failing = 0;
	run(d);
	expected = d->result[0];
	total = d->allocations;
	for (unsigned r = 1; r < d->ranks; r++)
		check_result_free(&d->result[r]);
	for (unsigned long i = 1; i <= total; i = next_failing(i, total, per)) {
		for (int on = 0; on < 2; on++) {
			bool saved = false;

			d->failing = i;
			d->failing_on = on != 0;
			shard_remove_parts(file, 0);
			(void)remove(file);
			run(d);
			for (unsigned r = 0; r < d->ranks; r++) {
				const struct check_result *result = &d->result[r];

				if (result->verdict == CHECK_ERROR)
					assert_true(d->error[r].text[0] != '\0');
				else if (result->reason)
					assert_non_null(result->reason);
				else
					assert_same(result, &expected, i);
				saved |= result->checkpointed;
			}
			free_results(d);
			if (d->options.checkpoint && (saved || access(file, R_OK) == 0))
				go_on(d, &expected);
		}
	}
	check_result_free(&expected);
}

static void a_search_that_passes(void **unused)
{
	struct distributed d = {
	        .ranks = 2, .grid = {.counters = 3, .size = 20}, .options = {.properties = 0}};

	(void)unused;
	for (d.short_of_memory = 0; d.short_of_memory < 2; d.short_of_memory++)
		fail_each(&d, 30);
}

static void a_search_that_fails(void **unused)
{
	const uint32_t target[] = {5, 5, 5, 5};
	struct distributed d = {.ranks = 3,
	                        .grid = {.counters = 4, .size = 8, .target = target},
	                        .options = {.properties = UINT32_MAX}};

	(void)unused;
	for (unsigned all = 0; all < 2; all++) {
		d.options.all = all != 0;
		for (d.short_of_memory = 0; d.short_of_memory < 2; d.short_of_memory++)
			fail_each(&d, 30);
	}
}

static void saved(void **unused)
{
	struct distributed d = {.ranks = 2,
	                        .graph = {.seed = 3,
	                                  .states = 3000,
	                                  .degree = 4,
	                                  .rarity = 1u << 30,
	                                  .words = 7,
	                                  .readers = 1},
	                        .options = {.properties = 0, .checkpoint = file, .identity = "graph=1\n"}};

	(void)unused;
	for (unsigned every = 0; every < 2; every++) {
		d.options.checkpoint_every = every ? 1e-9 : 0;
		d.short_of_memory = every;
		fail_each(&d, 20);
	}
}

/* Memory runs out while the ranks become what a file says. */
static void resumed(void **unused)
{
	struct distributed d = {
	        .ranks = 2,
	        .graph = {.seed = 3,
	                  .states = 3000,
	                  .degree = 4,
	                  .rarity = 1u << 30,
	                  .words = 40,
	                  .readers = 1},
	        .options = {
	                .properties = 0, .checkpoint = file, .max_states = 2000, .identity = "graph=1\n"}};

	(void)unused;
	run(&d);
	assert_true(d.result[0].checkpointed);
	free_results(&d);
	d.options = (struct check_options){.resume = file, .identity = "graph=1\n"};
	for (unsigned long i = 1; i < 300; i = next_failing(i, 300, 300)) {
		d.short_of_memory = i % 2;
		d.failing = i / 2 + 1;
		d.failing_on = i % 3 == 0;
		run(&d);
		for (unsigned r = 0; r < d.ranks; r++) {
			if (d.result[r].verdict == CHECK_ERROR && d.error[r].text[0] == '\0')
				fail_msg("allocation %lu: rank %u of %u has no error, %d", d.failing, r,
				         d.short_of_memory, d.result[r].apart);
		}
		free_results(&d);
	}
}

/* A limit so low that there is nothing to save. */
static void no_room_at_all(void **unused)
{
	struct distributed d = {
	        .ranks = 2,
	        .graph = {.seed = 3,
	                  .states = 3000,
	                  .degree = 4,
	                  .rarity = 1u << 30,
	                  .words = 7,
	                  .readers = 1},
	        .options = {
	                .properties = 0, .checkpoint = file, .max_memory = 1000, .identity = "graph=1\n"}};

	(void)unused;
	run(&d);
	for (unsigned r = 0; r < d.ranks; r++) {
		assert_int_equal(d.result[r].verdict, CHECK_INCOMPLETE);
		assert_string_equal(d.result[r].reason, CHECK_REASON_MEMORY);
		assert_false(d.result[r].checkpointed);
	}
	free_results(&d);
}

/* Something fails after the file that names the parts has got its place: the parts stay. */
static void names_without_parts(void **unused)
{
	struct distributed d = {.ranks = 2,
	                        .graph = {.seed = 3,
	                                  .states = 3000,
	                                  .degree = 4,
	                                  .rarity = 1u << 30,
	                                  .words = 7,
	                                  .readers = 1},
	                        .options = {.properties = 0, .checkpoint = file, .identity = "graph=1\n"}};
	struct check_result expected;
	unsigned long total;

	(void)unused;
	run(&d);
	expected = d.result[0];
	check_result_free(&d.result[1]);
	d.options.max_states = 2000;
	run(&d);
	assert_true(d.result[0].checkpointed);
	free_results(&d);
	total = d.syncs;
	assert_true(total >= 2);
	for (d.failing_sync = 1; d.failing_sync <= total; d.failing_sync++) {
		run(&d);
		assert_false(d.result[0].checkpointed);
		assert_true(d.result[0].checkpoint_error.text[0] != '\0');
		free_results(&d);
		d.options.max_states = 0;
		go_on(&d, &expected);
		d.options.max_states = 2000;
	}
	check_result_free(&expected);
}

static int make_file(void **unused)
{
	int fd = mkstemp(file);

	(void)unused;
	return fd < 0 ? -1 : close(fd);
}

static int remove_files(void **unused)
{
	(void)unused;
	shard_remove_parts(file, 0);
	(void)remove(file);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_search_that_passes),
	        cmocka_unit_test(a_search_that_fails),
	        cmocka_unit_test(saved),
	        cmocka_unit_test(resumed),
	        cmocka_unit_test(no_room_at_all),
	        cmocka_unit_test(names_without_parts),
	};

	return cmocka_run_group_tests(tests, make_file, remove_files);
}
