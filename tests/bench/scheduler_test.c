/* SPDX-License-Identifier: MIT */
/* The scheduler as a model: what two searches by different means make of it, and what it promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/scheduler.h"
#include "checker/check.h"
#include "checker/reference.h"

static struct check_result search(const struct scheduler *s, bool reference, unsigned threads)
{
	const struct check_options options = {.properties = 1, .threads = threads};
	struct check_result result;
	struct error e = {0};
	int status = reference ? check_reference(&s->model, &options, &result, &e)
	                       : check_breadth_first(&s->model, &options, &result, &e);

	assert_int_equal(status, 0);
	assert_int_equal(result.verdict, CHECK_PASS);
	return result;
}

static void engines_agree(void **state)
{
	const struct scheduler_size tiny = {.name = "tiny", .tasks = 2, .values = 1, .slice = 1};
	struct scheduler s;
	struct check_result one, two, other;

	(void)state;
	scheduler_init(&s, &tiny);
	one = search(&s, false, 1);
	two = search(&s, false, 2);
	other = search(&s, true, 1);
	assert_int_equal(one.states, other.states);
	assert_int_equal(one.transitions, other.transitions);
	assert_int_equal(two.states, other.states);
	assert_true(other.states > 1000);
	check_result_free(&one);
	check_result_free(&two);
	check_result_free(&other);
}

struct seen {
	const uint32_t *from;
	unsigned steps;
	uint32_t last[SCHEDULER_WORDS];
};

/* A step changes a few words, none to more than a byte. */
static int look(void *arg, const struct model_transition *t)
{
	struct seen *seen = arg;
	unsigned changed = 0;

	for (unsigned i = 0; i < SCHEDULER_WORDS; i++) {
		changed += t->next[i] != seen->from[i];
		assert_true(t->next[i] <= UINT8_MAX);
	}
	assert_true(changed <= 7);
	assert_int_equal(t->stutters, changed == 0);
	memcpy(seen->last, t->next, sizeof(seen->last));
	seen->steps++;
	return 0;
}

/* Walks; asks both ways at every state. */
static void recall_is_successors(void **state)
{
	const struct scheduler_size *size = scheduler_size("large");
	struct scheduler s;
	struct error e;
	uint32_t at[SCHEDULER_WORDS];
	void *reader;

	(void)state;
	scheduler_init(&s, size);
	reader = s.model.reader_new(s.model.self);
	assert_non_null(reader);
	assert_int_equal(s.model.initial(s.model.self, at, &e), MODEL_OK);
	for (unsigned i = 0; i < 10000; i++) {
		struct seen a = {.from = at}, b = {.from = at};

		assert_int_equal(s.model.successors(s.model.self, at, look, &a, &e), MODEL_OK);
		assert_int_equal(s.model.recall(reader, at, look, &b), MODEL_OK);
		assert_int_equal(a.steps, b.steps);
		assert_true(a.steps > 0);
		assert_memory_equal(a.last, b.last, sizeof(a.last));
		memcpy(at, a.last, sizeof(at));
	}
	s.model.reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(engines_agree),
	        cmocka_unit_test(recall_is_successors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
