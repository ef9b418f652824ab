/* SPDX-License-Identifier: MIT */
/*
 * The trap matrix on our machine and on the emulated core: every cell must end in the same state, or in the one that the table of departures
 * foretells; and every departure must be needed by some cell. The figures that it prints are those of docs/explanation/fidelity.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "emulated.h"
#include "judge.h"

static struct batch matrix;
static struct image *image;
static struct judgement all;

static int run_matrix(void **state)
{
	static const char runner[] = RUNNERS "little.bin";
	struct error e = {""};

	(void)state;
	batch_init(&matrix, false, MATRIX_WINDOW_BYTES);
	if (!matrix_make(&matrix, runner, MATRIX, emulated_seed(), 1, &e) ||
	    !batch_run(&matrix, emulated_command(), runner, &e) || !(image = matrix_image(&matrix, &e))) {
		(void)printf("%s\n", e.text);
		return 1;
	}
	judge(&matrix, image, 0, matrix.n_cases, ALL_DEPARTURES, &all);
	return 0;
}

static int free_matrix(void **state)
{
	(void)state;
	image_free(image);
	batch_free(&matrix);
	return 0;
}

static void print_departure(unsigned i)
{
	(void)printf("%s (%s): %zu cells", departures[i].name, departures[i].section, all.needed[i]);
	for (unsigned here = 0; here < OUTCOMES; here++)
		for (unsigned there = 0; there < OUTCOMES; there++)
			if (all.instead[i][here][there] > 0)
				(void)printf(", %s: %s %zu", matrix_outcomes[here], matrix_outcomes[there],
				             all.instead[i][here][there]);
	(void)printf("\n");
}

static void test_agrees(void **state)
{
	(void)state;
	(void)printf("%zu cells: %zu execute, %zu UNDEF, %zu Hyp traps\n", all.cells, all.outcomes[EXECUTES],
	             all.outcomes[UNDEF], all.outcomes[HYP_TRAP]);
	(void)printf("%zu cells end otherwise on the emulated core, as foretold, %zu with another outcome; "
	             "%zu are wrong\n",
	             all.differ, all.otherwise, all.wrong);
	for (unsigned i = 0; i < n_departures; i++)
		print_departure(i);
	if (all.wrong > 0)
		fail_msg("%s", all.first);
	assert_int_equal(all.cells, matrix.n_cases);
	assert_int_equal(all.outcomes[OTHER], 0);
}

static void test_no_departure_is_stale(void **state)
{
	struct judgement none = all;

	(void)state;
	if (judge_stale(&all))
		fail_msg("no cell needs this departure, so the emulated core has it no more: %s",
		         judge_stale(&all));
	none.needed[n_departures - 1] = 0;
	assert_string_equal(judge_stale(&none), departures[n_departures - 1].name);
}

static void judge_one(size_t cell, unsigned set, struct judgement *j)
{
	judge(&matrix, image, cell, cell + 1, set, j);
}

static void test_a_missing_departure_is_noticed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_departures; i++) {
		struct judgement j;

		judge_one(all.sample[i], ALL_DEPARTURES, &j);
		assert_int_equal(j.wrong, 0);
		judge_one(all.sample[i], ALL_DEPARTURES & ~(1u << i), &j);
		assert_int_equal(j.wrong, 1);
	}
}

/* A cell with the same outcome on both sides. */
static size_t find(enum outcome outcome)
{
	for (size_t i = 0; i < matrix.n_cases; i++) {
		struct judgement j;

		if (matrix_outcome(matrix.cases[i].theirs) != outcome)
			continue;
		judge_one(i, ALL_DEPARTURES, &j);
		if (j.outcomes[outcome] == 1)
			return i;
	}
	fail();
	return 0;
}

/* Any outcome in the place of another one is noticed, and both are named. */
static void test_another_outcome_is_wrong(void **state)
{
	(void)state;
	for (unsigned right = EXECUTES; right <= HYP_TRAP; right++)
		for (unsigned wrong = EXECUTES; wrong <= HYP_TRAP; wrong++) {
			size_t cell = find(right);
			uint32_t *theirs = matrix.cases[cell].theirs, saved[STATE_WORDS];
			struct judgement j;

			if (right == wrong)
				continue;
			memcpy(saved, theirs, sizeof(saved));
			memcpy(theirs, matrix.cases[find(wrong)].theirs, sizeof(saved));
			judge_one(cell, ALL_DEPARTURES, &j);
			memcpy(theirs, saved, sizeof(saved));
			assert_int_equal(j.wrong, 1);
			assert_non_null(strstr(j.first, matrix_outcomes[right]));
			assert_non_null(strstr(j.first, matrix_outcomes[wrong]));
		}
}

/* One bit of any word that is compared, and of the memory. */
static void test_another_bit_is_wrong(void **state)
{
	(void)state;
	for (unsigned outcome = EXECUTES; outcome <= HYP_TRAP; outcome++) {
		size_t cell = find(outcome);
		struct conformance_case *c = &matrix.cases[cell];
		struct judgement j;

		for (unsigned w = 0; w < W_WINDOW; w++) {
			c->theirs[w] ^= 1u << 4;
			judge_one(cell, ALL_DEPARTURES, &j);
			c->theirs[w] ^= 1u << 4;
			assert_int_equal(j.wrong, w != W_PC);
		}
		c->window_theirs[MATRIX_WINDOW_BYTES - 1] ^= 1;
		judge_one(cell, ALL_DEPARTURES, &j);
		c->window_theirs[MATRIX_WINDOW_BYTES - 1] ^= 1;
		assert_int_equal(j.wrong, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_agrees),
	        cmocka_unit_test(test_no_departure_is_stale),
	        cmocka_unit_test(test_a_missing_departure_is_noticed),
	        cmocka_unit_test(test_another_outcome_is_wrong),
	        cmocka_unit_test(test_another_bit_is_wrong),
	};

	emulated_or_skip();
	return cmocka_run_group_tests(tests, run_matrix, free_matrix);
}
