/* SPDX-License-Identifier: MIT */
/* Livelocks: what is one and what is none, and the search against a naive one. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "checker/cycles.h"
#include "tests/checker/cycles_naive.h"
#include "tests/checker/toys.h"

/* Both searches; the result is to be freed. */
static struct check_result compare(const struct model *model, const char *what)
{
	const struct check_options options = {.properties = 0};
	struct naive_cycles naive = naive_cycles(model);
	struct check_result result;
	struct error e;

	if (check_cycles(model, &options, &result, &e))
		fail_msg("%s: %s", what, e.text);
	if (result.states != naive.states || result.transitions != naive.transitions ||
	    result.verdict != (naive.found ? CHECK_FAIL : CHECK_PASS) ||
	    (naive.found && result.loop != naive.stem))
		fail_msg("%s: %s, %" PRIu64 " states, %" PRIu64
		         " steps, a way of %zu; naively %s, %u, %u, %u",
		         what, check_verdict_name(result.verdict), result.states, result.transitions,
		         result.loop, naive.found ? "fail" : "pass", naive.states, naive.transitions,
		         naive.stem);
	if (naive.found)
		assert_lasso(model, &result);
	return result;
}

static void expect(const struct model *model, const char *what, enum check_verdict verdict)
{
	struct check_result result = compare(model, what);

	if (result.verdict != verdict)
		fail_msg("%s: %s", what, check_verdict_name(result.verdict));
	check_result_free(&result);
}

/* All take their left forks, see that the right ones are taken, and put them back. */
static void polite_philosophers_starve(void **unused)
{
	(void)unused;
	for (unsigned n = 2; n <= 6; n++) {
		struct philosophers stubborn = {.number = n}, polite = {.number = n, .polite = 1};
		const struct model models[] = {philosophers_model(&stubborn), philosophers_model(&polite)};
		struct check_result result;

		/* A standstill is no livelock: who waits for a fork makes no step. */
		expect(&models[0], "stubborn philosophers", CHECK_PASS);
		result = compare(&models[1], "polite philosophers");
		assert_int_equal(result.verdict, CHECK_FAIL);
		/* Nobody is ever unable to move, so that each takes a fork and puts it back. */
		assert_int_equal(result.trace_length - result.loop, 2 * n);
		check_result_free(&result);
	}
}

/* A turn decides; without one, both wait for each other, in a standstill or, if they look again and again, in a
 * livelock. Who spins while the other could go on is no livelock: the other goes on some time. */
static void spinning_is_fine_while_another_can_go_on(void **unused)
{
	struct peterson toys[] = {
	        {0}, {.spins = 1}, {.selfish = 1}, {.selfish = 1, .spins = 1}, {.broken = 1, .spins = 1}};
	static const char *const names[] = {"waits", "spins", "waits, no turn", "spins, no turn", "no flags"};

	(void)unused;
	for (size_t i = 0; i < sizeof(toys) / sizeof(toys[0]); i++) {
		const struct model model = peterson_model(&toys[i]);

		expect(&model, names[i], i == 3 ? CHECK_FAIL : CHECK_PASS);
	}
}

static void random_graphs(void **unused)
{
	unsigned verdicts[2] = {0}, stems = 0, loops = 0;

	(void)unused;
	for (uint64_t seed = 0; seed < 1500; seed++) {
		struct random_graph graph = {
		        .seed = seed,
		        .states = 5 + (uint32_t)(seed * 7 % 120),
		        .degree = 1 + (unsigned)(seed % 4),
		        .rarity = 1u << 30,
		        .words = 1 + (unsigned)(seed % 3),
		        .processes = (unsigned)(seed / 3 % 5),
		        .achieves = (unsigned)(seed / 7 % 6),
		};
		const struct model model = random_graph_model(&graph);
		struct check_result result;
		char what[40];

		(void)snprintf(what, sizeof(what), "graph %" PRIu64, seed);
		result = compare(&model, what);
		verdicts[result.verdict == CHECK_FAIL]++;
		stems += result.verdict == CHECK_FAIL && result.loop > 2;
		loops += result.verdict == CHECK_FAIL && result.trace_length - result.loop > 3;
		check_result_free(&result);
	}
	/* The comparison means something only if there is something of everything. */
	assert_true(verdicts[0] > 300);
	assert_true(verdicts[1] > 300);
	assert_true(stems > 100);
	assert_true(loops > 100);
}

static void refining_begins_again(void **unused)
{
	struct random_graph graph = {.seed = 4,
	                             .states = 100,
	                             .degree = 3,
	                             .words = 1,
	                             .rarity = 1u << 30,
	                             .processes = 2,
	                             .refine_at = 20};
	const struct model model = random_graph_model(&graph);
	const struct check_options options = {.properties = 0};
	struct check_result once, again;
	struct error e;

	(void)unused;
	assert_int_equal(check_cycles(&model, &options, &once, &e), 0);
	assert_int_equal(once.restarts, 1);
	assert_int_equal(check_cycles(&model, &options, &again, &e), 0);
	assert_int_equal(again.restarts, 0);
	assert_int_equal(once.verdict, again.verdict);
	assert_int_equal(once.states, again.states);
	assert_int_equal(once.transitions, again.transitions);
	assert_int_equal(once.trace_length, again.trace_length);
	check_result_free(&once);
	check_result_free(&again);

	graph.refine_at = 0;
	graph.refine_always = 10;
	assert_int_equal(check_cycles(&model, &options, &once, &e), -1);
	assert_int_equal(once.verdict, CHECK_ERROR);
	check_result_free(&once);
	graph.refine_always = 0;
	graph.fail_at = graph.calls + 5;
	assert_int_equal(check_cycles(&model, &options, &once, &e), -1);
	assert_non_null(strstr(e.text, "told to fail"));
	check_result_free(&once);
}

static void limits_are_incomplete(void **unused)
{
	static const sig_atomic_t interrupted = 1;
	struct grid grid = {.counters = 5, .size = 10};
	const struct model model = grid_model(&grid);
	const struct {
		struct check_options options;
		const char *reason;
	} cases[] = {
	        {{.max_states = 99999}, CHECK_REASON_STATES},
	        {{.max_memory = 300000}, CHECK_REASON_MEMORY},
	        {{.max_memory = 2000000}, CHECK_REASON_MEMORY},
	        {{.timeout = 1e-9}, CHECK_REASON_TIME},
	        {{.interrupt = &interrupted}, CHECK_REASON_INTERRUPTED},
	};
	struct check_options enough = {.max_states = 100000, .max_memory = (size_t)1 << 30, .timeout = 600};
	struct check_result result;
	struct error e;

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(check_cycles(&model, &cases[i].options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_INCOMPLETE);
		assert_string_equal(result.reason, cases[i].reason);
		if (cases[i].options.max_memory != 0)
			assert_true(result.memory <= cases[i].options.max_memory);
		check_result_free(&result);
	}
	assert_int_equal(check_cycles(&model, &enough, &result, &e), 0);
	assert_int_equal(result.verdict, CHECK_PASS);
	assert_int_equal(result.states, 100000);
	/* Exactly as much as it took is enough, and not much less. */
	enough.max_memory = result.memory + result.memory / 2;
	check_result_free(&result);
	assert_int_equal(check_cycles(&model, &enough, &result, &e), 0);
	assert_int_equal(result.verdict, CHECK_PASS);
	check_result_free(&result);
}

static void what_it_cannot_search_is_refused(void **unused)
{
	struct philosophers p = {.number = 3};
	struct model model = philosophers_model(&p);
	const struct check_options options = {.properties = 0};
	struct check_result result;
	struct error e;

	(void)unused;
	model.processes = 33;
	assert_int_equal(check_cycles(&model, &options, &result, &e), -1);
	assert_non_null(strstr(e.text, "more processes"));
	model.processes = 3;
	model.deadlock_property = -1;
	assert_int_equal(check_cycles(&model, &options, &result, &e), -1);
	assert_non_null(strstr(e.text, "no property"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(polite_philosophers_starve),
	        cmocka_unit_test(spinning_is_fine_while_another_can_go_on),
	        cmocka_unit_test(random_graphs),
	        cmocka_unit_test(refining_begins_again),
	        cmocka_unit_test(limits_are_incomplete),
	        cmocka_unit_test(what_it_cannot_search_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
