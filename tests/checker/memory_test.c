/* SPDX-License-Identifier: MIT */
/* Every allocation of a search fails once: it ends cleanly, and never with "pass". */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "checker/cycles.h"
#include "tests/checker/toys.h"

/* The program is linked with --wrap: the libraries under test allocate through these. */
/* NOLINTBEGIN(bugprone-reserved-identifier): the linker makes these names. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static unsigned long allocations; /* since the last start() */
static unsigned long failing;     /* which of them fails, counted from 1; 0: none */
static bool failing_on;           /* and all after it */

static void start(unsigned long which, bool all_after)
{
	allocations = 0;
	failing = which;
	failing_on = all_after;
}

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
/* NOLINTEND(bugprone-reserved-identifier) */

/* Fails each allocation of a search in turn. Leaks are AddressSanitizer's to find. */
static void fail_each(const struct named_engine *engine, const struct model *model, uint32_t properties,
                      enum check_verdict verdict)
{
	struct check_options options = {.properties = properties};
	struct check_result result;
	struct error e;
	unsigned long total;

	start(0, false);
	assert_int_equal(engine->check(model, &options, &result, &e), 0);
	assert_int_equal(result.verdict, verdict);
	check_result_free(&result);
	total = allocations;
	assert_true(total >= 3);
	for (unsigned long i = 1; i <= total; i = i < 40 ? i + 1 : i + total / 50 + 1) {
		for (int all_after = 0; all_after < 2; all_after++) {
			e.text[0] = '\0';
			start(i, all_after);
			(void)engine->check(model, &options, &result, &e);
			start(0, false);
			if (result.verdict == CHECK_INCOMPLETE)
				assert_string_equal(result.reason, CHECK_REASON_NO_MEMORY);
			else if (result.verdict == CHECK_ERROR)
				assert_true(e.text[0] != '\0');
			else
				fail_msg("%s: allocation %lu of %lu failed, and the verdict is %s",
				         engine->name, i, total, check_verdict_name(result.verdict));
			assert_null(result.trace);
			check_result_free(&result);
		}
	}
}

static void failing_in_a_search_that_passes(void **unused)
{
	struct grid grid = {.counters = 4, .size = 20}; /* enough for several chunks and tables */
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++)
		fail_each(engine, &model, 0, CHECK_PASS);
}

static void failing_in_a_search_that_fails(void **unused)
{
	const uint32_t target[] = {5, 5, 5, 5};
	struct grid grid = {.counters = 4, .size = 8, .target = target};
	struct model model = grid_model(&grid);

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++)
		fail_each(engine, &model, UINT32_MAX, CHECK_FAIL);
}

static void failing_in_a_search_for_cycles(void **unused)
{
	static const struct named_engine cycles = {"cycles", check_cycles};
	struct grid grid = {.counters = 4, .size = 8};
	struct philosophers polite = {.number = 7, .polite = 1};
	struct model without = grid_model(&grid), with = philosophers_model(&polite);

	(void)unused;
	fail_each(&cycles, &without, 0, CHECK_PASS);
	fail_each(&cycles, &with, 0, CHECK_FAIL);
}

/* The last allocation is the trace's. */
static void no_memory_for_the_trace_is_an_error(void **unused)
{
	struct philosophers p = {.number = 5};
	struct model model = philosophers_model(&p);
	struct check_options options = {.properties = 1};
	struct check_result result;
	struct error e;

	(void)unused;
	for (const struct named_engine *engine = engines; engine->name; engine++) {
		start(0, false);
		assert_int_equal(engine->check(&model, &options, &result, &e), 0);
		assert_int_equal(result.verdict, CHECK_FAIL);
		check_result_free(&result);
		start(allocations, false);
		assert_int_equal(engine->check(&model, &options, &result, &e), -1);
		start(0, false);
		assert_int_equal(result.verdict, CHECK_ERROR);
		check_result_free(&result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(failing_in_a_search_that_passes),
	        cmocka_unit_test(failing_in_a_search_that_fails),
	        cmocka_unit_test(failing_in_a_search_for_cycles),
	        cmocka_unit_test(no_memory_for_the_trace_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
