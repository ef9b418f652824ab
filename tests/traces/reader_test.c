/* SPDX-License-Identifier: MIT */
/* Reading trace files: what is in them, and what is wrong with them, to the column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"
#include "traces/reader.h"

#define START  "lazyswitch-trace 1\nvariant v\n"
#define START2 "lazyswitch-trace 2\nvariant v\n"

static void expect_sample(const struct trace *t)
{
	assert_string_equal(t->name, "file");
	assert_string_equal(t->comment, "# first\n# second\n");
	assert_string_equal(t->variant, "a \"b\\ \xff#");
	assert_true(t->hashed);
	assert_true(t->hash == 0xdeadbeef);
	assert_int_equal(t->config.cpus, 3);
	assert_int_equal(t->config.vms, 1);
	assert_int_equal(t->config.vcpus, 2);
	assert_int_equal(t->config.threads, 4);
	assert_int_equal(t->config.env, ENV_NEON | ENV_SIGNAL);
	assert_false(t->config.uniprocessor);
	assert_int_equal(t->config.granularity, GRANULARITY_INSN);
	assert_true(t->big_endian);
	assert_int_equal(t->property, PROPERTY_FP_LOST);
	assert_int_equal(t->searched, 1 << PROPERTY_CRASH | 1 << PROPERTY_FP_LEAK | 1 << PROPERTY_FP_LOST);
	assert_true(t->seen_said);
	assert_int_equal(t->seen.cpu, 2);
	assert_string_equal(t->seen.where, "user_fp+0x4");
	assert_string_equal(t->seen.text, "vmm0 reads d0");
	assert_true(t->learnt);
	assert_int_equal(t->shared, 1 << SLOT_VCPU | 1 << SLOT_GLOBALS);
	assert_int_equal(t->n_closings, 2);
	assert_string_equal(t->closings[0].where, "vector_und+0x68");
	assert_string_equal(t->closings[1].where, "0x00008000");
	assert_int_equal(t->closings[1].line, 20);
}

static void expect_steps(const struct trace *t)
{
	const struct trace_step *s = t->steps;

	assert_int_equal(t->n_steps, 5);
	assert_int_equal(s[0].line, 22);
	assert_int_equal(s[0].cpu, 0);
	assert_string_equal(s[0].who, "idle0");
	assert_int_equal(s[0].who_column, 6);
	assert_int_equal(s[0].action, ACTION_WAKE);
	assert_int_equal(s[0].action_column, 12);
	assert_int_equal(s[0].n_choices, 1);
	assert_int_equal(t->choices[s[0].choices].question, QUESTION_PICK);
	assert_string_equal(t->choices[s[0].choices].value, "vmm1");
	assert_int_equal(t->choices[s[0].choices].column, 17);
	assert_string_equal(s[0].place, "user_choose");
	assert_int_equal(s[1].line, 24);
	assert_int_equal(s[1].cpu, 2);
	assert_int_equal(s[1].n_choices, 3);
	assert_string_equal(t->choices[s[1].choices + 1].value, "old");
	assert_int_equal(t->choices[s[1].choices + 2].question, QUESTION_SIGNAL);
	assert_int_equal(t->choices[s[1].choices + 2].column, 43);
	assert_null(s[1].place);
	assert_null(s[2].who);
	assert_int_equal(s[2].action, ACTION_GO);
	assert_string_equal(s[3].who, "child");
	assert_int_equal(s[3].action, -1);
	assert_null(s[4].who);
	assert_int_equal(s[4].line, 27);
	assert_int_equal(s[4].n_choices, 0);
}

static void test_everything(void **state)
{
	struct error e = {0};
	struct trace t;

	(void)state;
	if (trace_parse("file", sample, strlen(sample), &t, &e))
		fail_msg("%s", e.text);
	expect_sample(&t);
	expect_steps(&t);
	trace_free(&t);
}

/* Line ends of other systems, and what some editors put first. */
static void test_windows(void **state)
{
	char *text = malloc(2 * strlen(sample) + 4), *to = text;
	struct error e = {0};
	struct trace t;

	(void)state;
	assert_non_null(text);
	memcpy(to, "\xef\xbb\xbf", 3);
	to += 3;
	for (const char *from = sample; *from; from++) {
		if (*from == '\n')
			*to++ = '\r';
		*to++ = *from;
	}
	if (trace_parse("file", text, (size_t)(to - text), &t, &e))
		fail_msg("%s", e.text);
	expect_sample(&t);
	expect_steps(&t);
	trace_free(&t);
	free(text);
}

static struct trace parse(const char *text)
{
	struct error e = {0};
	struct trace t;

	if (trace_parse("file", text, strlen(text), &t, &e))
		fail_msg("%s", e.text);
	return t;
}

static void test_defaults(void **state)
{
	struct trace t = parse(START);
	const struct world_config usual = world_config_default();

	(void)state;
	assert_false(t.hashed);
	assert_memory_equal(&t.config, &usual, sizeof(usual));
	assert_false(t.big_endian);
	assert_int_equal(t.property, -1);
	assert_int_equal(t.searched, PROPERTIES_USUAL);
	assert_false(t.learnt);
	assert_false(t.seen_said);
	assert_int_equal(t.n_steps, 0);
	assert_string_equal(t.comment, "");
	trace_free(&t);

	t = parse(START "property crash\nsmp off\nshared none\n");
	assert_int_equal(t.searched, 1 << PROPERTY_CRASH);
	assert_int_equal(t.config.cpus, 1);
	assert_true(t.config.uniprocessor);
	assert_true(t.learnt);
	trace_free(&t);

	t = parse(START "searched none\n");
	assert_int_equal(t.searched, 0);
	trace_free(&t);

	/* Any order. */
	t = parse("lazyswitch-trace 1\ncpus 8\nsmp on\nenv none\nvariant w\ncpu7 idle7\n");
	assert_string_equal(t.variant, "w");
	assert_int_equal(t.steps[0].cpu, 7);
	trace_free(&t);
}

static void test_open(void **state)
{
	struct trace t =
	        parse(START2 "choose *\ncpu1 vmm0 go signal=1 choose * 7 @ here\nchoose * 100\ncpu0 go\n");

	(void)state;
	assert_int_equal(t.version, 2);
	assert_int_equal(t.n_steps, 4);
	assert_int_equal(t.n_open, 3);
	assert_int_equal(t.steps[0].open, 1);
	assert_int_equal(t.steps[0].cpu, TRACE_CPU_ANY);
	assert_int_equal(t.steps[0].action, -1);
	assert_int_equal(t.steps[1].open, 7);
	assert_int_equal(t.steps[1].cpu, 1);
	assert_int_equal(t.steps[1].n_choices, 1);
	assert_string_equal(t.steps[1].place, "here");
	assert_int_equal(t.steps[2].open, 100);
	assert_int_equal(t.steps[3].open, 0);
	trace_free(&t);
}

static const struct wrong {
	const char *text, *where, *what;
} wrongs[] = {
        {"", "file:1:1: ", "empty"},
        {"# nothing\n\n", "file:3:1: ", "empty"},
        {"variant v\n", "file:1:1: ", "'variant': a trace file begins with 'lazyswitch-trace 1'"},
        {"  lazyswitch-trace\n", "file:1:19: ", "version is missing"},
        {"lazyswitch-trace 3\nfoo\n",
         "file:1:18: ", "version 3 of the format; this program reads versions 1 to 2"},
        {"lazyswitch-trace 0\nfoo\n", "file:1:18: ", "version 0"},
        {"lazyswitch-trace one\n", "file:1:18: ", "not a number"},
        {"lazyswitch-trace 1 1\n", "file:1:20: ", "too much"},
        {"lazyswitch-trace 1\n\ncpus 1\n", "file:4:1: ", "which variant"},
        {"lazyswitch-trace 1\ncpu0 go\nvariant v\n", "file:2:1: ", "which variant"},
        {START "color blue\n",
         "file:3:1: ", "unknown keyword 'color'; here stands a step (cpu0 ..., or choose *) or one of: "},
        {START "\"cpus\" 1\n", "file:3:1: ", "unknown keyword"},
        {START "variant w\n", "file:3:1: ", "'variant' is said twice, first in line 2"},
        {START "cpu0 go\n cpus 1\n", "file:4:2: ", "before the first step"},
        {START "cpus\n", "file:3:5: ", "missing here: cpus NUMBER"},
        {START "cpus # 1\n", "file:3:5: ", "missing"},
        {START "cpus 1 2\n", "file:3:8: ", "too much"},
        {START "cpus 9\n", "file:3:6: ", "at most 8"},
        {START "cpus 0\n", "file:3:6: ", "at least 1"},
        {START "cpus 99999999999999999999999999999999\n", "file:3:6: ", "too large"},
        {START "cpus -1\n", "file:3:6: ", "not a number"},
        {START "cpus 1x\n", "file:3:6: ", "not a number"},
        {START "cpus \"\"\n", "file:3:6: ", "not a number"},
        {START "vms 9\n", "file:3:5: ", "at most 8"},
        {START "vcpus 9\n", "file:3:7: ", "at most 8"},
        {START "threads 17\n", "file:3:9: ", "at most 16"},
        {START "smp off\ncpus 2\n", "file:4:1: ", "CONFIG_SMP"},
        {START "smp maybe\n", "file:3:5: ", "'maybe' is none of: on, off"},
        {START "granularity fine\n", "file:3:13: ", "none of: step, insn"},
        {START "endian middle\n", "file:3:8: ", "none of: little, big"},
        {START "env neon,,fork\n", "file:3:10: ", "unknown event ''"},
        {START "env neon,\n", "file:3:10: ", "unknown event ''"},
        {START "env fork,nothing,neon\n", "file:3:10: ", "unknown event 'nothing'"},
        {START "env all\n", "file:3:5: ", "unknown event 'all'"},
        {START "property no\n", "file:3:10: ", "unknown property 'no'"},
        {START "searched crash,none\n", "file:3:16: ", "unknown property 'none'"},
        {START "shared 0x100\n", "file:3:8: ", "unknown class of memory '0x100'"},
        {START "image md5 00\n", "file:3:7: ", "none of: xxh3"},
        {START "image xxh3 00\n", "file:3:12: ", "16 hexadecimal digits"},
        {START "image xxh3 00000000DEADBEEF\n", "file:3:12: ", "16 hexadecimal digits"},
        {START "seen cpu0 here\n", "file:3:15: ", "missing"},
        {START "seen vmm0 here \"x\"\n", "file:3:6: ", "cpu0"},
        {START "seen cpu8 here \"x\"\n", "file:3:9: ", "at most 7"},
        {START "loop 0\ncpu0 go\n", "file:3:6: ", "counted from 1"},
        {START "loop x\ncpu0 go\n", "file:3:6: ", "not a number"},
        {START "loop 2\ncpu0 go\n", "file:3:1: ", "step 2 is to be repeated, but there are 1"},
        {START "loop 1\n", "file:3:1: ", "there are 0"},
        {START "property crash\nloop 1\ncpu0 go\n", "file:4:1: ", "violate stuck, not crash"},
        {"lazyswitch-trace 1\nvariant \"\"\n", "file:2:9: ", "empty name"},
        {"lazyswitch-trace 1\nvariant \"v\n", "file:2:11: ", "does not end"},
        {"lazyswitch-trace 1\nvariant \"v\"w\n", "file:2:12: ", "behind a quoted word"},
        {"lazyswitch-trace 1\nvariant \"a\\n\"\n", "file:2:11: ", "backslash"},
        {"lazyswitch-trace 1\nvariant \"a\\x00\"\n", "file:2:11: ", "backslash"},
        {"lazyswitch-trace 1\nvariant \"a\\x1\"\n", "file:2:11: ", "backslash"},
        {"lazyswitch-trace 1\nvariant \"a\\\n", "file:2:11: ", "backslash"},
        {START "cpu2 go\n", "file:3:4: ", "at most 1"},
        {START "cpu0x go\n", "file:3:4: ", "not a number"},
        {START "cpu0 vmm0 prempt\n", "file:3:11: ", "unknown action 'prempt'"},
        {START "cpu0 prempt\n", "file:3:6: ", "'prempt' is neither a task"},
        {START "cpu0 go vmm0\n", "file:3:9: ", "'vmm0' is too much"},
        {START "cpu0 vmm0 go go\n", "file:3:14: ", "'go' is too much"},
        {START "cpu0 vmm0 signal=1 go\n", "file:3:20: ", "'go' is too much"},
        {START "cpu0 vmm0 go sgnal=1\n", "file:3:14: ", "unknown choice 'sgnal'"},
        {START "cpu0 vmm0 go =1\n", "file:3:14: ", "unknown choice ''"},
        {START "cpu0 vmm0 go signal=\n", "file:3:21: ", "'' is no value of signal: here stands a number"},
        {START "cpu0 vmm0 go unsynced=1\n", "file:3:23: ", "here stands new or old"},
        {START "cpu0 idle0 wake pick=3\n", "file:3:22: ", "the name of a task"},
        {START "cpu0 vmm0 go vcpu=3\n", "file:3:19: ", "the name of a vCPU"},
        {START "cpu0 vmm0 go @\n", "file:3:15: ", "behind @"},
        {START "cpu0 vmm0 go @ a b\n", "file:3:18: ", "'b' is too much"},
        {START
         "cpu0 vmm0 go signal=1 signal=1 signal=1 signal=1 signal=1 signal=1 signal=1 signal=1 signal=1 "
         "signal=1 signal=1 signal=1 signal=1 signal=1 signal=1 signal=1\n",
         "file:3:149: ", "more than 15 choices"},
        {START "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a\n",
         "file:3:81: ", "more than 40 words"},
        {START "# \xff\n", "file:3:3: ", "byte 0xff is not UTF-8"},
        {START "# \xc3(\n", "file:3:3: ", "byte 0xc3 is not UTF-8"},
        {START "# \xc0\x80\n", "file:3:3: ", "not UTF-8"},
        {START "# \xed\xa0\x80\n", "file:3:3: ", "not UTF-8"},
        {START "# \xf5\x80\x80\x80\n", "file:3:3: ", "not UTF-8"},
        {START "# \xe2\x82", "file:3:3: ", "not UTF-8"},
        {START "cpu0\rgo\n", "file:3:5: ", "control character"},
        {START "cpu0 \x1b[31m\n", "file:3:6: ", "byte 0x1b is a control character"},
        {START "cpu0 go\x7f\n", "file:3:8: ", "control character"},
        {START "choose *\n", "file:3:1: ", "came with version 2"},
        {START "cpu0 vmm0 choose *\n", "file:3:11: ", "came with version 2"},
        {START2 "choose\n", "file:3:7: ", "behind choose stands *"},
        {START2 "choose go\n", "file:3:8: ", "behind choose stands *"},
        {START2 "choose \"*\"\n", "file:3:8: ", "behind choose stands *"},
        {START2 "choose * 0\n", "file:3:10: ", "at least 1"},
        {START2 "choose * 101\n", "file:3:10: ", "at most 100"},
        {START2 "choose * go\n", "file:3:10: ", "not a number"},
        {START2 "choose * 2 go\n", "file:3:12: ", "'go' is too much"},
        {START2 "cpu2 choose *\n", "file:3:4: ", "at most 1"},
        {START2 "loop 1\nchoose *\n", "file:3:1: ", "do not go together"},
        {"\xff\xfel\n", "file:1:1: ", "UTF-16"},
        {"\xfe\xff\n", "file:1:1: ", "UTF-16"},
};

static void test_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		const struct wrong *w = &wrongs[i];
		struct error e = {0};
		struct trace t;

		if (trace_parse("file", w->text, strlen(w->text), &t, &e) == 0)
			fail_msg("'%s' was accepted", w->text);
		if (strncmp(e.text, w->where, strlen(w->where)) != 0 || !strstr(e.text, w->what))
			fail_msg("'%s': '%s', and not '%s' with '%s'", w->text, e.text, w->where, w->what);
	}
}

static void expect_error(const char *text, size_t size, const char *message)
{
	struct error e = {0};
	struct trace t;

	assert_int_equal(trace_parse("file", text, size, &t, &e), -1);
	if (!strstr(e.text, message))
		fail_msg("'%s', and not '%s'", e.text, message);
}

/* `text`, then `line` so many times. */
static char *repeat(const char *text, const char *line, size_t times)
{
	size_t first = strlen(text), length = strlen(line);
	char *all = malloc(first + times * length + 1);

	assert_non_null(all);
	memcpy(all, text, first + 1);
	for (size_t i = 0; i < times; i++)
		memcpy(all + first + i * length, line, length + 1);
	return all;
}

static void test_bounds(void **state)
{
	char *text;
	struct trace t;

	(void)state;
	expect_error("a\0b", 3, "file:1:2: byte 0x00 is a control character");
	text = repeat(START "#", "x", TRACE_LINE_MAX - 1);
	t = parse(text);
	trace_free(&t);
	free(text);
	text = repeat(START "#", "x", TRACE_LINE_MAX);
	expect_error(text, strlen(text), "file:3:8193: the line is longer than 8192 bytes");
	free(text);
	text = repeat(START, "cpu0\n", TRACE_STEPS_MAX);
	t = parse(text);
	assert_int_equal(t.n_steps, TRACE_STEPS_MAX);
	trace_free(&t);
	free(text);
	text = repeat(START, "cpu0\n", TRACE_STEPS_MAX + 1);
	expect_error(text, strlen(text), "file:100003:1: more than 100000 steps");
	free(text);
	text = repeat(START, "closing a\n", TRACE_CLOSINGS_MAX + 1);
	expect_error(text, strlen(text), "file:10003:1: more than 10000 closings");
	free(text);
	text = repeat(START, "\n", TRACE_FILE_MAX);
	expect_error(text, strlen(text), "file: larger than 32 MiB");
	free(text);
}

/* What is shown of a file does no harm to a terminal, and has an end. */
static void test_messages(void **state)
{
	char name[512];
	struct error e = {0};
	struct trace t;

	(void)state;
	expect_error(START "\"\\x1b[31m\" 1\n", strlen(START "\"\\x1b[31m\" 1\n"), "unknown keyword '?[31m'");
	expect_error(START "\xc3\xa4 1\n", strlen(START "\xc3\xa4 1\n"),
	             "unknown keyword '?"
	             "?'");
	expect_error(START "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", strlen(START) + 51,
	             "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'");
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(trace_parse(name, "x", 1, &t, &e), -1);
	assert_non_null(strstr(e.text, ":1:1: 'x': a trace file begins"));
}

static void test_files(void **state)
{
	struct error e = {0};
	struct trace t;
	FILE *f = tmpfile();

	(void)state;
	assert_int_equal(trace_read("/nowhere/at-all.trace", &t, &e), -1);
	assert_string_equal(e.text, "/nowhere/at-all.trace: No such file or directory");
	assert_int_equal(trace_read("/", &t, &e), -1);
	assert_non_null(strstr(e.text, "/: cannot be read: "));
	assert_int_equal(trace_read("/dev/zero", &t, &e), -1);
	assert_non_null(strstr(e.text, "/dev/zero: larger than 32 MiB"));
	assert_non_null(f);
	assert_true(fputs(sample, f) >= 0);
	rewind(f);
	if (trace_read_stream(f, "file", &t, &e))
		fail_msg("%s", e.text);
	expect_sample(&t);
	expect_steps(&t);
	trace_free(&t);
	assert_int_equal(fclose(f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_open),     cmocka_unit_test(test_everything),
	        cmocka_unit_test(test_windows),  cmocka_unit_test(test_defaults),
	        cmocka_unit_test(test_wrong),    cmocka_unit_test(test_bounds),
	        cmocka_unit_test(test_messages), cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
