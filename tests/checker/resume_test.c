/* SPDX-License-Identifier: MIT */
/* A search that was saved and goes on comes to the same end; what was not saved by a search is refused. */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "checker/checkpoint_file.h"
#include "tests/checker/toys.h"

static const char identity[] = "graph=1\n";
static char file[] = "/tmp/lazyswitch-resume-XXXXXX", other[64];

static void assert_equal(const struct check_result *a, const struct check_result *b)
{
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->property, b->property);
	assert_int_equal(a->states, b->states);
	assert_int_equal(a->transitions, b->transitions);
	assert_int_equal(a->depth, b->depth);
	assert_int_equal(a->stats.n_levels, b->stats.n_levels);
	assert_int_equal(a->stats.widest, b->stats.widest);
	assert_memory_equal(a->stats.levels, b->stats.levels, a->stats.n_levels * sizeof(*a->stats.levels));
	assert_int_equal(a->trace_length, b->trace_length);
	assert_int_equal(a->n_findings, b->n_findings);
	if (a->trace_length > 0)
		assert_memory_equal(a->trace, b->trace, a->trace_length * sizeof(*a->trace));
	for (size_t i = 0; i < a->n_findings; i++) {
		assert_int_equal(a->findings[i].property, b->findings[i].property);
		assert_int_equal(a->findings[i].length, b->findings[i].length);
		if (a->findings[i].length > 0)
			assert_memory_equal(a->findings[i].trace, b->findings[i].trace,
			                    a->findings[i].length * sizeof(*a->findings[i].trace));
	}
}

static struct random_graph some_graph(unsigned number)
{
	static const unsigned widths[] = {1, 5, 40, 100};

	return (struct random_graph){.seed = number,
	                             .states = 40000,
	                             .degree = 4,
	                             .rarity = number % 3 == 0 ? 1u << 30 : 3000,
	                             .words = widths[number % 4],
	                             .readers = 1};
}

static void pieces_make_the_whole(void **unused)
{
	uint64_t sequence = 3;

	(void)unused;
	for (unsigned run = 0; run < 24; run++) {
		struct random_graph graph = some_graph(run);
		struct model model = random_graph_model(&graph);
		struct check_options options = {
		        .properties = UINT32_MAX, .all = run % 2 == 0, .identity = identity};
		struct check_result expected, result;
		struct error e;
		unsigned pieces = 1;

		assert_int_equal(check_breadth_first(&model, &options, &expected, &e), 0);
		options.checkpoint = file;
		for (uint64_t states = 1;; states += 1 + toy_random(&sequence) % 9000) {
			/* A model of its own, that knows nothing. */
			graph = some_graph(run);
			options.max_states = states;
			options.threads = 1 + (unsigned)(toy_random(&sequence) % 3);
			options.disturb = toy_random(&sequence) % 2 * 77;
			assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
			if (!result.reason)
				break;
			assert_string_equal(result.reason, CHECK_REASON_STATES);
			assert_true(result.checkpointed);
			check_result_free(&result);
			options.resume = file;
			pieces++;
		}
		assert_true(pieces > 3 || expected.states < 9000);
		assert_equal(&result, &expected);
		check_result_free(&result);
		check_result_free(&expected);
	}
}

/* Killed at any moment: the last checkpoint is whole. */
static void a_killed_search_goes_on(void **unused)
{
	struct random_graph graph = some_graph(3);
	struct model model = random_graph_model(&graph);
	struct check_options options = {
	        .properties = 0, .checkpoint = file, .checkpoint_every = 0.001, .identity = identity};
	struct check_result expected, result;
	struct error e;
	unsigned resumed = 0;

	(void)unused;
	graph.states = 300000;
	assert_int_equal(check_breadth_first(&model, &(struct check_options){.properties = 0}, &expected, &e),
	                 0);
	(void)remove(file);
	for (unsigned i = 0; i < 20; i++) {
		const struct timespec pause = {.tv_nsec = 1000000L * (5 + (long)i * 7)};
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			(void)check_breadth_first(&model, &options, &result, &e);
			_exit(0);
		}
		(void)nanosleep(&pause, NULL);
		(void)kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		if (access(file, R_OK) == 0) {
			options.resume = file;
			resumed++;
		}
	}
	assert_true(resumed > 5);
	memset(graph.learnt, 0, sizeof(graph.learnt));
	options.checkpoint = NULL;
	assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
	assert_equal(&result, &expected);
	check_result_free(&result);
	check_result_free(&expected);
}

static const char *section_name(unsigned section, unsigned nodes)
{
	static const char *const before[] = {"counts", "model", "initial", "greatest"},
	                         *const after[] = {"set",   "queue",      "children",
	                                           "steps", "exceptions", "findings"};

	return section < 4 ? before[section] : section < 4 + nodes ? "node" : after[section - 4 - nodes];
}

/* Copies a checkpoint, with one byte of one section changed, so that its checksums are right again. Returns false if it has
 * not so many nodes. */
static bool copy(const char *from, const char *to, unsigned nodes, unsigned section, uint64_t change)
{
	struct error e;
	struct checkpoint_reader *r = checkpoint_open(from, identity, &e);
	struct checkpoint_writer *w = checkpoint_create(to, identity, &e);

	assert_non_null(r);
	assert_non_null(w);
	for (unsigned i = 0; i < 10 + nodes; i++) {
		uint64_t length;
		uint8_t *bytes;

		if (checkpoint_enter(r, section_name(i, nodes), &length, &e)) {
			checkpoint_abandon(w);
			checkpoint_close(r);
			return false;
		}
		bytes = malloc(length + 1);
		assert_non_null(bytes);
		assert_int_equal(checkpoint_read(r, bytes, length, &e), 0);
		if (i == section && length > 0)
			bytes[change % length] ^= (uint8_t)(1 + (change >> 32) % 255);
		assert_int_equal(checkpoint_put(w, section_name(i, nodes), bytes, length, &e), 0);
		free(bytes);
	}
	assert_int_equal(checkpoint_end(r, &e), 0);
	checkpoint_close(r);
	assert_int_equal(checkpoint_commit(w, &e), 0);
	return true;
}

/* It may be refused, and it may be another search; it must not crash, hang, or run out of bounds. */
static void nothing_in_the_file_is_believed(void **unused)
{
	struct random_graph graph = some_graph(2);
	struct model model = random_graph_model(&graph);
	struct check_options options = {.properties = UINT32_MAX,
	                                .all = true,
	                                .max_states = 3000,
	                                .checkpoint = file,
	                                .identity = identity};
	struct check_result result;
	struct error e;
	unsigned refused = 0, nodes = 0;
	uint64_t sequence = 5;

	(void)unused;
	graph.rarity = 300;
	assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
	assert_true(result.checkpointed);
	check_result_free(&result);
	while (!copy(file, other, nodes, UINT32_MAX, 0))
		assert_true(++nodes < 100);
	options.checkpoint = NULL;
	options.resume = other;
	options.max_states = 6000;
	for (unsigned i = 0; i < 600; i++) {
		memset(graph.learnt, 0, sizeof(graph.learnt));
		assert_true(copy(file, other, nodes, i % (10 + nodes), toy_random(&sequence)));
		if (check_breadth_first(&model, &options, &result, &e) != 0) {
			assert_int_equal(result.verdict, CHECK_ERROR);
			refused += result.not_resumed;
			assert_true(e.text[0] != '\0');
		}
		check_result_free(&result);
	}
	assert_true(refused > 100);
	(void)remove(other);
}

static void what_is_not_there_is_an_error(void **unused)
{
	struct random_graph graph = some_graph(2);
	struct model model = random_graph_model(&graph);
	struct check_options options = {.identity = identity, .resume = "/nonexistent/file"};
	struct check_result result;
	struct error e;

	(void)unused;
	assert_int_equal(check_breadth_first(&model, &options, &result, &e), -1);
	assert_int_equal(result.verdict, CHECK_ERROR);
	assert_true(result.not_resumed);
	assert_non_null(strstr(e.text, "/nonexistent/file"));
	check_result_free(&result);
	/* Where it cannot be written the search says what it found, and that it is not saved. */
	options = (struct check_options){
	        .identity = identity, .checkpoint = "/nonexistent/file", .max_states = 10};
	assert_int_equal(check_breadth_first(&model, &options, &result, &e), 0);
	assert_int_equal(result.verdict, CHECK_INCOMPLETE);
	assert_false(result.checkpointed);
	assert_non_null(strstr(result.checkpoint_error.text, "/nonexistent/file"));
	check_result_free(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(pieces_make_the_whole),
	        cmocka_unit_test(a_killed_search_goes_on),
	        cmocka_unit_test(nothing_in_the_file_is_believed),
	        cmocka_unit_test(what_is_not_there_is_an_error),
	};
	int descriptor = mkstemp(file), failed;

	if (descriptor < 0)
		return 1;
	(void)close(descriptor);
	(void)snprintf(other, sizeof(other), "%s.other", file);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)remove(file);
	return failed;
}
