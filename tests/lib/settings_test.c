/* SPDX-License-Identifier: MIT */
/* Version, variants that ship, settings, and how a system is opened: also with what makes no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/include/lazyswitch.h"

static void the_shipped_are_named(void **state)
{
	const char *summary = NULL;
	size_t n = 0;

	(void)state;
	assert_string_equal(lazyswitch_shipped(0, &summary), "baseline");
	assert_true(strlen(summary) > 10);
	while (lazyswitch_shipped(n, NULL))
		n++;
	assert_true(n >= 15);
	assert_null(lazyswitch_shipped(SIZE_MAX, &summary));
	assert_int_equal(lazyswitch_version()[0], '0');
}

static void settings_are_those_of_the_command(void **state)
{
	static const char *const good[][2] = {
	        {"cpus", "1"},       {"vms", "1"},        {"vcpus", "2"},          {"threads", "0"},
	        {"env", "all"},      {"env", "neon,pm"},  {"endian", "big"},       {"smp", "off"},
	        {"property", "all"}, {"symmetry", "off"}, {"granularity", "insn"}, {"no-reduce", "dead"},
	        {"memory", "512M"},  {"timeout", "1.5"},  {"max-states", "10"},    {"max-depth", "3"},
	        {"store", "exact"},  {"jobs", "2"},       {"cycles", "on"},        {"all", "on"},
	        {"define", "X=1"},   {"include", "/"},    {"patch", "x.diff"},     {"as", "kvm"},
	};
	static const char *const bad[][3] = {
	        {"cpu", "1", "did you mean 'cpus'?"},
	        {"", "", "unknown setting"},
	        {"cpus", "-1", "cpus takes a whole number"},
	        {"env", "neno", "did you mean 'neon'?"},
	        {"property", "none", "property"},
	        {"timeout", "0", "timeout"},
	        {"jobs", "0", "jobs"},
	        {"all", "maybe", "all"},
	        {"cycles", "", "cycles"},
	        {"include", "/nowhere", "no such directory"},
	        {"define", "", "takes a name"},
	        {"as", "gpl", "kvm and vfp"},
	};
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_error e;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(lazyswitch_settings_set(s, good[i][0], good[i][1], &e), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(lazyswitch_settings_set(s, bad[i][0], bad[i][1], &e), -1);
		assert_non_null(strstr(e.text, bad[i][2]));
		assert_int_equal(lazyswitch_settings_set(s, bad[i][0], bad[i][1], NULL), -1);
	}
	assert_int_equal(lazyswitch_settings_set(s, "cpus", NULL, &e), -1);
	assert_int_equal(lazyswitch_settings_set(s, NULL, "1", &e), -1);
	assert_int_equal(lazyswitch_settings_set(NULL, "cpus", "1", &e), -1);
	lazyswitch_settings_free(s);
	lazyswitch_settings_free(NULL);
}

/* Opens it with one setting; frees it. Returns whether that went well. */
static int opens(const char *variant, const char *name, const char *value, struct lazyswitch_error *e)
{
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_system *system;

	if (name)
		assert_int_equal(lazyswitch_settings_set(s, name, value, e), 0);
	system = lazyswitch_system_new(variant, s, e);
	lazyswitch_settings_free(s);
	lazyswitch_system_free(system);
	return system != NULL;
}

static void what_cannot_be_opened_says_why(void **state)
{
	static const char *const bad[][2] = {
	        {"baselin", "did you mean 'baseline'?"},
	        {"", "unknown variant"},
	        {"/nowhere/x.S", "No such file"},
	        {"/dev/null,x.S", "/dev/null"},
	        {ROOT, "s a directory"},
	        {"a.S,,b.S", "empty name"},
	        {ROOT "/README.md,", "not an ELF file"},
	        {VARIANTS "/none.elf", "No such file"},
	};
	struct lazyswitch_error e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e.text[0] = '\0';
		assert_false(opens(bad[i][0], NULL, NULL, &e));
		if (!strstr(e.text, bad[i][1]))
			fail_msg("%s: %s", bad[i][0], e.text);
	}
	assert_false(opens("v3", "cpus", "99", &e));
	assert_true(opens("v3", "cpus", "1", &e));
	assert_true(opens("v3", "endian", "big", &e));
	assert_null(lazyswitch_system_new(NULL, NULL, &e));
	assert_null(lazyswitch_system_new("v4", NULL, NULL));
	lazyswitch_system_free(NULL);
}

static void collect(void *arg, const char *text)
{
	char *all = arg;

	(void)strncat(all, text, 4095 - strlen(all));
}

static void write_source(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void compilers_talk_to_the_caller(void **state)
{
	char directory[] = "/tmp/lazyswitch-lib-XXXXXX", path[64], messages[4096] = "";
	struct lazyswitch_settings *s = lazyswitch_settings_new();
	struct lazyswitch_system *system;
	struct lazyswitch_error e;

	(void)state;
	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof(path), "%s/x.S", directory);
	write_source(path, "\t.global kvm_arch_vcpu_putt\nkvm_arch_vcpu_putt: bx lr\n");
	lazyswitch_settings_on_message(s, collect, messages);
	system = lazyswitch_system_new(path, s, &e);
	assert_non_null(system);
	assert_non_null(strstr(messages, "did you mean 'kvm_arch_vcpu_put'?"));
	lazyswitch_system_free(system);

	write_source(path, "\tnonsense r0\n");
	messages[0] = '\0';
	assert_null(lazyswitch_system_new(path, s, &e));
	assert_non_null(strstr(messages, "bad instruction"));
	assert_non_null(strstr(e.text, "does not compile"));
	lazyswitch_settings_free(s);
	(void)unlink(path);
	(void)rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_shipped_are_named),
	        cmocka_unit_test(settings_are_those_of_the_command),
	        cmocka_unit_test(what_cannot_be_opened_says_why),
	        cmocka_unit_test(compilers_talk_to_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
