/* SPDX-License-Identifier: MIT */
/* Whatever the number of ranks, and of their threads: every rank's result is that of one search. */
#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "checker/checkpoint_file.h"
#include "checker/distributed/distributed.h"
#include "checker/distributed/shard_file.h"
#include "tests/checker/thread_ranks.h"
#include "tests/checker/toys.h"

/* One search by several ranks, and what each makes of it. */
struct distributed {
	unsigned ranks;
	struct check_options options;
	struct random_graph graph; /* each rank has one of its own; or, if it has no states */
	struct grid grid;
	unsigned long lost_at;
	struct check_result result[THREAD_RANKS_MAX];
	struct error error[THREAD_RANKS_MAX];
	unsigned long calls;
};

static void search(void *arg, const struct ranks *ranks)
{
	struct distributed *d = arg;
	struct random_graph graph = d->graph;
	struct grid grid = d->grid;
	struct model model = graph.states != 0 ? random_graph_model(&graph) : grid_model(&grid);

	(void)check_distributed(&model, &d->options, ranks, &d->result[ranks->number],
	                        &d->error[ranks->number]);
}

static void run(struct distributed *d)
{
	struct thread_ranks ranks;

	thread_ranks_init(&ranks, d->ranks);
	ranks.lost_at = d->lost_at;
	thread_ranks_run(&ranks, search, d);
	d->calls = thread_ranks_calls(&ranks);
	thread_ranks_free(&ranks);
}

static void free_results(struct distributed *d)
{
	for (unsigned r = 0; r < d->ranks; r++)
		check_result_free(&d->result[r]);
}

static void assert_equal(const struct check_result *a, const struct check_result *b, unsigned run)
{
	if (a->verdict != b->verdict || a->property != b->property || a->states != b->states ||
	    a->transitions != b->transitions || a->depth != b->depth || a->trace_length != b->trace_length ||
	    a->n_findings != b->n_findings || a->stats.n_levels != b->stats.n_levels)
		fail_msg("run %u: %s, %" PRIu64 " states, %" PRIu64
		         " steps, depth %u, trace %zu, %zu findings; "
		         "expected %s, %" PRIu64 " states, %" PRIu64
		         " steps, depth %u, trace %zu, %zu findings",
		         run, check_verdict_name(a->verdict), a->states, a->transitions, a->depth,
		         a->trace_length, a->n_findings, check_verdict_name(b->verdict), b->states,
		         b->transitions, b->depth, b->trace_length, b->n_findings);
	if (a->trace_length > 0)
		assert_memory_equal(a->trace, b->trace, a->trace_length * sizeof(*a->trace));
	assert_memory_equal(a->stats.levels, b->stats.levels, a->stats.n_levels * sizeof(*a->stats.levels));
	for (size_t i = 0; i < a->n_findings; i++) {
		assert_int_equal(a->findings[i].property, b->findings[i].property);
		assert_int_equal(a->findings[i].length, b->findings[i].length);
		if (a->findings[i].length > 0)
			assert_memory_equal(a->findings[i].trace, b->findings[i].trace,
			                    a->findings[i].length * sizeof(*a->findings[i].trace));
	}
	assert_true((a->reason == NULL) == (b->reason == NULL));
	if (a->reason)
		assert_string_equal(a->reason, b->reason);
}

/* A model that learns, a number of ranks, of threads, pauses: sixty of each. */
static void as_one_search(void **unused)
{
	static const unsigned widths[] = {1, 5, 40, 100};
	unsigned verdicts[4] = {0};
	uint64_t sequence = 1;

	(void)unused;
	for (unsigned i = 0; i < 60; i++) {
		struct distributed d = {.ranks = 1 + (unsigned)(toy_random(&sequence) % 5)};
		struct check_result expected;
		struct model model;
		struct error e;

		d.graph = (struct random_graph){.seed = i / 4,
		                                .states = 25000,
		                                .degree = 4,
		                                .rarity = i % 8 < 4 ? 1u << 30 : 2000,
		                                .words = widths[i / 4 % 4],
		                                .readers = i % 7 != 0};
		d.options = (struct check_options){.properties = UINT32_MAX, .all = i % 3 == 0};
		if (i % 5 == 0)
			d.options.max_states = 1000 + i * 300;
		if (i % 11 == 0)
			d.options.max_depth = 2 + i / 11;
		model = random_graph_model(&d.graph);
		assert_int_equal(check_breadth_first(&model, &d.options, &expected, &e), 0);
		memset(d.graph.learnt, 0, sizeof(d.graph.learnt));
		d.options.threads = 1 + (unsigned)(toy_random(&sequence) % 3);
		d.options.disturb = toy_random(&sequence) % 2 * 77;
		run(&d);
		for (unsigned r = 0; r < d.ranks; r++)
			assert_equal(&d.result[r], &expected, i);
		verdicts[expected.verdict]++;
		free_results(&d);
		check_result_free(&expected);
	}
	assert_true(verdicts[CHECK_PASS] > 10 && verdicts[CHECK_FAIL] > 20 && verdicts[CHECK_INCOMPLETE] > 5);
}

/* A trace across all ranks; tables that grow. */
static void a_large_grid(void **unused)
{
	const uint32_t target[] = {20, 3, 14, 9};

	(void)unused;
	for (unsigned searched = 0; searched < 2; searched++) {
		struct distributed d = {
		        .ranks = 3,
		        .grid = {.counters = 4, .size = 24, .readers = 1, .target = target},
		        .options = {.properties = searched ? 1u << GRID_TARGET : 0, .threads = 2}};
		struct model model = grid_model(&d.grid);
		struct check_result expected;
		struct error e;

		assert_int_equal(check_reference(&model, &d.options, &expected, &e), 0);
		expected.stats.n_levels = 0;
		run(&d);
		for (unsigned r = 0; r < d.ranks; r++) {
			d.result[r].stats.n_levels = 0;
			assert_equal(&d.result[r], &expected, searched);
		}
		free_results(&d);
		check_result_free(&expected);
	}
}

/* Every rank's model refines itself at the same state. */
static void refinements(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i < 20; i++) {
		struct distributed d = {.ranks = 1 + i % 4,
		                        .graph = {.seed = i,
		                                  .states = 3000,
		                                  .degree = 3,
		                                  .rarity = 1u << 30,
		                                  .words = 7,
		                                  .refine_at = 1 + (uint64_t)i * 37,
		                                  .refine_early = i % 2 != 0},
		                        .options = {.properties = 0}};
		struct random_graph graph = d.graph;
		struct model model = random_graph_model(&graph);
		struct check_result expected;
		size_t memory;
		struct error e;

		assert_int_equal(check_breadth_first(&model, &d.options, &expected, &e), 0);
		run(&d);
		memory = d.result[0].memory;
		for (unsigned r = 0; r < d.ranks; r++) {
			assert_equal(&d.result[r], &expected, i);
			/* A search may stop the model in a call, and make another. */
			if (d.graph.refine_early && d.result[r].restarts != expected.restarts)
				fail_msg("run %u: %u restarts, expected %u; %" PRIu64 " states", i,
				         d.result[r].restarts, expected.restarts, expected.states);
		}
		free_results(&d);
		/* The peak is that of one pass, not of all added up. */
		d.graph.refine_at = 0;
		run(&d);
		assert_true(memory < d.result[0].memory + d.result[0].memory / 2);
		free_results(&d);
		check_result_free(&expected);
	}
}

static void failures(void **unused)
{
	struct distributed d = {.ranks = 3,
	                        .graph = {.seed = 4,
	                                  .states = 3000,
	                                  .degree = 3,
	                                  .rarity = 1u << 30,
	                                  .words = 7,
	                                  .fail_at = 50},
	                        .options = {.properties = 0}};

	(void)unused;
	run(&d);
	for (unsigned r = 0; r < d.ranks; r++) {
		assert_int_equal(d.result[r].verdict, CHECK_ERROR);
		assert_string_equal(d.error[r].text, d.error[0].text);
		assert_true(d.error[r].text[0] != '\0');
	}
	free_results(&d);

	d.graph.fail_at = 0;
	d.options.store = CHECK_STORE_BITSTATE;
	run(&d);
	for (unsigned r = 0; r < d.ranks; r++) {
		assert_int_equal(d.result[r].verdict, CHECK_ERROR);
		assert_string_equal(d.error[r].text, "a bitstate search cannot be distributed");
	}
	free_results(&d);
}

static void limits(void **unused)
{
	static const volatile sig_atomic_t interrupt = 1;
	struct distributed d = {.ranks = 3, .grid = {.counters = 4, .size = 24, .readers = 1}};

	(void)unused;
	for (unsigned i = 0; i < 3; i++) {
		d.options = (struct check_options){.properties = 0, .threads = 2};
		if (i == 0)
			d.options.interrupt = &interrupt;
		else if (i == 1)
			d.options.timeout = 1e-9;
		else
			d.options.max_memory = (size_t)1 << 20;
		run(&d);
		for (unsigned r = 0; r < d.ranks; r++) {
			assert_int_equal(d.result[r].verdict, CHECK_INCOMPLETE);
			assert_string_equal(d.result[r].reason, i == 0   ? CHECK_REASON_INTERRUPTED
			                                        : i == 1 ? CHECK_REASON_TIME
			                                                 : CHECK_REASON_MEMORY);
			assert_int_equal(d.result[r].states, d.result[0].states);
			assert_false(d.result[r].apart);
		}
		free_results(&d);
	}
}

/* At whatever moment a rank is lost, nobody says more than what is known. */
static void a_lost_rank(void **unused)
{
	struct distributed d = {.ranks = 3,
	                        .graph = {.seed = 9,
	                                  .states = 20000,
	                                  .degree = 4,
	                                  .rarity = 1u << 30,
	                                  .words = 7,
	                                  .readers = 1},
	                        .options = {.properties = 0}};
	unsigned long calls;

	(void)unused;
	run(&d);
	calls = d.calls;
	free_results(&d);
	assert_true(calls > 50);
	for (unsigned long at = 1; at <= calls; at += 1 + at / 4) {
		d.lost_at = at;
		run(&d);
		for (unsigned r = 0; r < d.ranks; r++) {
			const struct check_result *result = &d.result[r];

			assert_true(result->apart);
			/* The verdict was there before the last word. */
			if (result->verdict == CHECK_PASS && at == calls)
				continue;
			assert_int_equal(result->verdict, CHECK_INCOMPLETE);
			assert_string_equal(result->reason, CHECK_REASON_RANK_LOST);
		}
		free_results(&d);
	}
}

static const char identity[] = "graph=1\n";
static char file[] = "/tmp/lazyswitch-distributed-XXXXXX";

static bool is_ours(const struct dirent *entry)
{
	const char *name = file + sizeof("/tmp/") - 1;

	return strstr(entry->d_name, name) == entry->d_name;
}

/* How many files there are whose names begin with the checkpoint's. */
static unsigned count_files(void)
{
	struct dirent *entry;
	DIR *dir = opendir("/tmp");
	unsigned n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += is_ours(entry);
	(void)closedir(dir);
	return n;
}

/* A search is saved and goes on, each time by another number of ranks. */
static void pieces_make_the_whole(void **unused)
{
	static const unsigned widths[] = {1, 5, 40, 100};
	uint64_t sequence = 3;

	(void)unused;
	for (unsigned i = 0; i < 12; i++) {
		struct distributed d = {
		        .graph = {.seed = i,
		                  .states = 30000,
		                  .degree = 4,
		                  .rarity = i % 3 == 0 ? 1u << 30 : 3000,
		                  .words = widths[i % 4],
		                  .readers = 1},
		        .options = {.properties = UINT32_MAX, .all = i % 2 == 0, .identity = identity}};
		struct random_graph graph = d.graph;
		struct model model = random_graph_model(&graph);
		struct check_result expected;
		unsigned pieces = 1;
		struct error e;

		assert_int_equal(check_breadth_first(&model, &d.options, &expected, &e), 0);
		d.options.checkpoint = file;
		d.options.checkpoint_every = i % 4 == 3 ? 1e-9 : 0; /* after every chunk */
		for (uint64_t states = 1;; states += 1 + toy_random(&sequence) % 9000) {
			d.ranks = 1 + (unsigned)(toy_random(&sequence) % 5);
			d.options.max_states = states;
			d.options.threads = 1 + (unsigned)(toy_random(&sequence) % 3);
			run(&d);
			if (!d.result[0].reason)
				break;
			for (unsigned r = 0; r < d.ranks; r++) {
				assert_string_equal(d.result[r].reason, CHECK_REASON_STATES);
				assert_true(d.result[r].checkpointed);
				assert_int_equal(d.result[r].states, states);
			}
			/* Nothing piles up. */
			assert_int_equal(count_files(), 1 + d.ranks);
			free_results(&d);
			d.options.resume = file;
			pieces++;
		}
		assert_true(pieces > 3 || expected.states < 9000);
		for (unsigned r = 0; r < d.ranks; r++)
			assert_equal(&d.result[r], &expected, i);
		free_results(&d);
		check_result_free(&expected);
	}
}

/* What goes on with a lower limit has reached it already: with several ranks, and with one search. */
static void a_lower_limit(void **unused)
{
	struct distributed d = {.ranks = 3,
	                        .graph = {.seed = 3,
	                                  .states = 20000,
	                                  .degree = 4,
	                                  .rarity = 1u << 30,
	                                  .words = 7,
	                                  .readers = 1},
	                        .options = {.properties = 0, .checkpoint = file, .identity = identity}};

	(void)unused;
	for (unsigned alone = 0; alone < 2; alone++) {
		for (unsigned again = 0; again < 2; again++) {
			struct random_graph graph = d.graph;
			struct model model = random_graph_model(&graph);

			d.ranks = alone ? 1 : 3;
			d.options.max_states = again ? 1000 : 9000;
			d.options.resume = again ? file : NULL;
			if (alone)
				(void)check_breadth_first(&model, &d.options, &d.result[0], &d.error[0]);
			else
				run(&d);
			for (unsigned r = 0; r < d.ranks; r++) {
				assert_int_equal(d.result[r].verdict, CHECK_INCOMPLETE);
				assert_string_equal(d.result[r].reason, CHECK_REASON_STATES);
				assert_false(d.result[r].apart);
			}
			free_results(&d);
		}
	}
}

/* A rank is lost at any moment, while checkpoints are written all the time: the last one is whole. */
static void what_is_lost_goes_on(void **unused)
{
	struct distributed d = {
	        .graph = {.seed = 3,
	                  .states = 20000,
	                  .degree = 4,
	                  .rarity = 1u << 30,
	                  .words = 40,
	                  .readers = 1},
	        .options = {
	                .properties = 0, .checkpoint = file, .checkpoint_every = 1e-9, .identity = identity}};
	struct random_graph graph = d.graph;
	struct model model = random_graph_model(&graph);
	struct check_result expected;
	uint64_t sequence = 5;
	struct error e;

	(void)unused;
	assert_int_equal(check_breadth_first(&model, &(struct check_options){.properties = 0}, &expected, &e),
	                 0);
	(void)remove(file);
	for (unsigned i = 0; i < 30; i++) {
		d.ranks = 1 + (unsigned)(toy_random(&sequence) % 4);
		d.lost_at = 1 + toy_random(&sequence) % 150;
		run(&d);
		for (unsigned r = 0; r < d.ranks; r++)
			assert_true(d.result[r].verdict == CHECK_INCOMPLETE ||
			            d.result[r].states == expected.states);
		free_results(&d);
		if (access(file, R_OK) == 0)
			d.options.resume = file;
	}
	assert_non_null(d.options.resume);
	d.lost_at = 0;
	run(&d);
	for (unsigned r = 0; r < d.ranks; r++)
		assert_equal(&d.result[r], &expected, r);
	free_results(&d);
	check_result_free(&expected);
}

/* Runs with options that resume, and expects that every rank refuses, and says so in words that contain these. */
static void expect_refusal(struct distributed *d, const char *words)
{
	run(d);
	for (unsigned r = 0; r < d->ranks; r++) {
		assert_int_equal(d->result[r].verdict, CHECK_ERROR);
		assert_true(d->result[r].not_resumed);
		if (!strstr(d->error[r].text, words))
			fail_msg("rank %u: \"%s\" does not say \"%s\"", r, d->error[r].text, words);
	}
	free_results(d);
}

/* The name of some part. */
static void find_part(char *path, size_t size)
{
	struct dirent *entry;
	DIR *dir = opendir("/tmp");

	assert_non_null(dir);
	path[0] = '\0';
	while ((entry = readdir(dir))) {
		if (is_ours(entry) && strchr(entry->d_name, '.'))
			(void)snprintf(path, size, "/tmp/%s", entry->d_name);
	}
	(void)closedir(dir);
	assert_true(path[0] != '\0');
}

static void bad_files(void **unused)
{
	struct distributed d = {
	        .ranks = 3,
	        .graph = {.seed = 3,
	                  .states = 20000,
	                  .degree = 4,
	                  .rarity = 1u << 30,
	                  .words = 40,
	                  .readers = 1},
	        .options = {.properties = 0, .max_states = 9000, .checkpoint = file, .identity = identity}};
	char path[400];
	FILE *f;

	(void)unused;
	run(&d);
	assert_true(d.result[0].checkpointed);
	free_results(&d);
	d.options.checkpoint = NULL;
	d.options.resume = file;
	d.options.identity = "graph=2\n";
	expect_refusal(&d, "was made with graph 1; this search has graph 2");
	d.options.identity = identity;

	find_part(path, sizeof(path));
	f = fopen(path, "r+b");
	assert_non_null(f);
	assert_int_equal(fseek(f, 700, SEEK_SET), 0);
	assert_int_equal(fputc('!', f), '!');
	assert_int_equal(fclose(f), 0);
	expect_refusal(&d, path);
	assert_int_equal(remove(path), 0);
	d.ranks = 1;
	expect_refusal(&d, path);
	d.options.resume = "/nowhere/at/all";
	expect_refusal(&d, "/nowhere/at/all");
}

/* Copies a section, which is changed on the way. */
static uint64_t copy_section(struct checkpoint_reader *from, struct checkpoint_writer *to, const char *name,
                             void (*change)(void *bytes))
{
	uint64_t length, first = 0;
	struct error e;
	char *bytes;

	assert_int_equal(checkpoint_enter(from, name, &length, &e), 0);
	bytes = calloc(1, (size_t)length + sizeof(first));
	assert_non_null(bytes);
	assert_int_equal(checkpoint_read(from, bytes, (size_t)length, &e), 0);
	if (change)
		change(bytes);
	memcpy(&first, bytes, sizeof(first));
	assert_int_equal(checkpoint_put(to, name, bytes, (size_t)length, &e), 0);
	free(bytes);
	return first;
}

/* Another part takes the place of one, different in a section; its checksums are right. */
static void change_part(uint64_t id, unsigned part, unsigned parts, const char *section,
                        void (*change)(void *bytes))
{
	static const char *const sections[] = {"counts", "levels", "model", "initial", "findings"};
	char *name = shard_part_name(file, id, part), *what = shard_part_identity(identity, id, part, parts);
	struct error e;
	struct checkpoint_reader *from = checkpoint_open(name, what, &e);
	struct checkpoint_writer *to = checkpoint_create(name, what, &e);

	assert_non_null(from);
	assert_non_null(to);
	for (unsigned i = 0; i < 5; i++)
		(void)copy_section(from, to, sections[i], strcmp(sections[i], section) == 0 ? change : NULL);
	while (copy_section(from, to, "states", NULL) != 0)
		continue;
	while (copy_section(from, to, "queue", NULL) != 0)
		continue;
	(void)copy_section(from, to, "lineage", NULL);
	assert_int_equal(checkpoint_end(from, &e), 0);
	assert_int_equal(checkpoint_commit(to, &e), 0);
	checkpoint_close(from);
	free(name);
	free(what);
}

static void end_the_level(void *bytes)
{
	struct shard_counts *c = bytes;

	c->level_end = c->expanded + 1;
}

static void go_deeper(void *bytes)
{
	struct shard_counts *c = bytes;

	c->restarts++;
}

static void learn_more(void *bytes)
{
	memset(bytes, 1, RANDOM_GRAPH_LESSONS);
}

static void begin_elsewhere(void *bytes)
{
	struct random_graph g = {.words = 40, .states = 20000};
	struct model model = random_graph_model(&g);
	struct error e;

	/* Of state 0: one that is plausible, and not it. */
	assert_int_equal(model.initial(&g, bytes, &e), MODEL_OK);
	((uint32_t *)bytes)[39] = 1;
}

/* Each part is sound, but they are not of one search: ranks would go different ways. */
static void parts_of_different_searches(void **unused)
{
	static void (*const changes[])(void *bytes) = {end_the_level, go_deeper, learn_more, begin_elsewhere};
	static const char *const sections[] = {"counts", "counts", "model", "initial"};
	struct shard_parts names;
	struct checkpoint_reader *r;
	struct error e;

	(void)unused;
	for (unsigned i = 0; i < 4; i++) {
		struct distributed d = {.ranks = 2,
		                        .graph = {.seed = 3,
		                                  .states = 20000,
		                                  .degree = 4,
		                                  .rarity = 1u << 30,
		                                  .words = 40,
		                                  .readers = 1},
		                        .options = {.properties = 0,
		                                    .max_states = 300,
		                                    .checkpoint = file,
		                                    .identity = identity}};

		run(&d);
		assert_true(d.result[0].checkpointed);
		free_results(&d);
		r = checkpoint_open(file, identity, &e);
		assert_non_null(r);
		assert_int_equal(checkpoint_get(r, "parts", &names, sizeof(names), &e), 0);
		checkpoint_close(r);
		change_part(names.id, 1, 2, sections[i], changes[i]);
		d.options = (struct check_options){.resume = file, .identity = identity};
		expect_refusal(&d, "");
		d.ranks = i < 2 ? 1 : 2;
		expect_refusal(&d, "");
	}
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
	return remove(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(as_one_search),
	        cmocka_unit_test(a_large_grid),
	        cmocka_unit_test(refinements),
	        cmocka_unit_test(failures),
	        cmocka_unit_test(limits),
	        cmocka_unit_test(a_lost_rank),
	        cmocka_unit_test(pieces_make_the_whole),
	        cmocka_unit_test(a_lower_limit),
	        cmocka_unit_test(what_is_lost_goes_on),
	        cmocka_unit_test(bad_files),
	        cmocka_unit_test(parts_of_different_searches),
	};

	return cmocka_run_group_tests(tests, make_file, remove_files);
}
