/* SPDX-License-Identifier: MIT */
/* The progress line, and what it says about the time that is left: against levels of searches that were made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/estimate.h"
#include "cli/progress.h"

/* Recorded: `check --stats --format json`, default system; then with --env neon; --threads 2; --cpus 3 --vms 1. */
static const uint64_t v3[] = {1,     2,     10,    32,    83,    176,   358,   646,   1146,  1868,
                              3002,  4552,  6678,  9506,  13027, 17275, 22127, 27419, 33045, 37910,
                              42299, 45928, 47407, 46755, 45202, 41501, 36266, 29744, 23839, 17800,
                              12383, 7872,  4658,  2600,  1198,  621,   360,   152,   32};
static const uint64_t baseline[] = {1,     2,     10,    32,    82,    171,   332,   582,   996,
                                    1593,  2489,  3708,  5326,  7412,  9938,  12977, 16205, 19469,
                                    22875, 25715, 27716, 28916, 29067, 27711, 25813, 22660, 18738,
                                    14726, 11179, 7743,  4868,  2770,  1272,  443,   145,   32};
static const uint64_t neon[] = {1,     2,     12,    43,     127,    303,   649,   1280,  2372,
                                4078,  6771,  10665, 16005,  23185,  32116, 42852, 54974, 67405,
                                80151, 90672, 98487, 102685, 101811, 96049, 86568, 72965, 58401,
                                42892, 29784, 18348, 10314,  4784,   1958,  572,   150,   34};
static const uint64_t threads[] = {1,      2,      12,     41,     115,    260,    565,    1093,   2052,
                                   3589,   6132,   9923,   15674,  23940,  35278,  50512,  70085,  93614,
                                   122240, 153419, 185770, 219583, 249696, 273032, 290525, 297253, 292263,
                                   277596, 252379, 220380, 183446, 146139, 108405, 77951,  50927,  31751,
                                   17195,  9285,   4617,   2053,   879,    483,    118};
static const uint64_t cpus[] = {1,    2,    8,    20,   44,   84,   162,  274,  458,  661,  983,
                                1357, 1868, 2420, 3134, 3877, 4592, 5330, 5935, 6202, 6135, 5897,
                                5401, 4352, 3297, 2511, 1756, 844,  212,  118,  70,   24};

struct curve {
	const uint64_t *levels;
	size_t n;
	double tolerance; /* the factor by which a guess may be wrong while much is left */
};

#define CURVE(levels, tolerance)                                                                             \
	{                                                                                                    \
		levels, sizeof(levels) / sizeof((levels)[0]), tolerance                                      \
	}

static const struct curve curves[] = {
        CURVE(v3, 1.2), CURVE(baseline, 1.2), CURVE(neon, 1.2), CURVE(threads, 1.2), CURVE(cpus, 1.6),
};

static uint64_t sum(const uint64_t *levels, size_t n)
{
	uint64_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += levels[i];
	return all;
}

static size_t peak(const struct curve *c)
{
	size_t at = 0;

	for (size_t i = 0; i < c->n; i++)
		at = c->levels[i] > c->levels[at] ? i : at;
	return at;
}

static void nothing_is_said_before_the_peak(void **unused)
{
	(void)unused;
	assert_true(estimate_states_left(NULL, 0, 0) < 0);
	for (size_t k = 0; k < sizeof(curves) / sizeof(curves[0]); k++) {
		for (size_t n = 1; n <= peak(&curves[k]) + 2; n++)
			assert_true(estimate_states_left(curves[k].levels, n, 0) < 0);
	}
}

static void guesses_behind_the_peak_are_near(void **unused)
{
	(void)unused;
	for (size_t k = 0; k < sizeof(curves) / sizeof(curves[0]); k++) {
		const struct curve *c = &curves[k];
		uint64_t all = sum(c->levels, c->n);
		unsigned guesses = 0;

		for (size_t n = peak(c) + 3; n <= c->n; n++) {
			uint64_t before = sum(c->levels, n - 1);
			double left = (double)(all - before),
			       guess = estimate_states_left(c->levels, n, before),
			       half = estimate_states_left(c->levels, n, before + c->levels[n - 1] / 2);

			if (left < 0.02 * (double)all)
				break; /* whoever waits for that little does not ask */
			if (guess < left / c->tolerance || guess > left * c->tolerance)
				fail_msg("curve %zu, level %zu: %.0f states are left, not %.0f", k, n, left,
				         guess);
			assert_true(half < guess);
			guesses++;
		}
		assert_true(guesses >= 6);
	}
}

/* Levels of one size, a plateau that sinks slowly, a level of nothing: a number, or none. */
static void strange_curves_do_no_harm(void **unused)
{
	const uint64_t flat[] = {5, 5, 5, 5, 5, 5, 5, 5}, slow[] = {1000, 999, 998, 997, 996, 995, 994, 993},
	               steep[] = {1, 1, 1, 1, 1, 1000000, 1000, 1},
	               reversed[] = {64, 32, 16, 15, 14, 13, 12, 11};

	(void)unused;
	assert_true(estimate_states_left(flat, 8, 0) < 0);
	assert_true(estimate_states_left(slow, 8, 0) > 993);
	assert_true(estimate_states_left(steep, 8, 0) >= 1);
	assert_true(estimate_states_left(reversed, 8, 0) > 11);
}

static void numbers_are_short(void **unused)
{
	struct progress progress = {.variant = "v3"};
	struct check_progress p = {
	        .states = 999, .expanded = 100, .depth = 7, .memory = 5 << 20, .seconds = 2};
	char line[PROGRESS_COLUMNS + 1];

	(void)unused;
	progress_line(&progress, &p, line);
	assert_string_equal(line, "v3: 999 states, 500/s, 899 to do, depth 7, 5 MiB, 2 s");
	p.states = 1234567;
	p.expanded = 1200000;
	p.seconds = 10;
	progress_line(&progress, &p, line);
	assert_string_equal(line, "v3: 1.23M states, 123k/s, 34.6k to do, depth 7, 5 MiB, 10 s");
	progress.variant = "/a/long/way/to/variants/mine-and-yours.S";
	p.states = 999600;
	p.expanded = 999600;
	progress_line(&progress, &p, line);
	assert_string_equal(
	        line, "..y/to/variants/mine-and-yours.S: 1.00M states, 100k/s, 0 to do, depth 7, 5 MiB");
	progress.variant = "mine-and-yours.S";
	progress_line(&progress, &p, line);
	assert_string_equal(line, "mine-and-yours.S: 1.00M states, 100k/s, 0 to do, depth 7, 5 MiB, 10 s");
}

static void the_line_says_what_is_left(void **unused)
{
	struct progress progress = {.variant = "v3"};
	struct check_progress p = {.levels = v3, .depth = 1};
	char line[PROGRESS_COLUMNS + 1];
	size_t n = sizeof(v3) / sizeof(v3[0]);

	(void)unused;
	/* A thousand states a second. */
	for (p.n_levels = 1; p.n_levels <= 28; p.n_levels++) {
		p.depth = (unsigned)p.n_levels;
		p.states = sum(v3, p.n_levels);
		p.expanded = sum(v3, p.n_levels - 1);
		p.seconds = (double)p.expanded / 1000;
		progress_line(&progress, &p, line);
		if (p.n_levels < 20)
			assert_null(strstr(line, "left"));
	}
	/* 28 levels have begun: 103 s are left, 585 s in all. */
	assert_true(sum(v3, n) - sum(v3, 27) > 100000 && sum(v3, n) - sum(v3, 27) < 105000);
	assert_non_null(strstr(line, "depth 28, 0 MiB, 484 s, about 2 min left"));
	progress.variant = "a-name-as-long-as-this";
	progress_line(&progress, &p, line);
	assert_string_equal(
	        line, "..as-this: 514k states, 1.06k/s, 29.7k to do, depth 28, 0 MiB, about 2 min left");
	assert_int_equal(strlen(line), PROGRESS_COLUMNS);
	/* The pace is that of late, not of the whole time. */
	for (unsigned i = 0; i < 60; i++) {
		p.expanded += 100;
		p.seconds += 1;
		progress_line(&progress, &p, line);
	}
	assert_non_null(strstr(line, " min left"));
	assert_null(strstr(line, "about 2 min left"));
	/* Whatever is large, it stays in its line. */
	p.states = UINT64_MAX;
	p.memory = SIZE_MAX;
	progress_line(&progress, &p, line);
	assert_true(strlen(line) <= PROGRESS_COLUMNS);
	/* Another pass: nothing is known. */
	p.expanded = 10;
	p.n_levels = 3;
	progress_line(&progress, &p, line);
	assert_null(strstr(line, "left"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_said_before_the_peak),
	        cmocka_unit_test(guesses_behind_the_peak_are_near),
	        cmocka_unit_test(strange_curves_do_no_harm),
	        cmocka_unit_test(numbers_are_short),
	        cmocka_unit_test(the_line_says_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
