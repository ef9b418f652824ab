/* SPDX-License-Identifier: MIT */
/* Readers' expressions over fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "traces/expression.h"

static struct column names[] = {
        {.name = "cpu0.fpexc.en"}, {.name = "cpu0.hw.owner"}, {.name = "vcpu0.dirty"}};
static const struct columns columns = {.cpus = 1, .column = names, .n = 3};
static char row[3][COLUMN_TEXT] = {"1", "vcpu0 (old)", "0x10"};

static void test_values(void **state)
{
	static const struct {
		const char *text, *value;
	} cases[] = {
	        {"cpu0.fpexc.en", "1"},
	        {"  cpu0.hw.owner ", "vcpu0 (old)"},
	        {"cpu0.fpexc.en == 1", "1"},
	        {"cpu0.fpexc.en==0x01", "1"},
	        {"cpu0.fpexc.en != 1", "0"},
	        {"vcpu0.dirty == 16", "1"},
	        {"vcpu0.dirty > 15 && vcpu0.dirty <= 16", "1"},
	        {"vcpu0.dirty < 9", "0"},
	        {"vcpu0.dirty >= 17 || cpu0.fpexc.en < 2", "1"},
	        {"cpu0.hw.owner == \"vcpu0 (old)\"", "1"},
	        {"cpu0.hw.owner == vcpu0", "0"},
	        {"cpu0.hw.owner < 5", "0"},
	        {"cpu0.hw.owner > 5", "0"},
	        {"!cpu0.hw.owner", "0"},
	        {"!!cpu0.hw.owner", "1"},
	        {"!nobody", "1"},
	        {"!\"\"", "1"},
	        {"!0x0", "1"},
	        {"1 || 0 && 0", "1"},
	        {"(1 || 0) && 0", "0"},
	        {"!(0 || 0) == 1", "1"},
	        {"vmm-0", "vmm-0"},
	        {"0x", "0x"},
	        {"12abc == 12", "0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error e = {0};
		struct expression *x = expression_parse(cases[i].text, &columns, &e);
		char buf[COLUMN_TEXT];

		if (!x)
			fail_msg("%s: %s", cases[i].text, e.text);
		assert_string_equal(expression_text(x), cases[i].text);
		if (strcmp(expression_value(x, row, buf), cases[i].value) != 0)
			fail_msg("%s is %s, not %s", cases[i].text, buf, cases[i].value);
		expression_free(x);
	}
}

static void assert_error(const char *text, const char *message)
{
	struct error e = {0};

	assert_null(expression_parse(text, &columns, &e));
	if (strcmp(e.text, message) != 0)
		fail_msg("%.40s: '%s', not '%s'", text, e.text, message);
}

static void test_errors(void **state)
{
	char deep[EXPRESSION_TEXT_MAX + 2];

	(void)state;
	assert_error("", "column 1: something is missing at the end");
	assert_error("cpu0.fpexc.en ==", "column 17: something is missing at the end");
	assert_error("cpu0.fpexc.em", "column 1: there is no field 'cpu0.fpexc.em'");
	assert_error("1 && cpu1.mode", "column 6: there is no field 'cpu1.mode'");
	assert_error("1 2", "column 3: the expression is over here");
	assert_error("(1", "column 1: this ( has no )");
	assert_error("1)", "column 2: the expression is over here");
	assert_error("1 == \"x", "column 6: this text has no end");
	assert_error("1 = 1", "column 3: the expression is over here");
	assert_error("1 == $", "column 6: this is no value");
	assert_error("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	             "column 1: this word is too long");
	memset(deep, '(', sizeof(deep));
	deep[100] = '\0';
	assert_error(deep, "column 65: this is nested too deep");
	memset(deep, '!', sizeof(deep));
	deep[EXPRESSION_TEXT_MAX - 1] = '1';
	deep[EXPRESSION_TEXT_MAX] = '\0';
	assert_error(deep, "column 1025: the expression has too many parts");
	deep[EXPRESSION_TEXT_MAX] = '1';
	deep[EXPRESSION_TEXT_MAX + 1] = '\0';
	assert_error(deep, "column 1025: the expression is too long");
}

/* Whatever the bytes, it ends, and says where. */
static void test_any_bytes(void **state)
{
	static const char pieces[][16] = {
	        "cpu0.fpexc.en", "(", ")", "!", "==", "<", "&&", "||", "\"", " ", "1", "x", "\xff", "."};
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		char text[256] = "", buf[COLUMN_TEXT];
		struct error e = {0};
		struct expression *x;

		for (unsigned n = 0; n < round % 12; n++) {
			seed = seed * 1664525 + 1013904223;
			(void)strcat(text, pieces[(seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))]);
		}
		x = expression_parse(text, &columns, &e);
		if (x)
			assert_non_null(expression_value(x, row, buf));
		else
			assert_int_equal(strncmp(e.text, "column ", 7), 0);
		expression_free(x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_values),
	        cmocka_unit_test(test_errors),
	        cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
