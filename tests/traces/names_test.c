/* SPDX-License-Identifier: MIT */
/* The words of trace files: every action, question and class has one, both ways, and the specification has
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "traces/names.h"

static char *specification;

static int setup(void **state)
{
	FILE *f = fopen(FORMAT, "r");
	size_t size = 1 << 20, n;

	(void)state;
	specification = malloc(size);
	assert_non_null(f);
	assert_non_null(specification);
	n = fread(specification, 1, size - 1, f);
	assert_int_equal(fclose(f), 0);
	specification[n] = '\0';
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(specification);
	return 0;
}

static void expect_specified(const char *word)
{
	char quoted[64];

	assert_non_null(word);
	(void)snprintf(quoted, sizeof(quoted), "`%s`", word);
	if (!strstr(specification, quoted))
		fail_msg("docs/reference/trace-format.md does not tell what %s is", quoted);
}

/* No two of them are the same, or one could not be read. */
static void expect_distinct(const char *const *words, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		assert_non_null(words[i]);
		assert_true(is_plain_word(words[i]));
		assert_null(strpbrk(words[i], ",="));
		assert_string_not_equal(words[i], "none");
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(words[i], words[j]);
	}
}

static void test_actions(void **state)
{
	(void)state;
	expect_distinct(world_action_names, ACTIONS);
	for (unsigned i = 0; i < ACTIONS; i++) {
		expect_specified(world_action_names[i]);
		assert_false(is_task_name(world_action_names[i]));
	}
}

static void test_questions(void **state)
{
	const char *names[QUESTIONS];
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < QUESTIONS; i++) {
		const struct question_name *q = question_name((enum world_question)i);

		if (i == QUESTION_CPU || i == QUESTION_ACTION) {
			assert_null(q->name);
			continue;
		}
		if (!q->name) {
			fail_msg("question %u has no line in traces/names.c", i);
			return; /* fail_msg() does not, but the analyser cannot know */
		}
		expect_specified(q->name);
		names[n++] = q->name;
		assert_int_equal(question_named(q->name, strlen(q->name)), i);
		assert_int_equal(question_named(q->name, strlen(q->name) - 1), -1);
		for (unsigned k = 0; q->words && q->words[k]; k++) {
			expect_specified(q->words[k]);
			assert_true(value_is_legal(q, q->words[k]));
		}
	}
	expect_distinct(names, n);
	assert_int_equal(question_named("", 0), -1);
}

static void test_classes(void **state)
{
	(void)state;
	expect_distinct(trace_class_names, SLOT_CLASSES);
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		expect_specified(trace_class_names[i]);
}

static void test_values(void **state)
{
	const struct question_name *pick = question_name(QUESTION_PICK),
	                           *signal = question_name(QUESTION_SIGNAL);
	const struct question_name *vcpu = question_name(QUESTION_VCPU);

	(void)state;
	assert_true(value_is_legal(pick, "vmm0"));
	assert_true(value_is_legal(pick, "app15"));
	assert_true(value_is_legal(pick, "child"));
	assert_false(value_is_legal(pick, ""));
	assert_false(value_is_legal(pick, "vmm"));
	assert_false(value_is_legal(pick, "0"));
	assert_false(value_is_legal(pick, "vmm0x"));
	assert_true(value_is_legal(vcpu, "vcpu0"));
	assert_false(value_is_legal(vcpu, "vmm0"));
	assert_true(value_is_legal(signal, "1"));
	assert_false(value_is_legal(signal, "-1"));
	assert_false(value_is_legal(signal, "0123456789"));
	assert_false(value_is_legal(signal, "yes"));
}

static void test_words(void **state)
{
	(void)state;
	assert_true(is_plain_word("a/b.elf"));
	assert_true(is_plain_word("a#\"b"));
	assert_false(is_plain_word(""));
	assert_false(is_plain_word("#a"));
	assert_false(is_plain_word("\"a"));
	assert_false(is_plain_word("a b"));
	assert_false(is_plain_word("a\tb"));
	assert_false(is_plain_word("\xc3\xa4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_actions), cmocka_unit_test(test_questions),
	        cmocka_unit_test(test_classes), cmocka_unit_test(test_values),
	        cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
