/* SPDX-License-Identifier: MIT */
/* The world, searched by several ranks, each with a machine of its own: the result is that of one, counterexample and all. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checker/distributed/distributed.h"
#include "system.h"
#include "tests/checker/thread_ranks.h"

struct distributed {
	const struct setup *setup;
	struct check_options options;
	struct system systems[THREAD_RANKS_MAX];
	struct check_result results[THREAD_RANKS_MAX];
	struct error errors[THREAD_RANKS_MAX];
};

static void search(void *arg, const struct ranks *ranks)
{
	struct distributed *d = arg;
	unsigned r = ranks->number;

	(void)check_distributed(collapsed_model(d->systems[r].collapsed), &d->options, ranks, &d->results[r],
	                        &d->errors[r]);
}

static void assert_same(const struct system *s, const struct check_result *a, const struct check_result *b)
{
	if (a->verdict != b->verdict || a->property != b->property || a->states != b->states ||
	    a->transitions != b->transitions || a->depth != b->depth || a->restarts != b->restarts ||
	    a->trace_length != b->trace_length)
		fail_msg("%s: %s, %" PRIu64 " states, %" PRIu64 " steps, depth %u, %u restarts; "
		         "alone: %s, %" PRIu64 " states, %" PRIu64 " steps, depth %u, %u restarts",
		         s->name, check_verdict_name(a->verdict), a->states, a->transitions, a->depth,
		         a->restarts, check_verdict_name(b->verdict), b->states, b->transitions, b->depth,
		         b->restarts);
	if (a->trace_length > 0)
		assert_memory_equal(a->trace, b->trace, a->trace_length * sizeof(*a->trace));
}

static void compare(const struct setup *setup, unsigned n)
{
	struct distributed d = {.setup = setup, .options = {.properties = ALL_PROPERTIES}};
	struct system alone = system_open(setup);
	struct check_result expected;
	struct thread_ranks ranks;
	struct error e = {0};

	if (check_breadth_first(collapsed_model(alone.collapsed), &d.options, &expected, &e))
		fail_msg("%s: %s", alone.name, e.text);
	d.options.threads = 1 + n % 2;
	for (unsigned r = 0; r < n; r++)
		d.systems[r] = system_open(setup);
	thread_ranks_init(&ranks, n);
	thread_ranks_run(&ranks, search, &d);
	thread_ranks_free(&ranks);
	for (unsigned r = 0; r < n; r++) {
		assert_same(&alone, &d.results[r], &expected);
		check_result_free(&d.results[r]);
		system_close(&d.systems[r]);
	}
	check_result_free(&expected);
	system_close(&alone);
}

/* With and without symmetry: what stands for a state is the same everywhere, too. */
static void variants_that_hold(void **unused)
{
	const struct setup setups[] = {
	        {"v3", .cpus = 2, .vms = 1, .threads = 1, .symmetry = true},
	        {"baseline", .cpus = 1, .vms = 2, .threads = 1, .symmetry = false},
	        {"neon-safe", .cpus = 1, .vms = 2, .threads = 0, .env = ENV_NEON, .symmetry = true},
	};

	(void)unused;
	for (unsigned i = 0; i < sizeof(setups) / sizeof(setups[0]); i++)
		compare(&setups[i], 2 + i);
}

static void variants_that_fail(void **unused)
{
	static const char *const variants[] = {"load-only", "put-only",  "no-put",
	                                       "no-enable", "half-bank", "no-isb"};

	(void)unused;
	for (unsigned i = 0; i < sizeof(variants) / sizeof(variants[0]); i += quick() ? 3 : 1) {
		const struct setup setup = {variants[i], .cpus = 2, .vms = 2, .threads = 1, .symmetry = true};

		compare(&setup, 1 + i % 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(variants_that_hold),
	        cmocka_unit_test(variants_that_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
