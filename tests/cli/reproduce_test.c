/* SPDX-License-Identifier: MIT */
/* lazyswitch reproduce: every counterexample of the corpus on the emulated board, and variants that pass under the same schedule. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "emulated.h"
#include "files.h"

#define LATE  "writes of HCPTR or CPACR that take effect late"
#define ORDER "that FPEXC.EN is looked at before HCPTR"
#define EX    "a VFP that hands instructions back"

/* What the emulated core does not have. */
static const struct {
	const char *trace, *why;
} unable[] = {
        {"no-isb-crash.trace", LATE},           {"no-isb-crash-neon.trace", LATE},
        {"a24-broken-crash.trace", LATE},       {"a26-broken-crash.trace", LATE},
        {"no-enable-fpexc-guest.trace", ORDER}, {"a25-broken-fpexc-guest.trace", ORDER},
        {"a4-broken-crash.trace", EX},          {"a22-broken-crash.trace", EX},
};
enum { UNABLE = sizeof(unable) / sizeof(unable[0]) };

static const char *why_unable(const char *trace)
{
	for (size_t i = 0; i < UNABLE; i++) {
		if (strcmp(unable[i].trace, trace) == 0)
			return unable[i].why;
	}
	return NULL;
}

static struct outcome reproduce(const char *directory, const char *trace, const char *options)
{
	char arguments[1024];

	(void)snprintf(arguments, sizeof(arguments), "reproduce %s/%s/%s --qemu %s %s", TRACES, directory,
	               trace, emulated_command(), options);
	return run_command(arguments);
}

static size_t check_all(const char *directory)
{
	char path[512];
	struct dirent *entry;
	size_t n = 0;
	DIR *d;

	(void)snprintf(path, sizeof(path), "%s/%s", TRACES, directory);
	d = opendir(path);
	assert_non_null(d);
	while ((entry = readdir(d))) {
		const char *dot = strrchr(entry->d_name, '.'), *why = why_unable(entry->d_name);
		struct outcome o;

		if (!dot || strcmp(dot, ".trace") != 0)
			continue;
		o = reproduce(directory, entry->d_name, "");
		if (o.status != (why ? 3 : 0))
			fail_msg("%s: exit status %d\n%s%s", entry->d_name, o.status, o.out, o.err);
		if (why) {
			assert_contains(o.out, why);
		} else {
			assert_contains(o.out, "<- the violation");
			assert_contains(o.out, "and in all memory at the end");
			n++;
		}
		outcome_free(&o);
	}
	(void)closedir(d);
	return n;
}

static void test_corpus(void **state)
{
	(void)state;
	assert_true(check_all("corpus") > 90);
}

static void test_history(void **state)
{
	(void)state;
	assert_true(check_all("history") > 10);
}

/* The same schedule, on what mends the bug: those who look see their own. */
static void test_mended(void **state)
{
	static const char *const bugs[] = {"a2", "a12", "a15a", "a15c", "a16", "a17", "a19"};

	(void)state;
	for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++) {
		char trace[64], options[64];
		struct outcome o;

		(void)snprintf(trace, sizeof(trace), "%s-broken-fp-lost.trace", bugs[i]);
		(void)snprintf(options, sizeof(options), "--on %s-fixed", bugs[i]);
		o = reproduce("history", trace, options);
		if (o.status != 1)
			fail_msg("%s: exit status %d\n%s%s", trace, o.status, o.out, o.err);
		assert_contains(o.out, "its own newest data\n");
		assert_contains(o.out, "not-observed: nobody has seen what they should not");
		assert_null(strstr(o.out, "<- the violation"));
		outcome_free(&o);
	}
}

/* A board that tells something else is not believed. */
static void test_forged(void **state)
{
	char *directory = make_directory(), options[512];
	struct outcome o;

	(void)state;
	write_file(directory, "forger", "#!/bin/sh\nexec head -c 100000 /dev/zero\n");
	(void)snprintf(options, sizeof(options), "%s/forger", directory);
	assert_int_equal(chmod(options, 0755), 0);
	(void)snprintf(options, sizeof(options), "--qemu %s/forger", directory);
	o = reproduce("corpus", "no-put-fp-leak.trace", options);
	assert_int_equal(o.status, 1);
	assert_contains(o.out, "differs: ");
	assert_null(strstr(o.out, "observed: fp-leak"));
	outcome_free(&o);
	/* Nor one that has told all, and does not end. */
	write_file(directory, "forger", "#!/bin/sh\nhead -c 10000000 /dev/zero\nexec sleep 1000\n");
	o = reproduce("corpus", "no-put-fp-leak.trace", options);
	assert_int_equal(o.status, 1);
	assert_contains(o.out, "differs: ");
	outcome_free(&o);
	/* Too early an end. */
	o = reproduce("corpus", "no-put-fp-leak.trace", "--qemu true");
	assert_int_equal(o.status, 1);
	assert_contains(o.out, "does not come to");
	outcome_free(&o);
	remove_directory(directory);
}

static void test_usage(void **state)
{
	char *directory = make_directory(), options[512];
	struct outcome o = run_command("reproduce");
	struct stat status;

	(void)state;
	assert_int_equal(o.status, 2);
	assert_contains(o.err, "takes the traces");
	outcome_free(&o);
	o = reproduce("corpus", "no-put-fp-leak.trace", "--qemu /nowhere/qemu");
	assert_int_equal(o.status, 2);
	assert_contains(o.err, "/nowhere/qemu cannot be started");
	outcome_free(&o);
	o = reproduce("corpus", "no-put-fp-leak.trace", "--qemu false");
	assert_int_equal(o.status, 2);
	assert_contains(o.err, "false ended with status 1");
	outcome_free(&o);
	o = reproduce("corpus", "no-put-fp-leak.trace", "-o /nowhere/program");
	assert_int_equal(o.status, 2);
	assert_contains(o.err, "/nowhere/program: cannot be written");
	outcome_free(&o);
	o = reproduce("corpus", "no-put-fp-leak.trace", "-o /dev/full");
	assert_int_equal(o.status, 2);
	assert_contains(o.err, "/dev/full: cannot be written");
	outcome_free(&o);
	o = run_command("reproduce /nowhere.trace");
	assert_int_equal(o.status, 2);
	outcome_free(&o);
	/* The program is kept, whatever its name; JSON. */
	(void)snprintf(options, sizeof(options), "-o %s/a,b --format json", directory);
	o = reproduce("corpus", "no-put-fp-leak.trace", options);
	assert_int_equal(o.status, 0);
	assert_contains(o.out, "\"outcome\": \"observed\"");
	assert_contains(o.out, "\"violation\": true");
	outcome_free(&o);
	(void)snprintf(options, sizeof(options), "%s/a,b", directory);
	assert_int_equal(stat(options, &status), 0);
	assert_true(status.st_size > 1000);
	remove_directory(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_corpus), cmocka_unit_test(test_history), cmocka_unit_test(test_mended),
	        cmocka_unit_test(test_forged), cmocka_unit_test(test_usage),
	};

	emulated_or_skip();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
