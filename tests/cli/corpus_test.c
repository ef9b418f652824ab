/* SPDX-License-Identifier: MIT */
/* lazyswitch regress on a directory: expectations, traces, images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "files.h"

/* A directory with one trace: no-put-fp-leak.trace. */
static char *with_trace(void)
{
	char *directory = make_directory(), arguments[256];
	struct outcome o;

	(void)snprintf(arguments, sizeof(arguments), "check no-put" TWO "--property fp-leak --trace-out %s",
	               directory);
	o = run_command(arguments);
	assert_int_equal(o.status, 1);
	outcome_free(&o);
	return directory;
}

/* Replaces the first line that begins so. */
static void change_line(const char *directory, const char *begin, const char *replacement)
{
	char *text = read_file_of(directory, "no-put-fp-leak.trace"), *at = strstr(text, begin), *rest,
	     *changed;
	size_t bytes = strlen(text) + strlen(replacement) + 2;

	assert_non_null(at);
	rest = strchr(at, '\n');
	assert_non_null(rest);
	changed = malloc(bytes);
	assert_non_null(changed);
	(void)snprintf(changed, bytes, "%.*s%s%s", (int)(at - text), text, replacement, rest);
	write_file(directory, "no-put-fp-leak.trace", changed);
	free(changed);
	free(text);
}

static void test_reproduces(void **state)
{
	char *directory = with_trace(), path[256];
	struct outcome o = regress(0, "%s", directory);

	(void)state;
	assert_contains(o.out, "1 trace: all as expected");
	outcome_free(&o);
	/* Below, beside expectations, and by its own name. */
	(void)snprintf(path, sizeof(path), "%s/sub", directory);
	assert_int_equal(mkdir(path, 0777), 0);
	write_file(path, "a.expect", HEAD "[s]\nv3" ONE ": pass\n");
	o = regress(0, "%s -v", directory);
	assert_contains(o.out, "sub/a.expect [s]\n  ok          v3 ");
	assert_contains(o.out, "traces\n  ok ");
	assert_contains(o.out, " violates fp-leak ");
	assert_contains(o.out, "1 expectation and 1 trace: all as expected");
	outcome_free(&o);
	o = regress(0, "%s/no-put-fp-leak.trace", directory);
	outcome_free(&o);
	o = regress(0, "%s --suite traces", directory);
	assert_contains(o.out, "1 trace: all");
	outcome_free(&o);
	o = regress(0, "%s no-put", directory);
	assert_contains(o.out, "1 trace: all");
	outcome_free(&o);
	o = regress(0, "%s v3", directory);
	assert_contains(o.out, "1 expectation: all");
	outcome_free(&o);
	remove_directory(directory);
}

static void test_changed_traces(void **state)
{
	char *directory = with_trace();
	struct outcome o;

	(void)state;
	/* What it shows is another property. */
	change_line(directory, "property ", "property stuck");
	change_line(directory, "searched ", "searched stuck,fp-leak");
	o = regress(1, "%s", directory);
	assert_contains(
	        o.out,
	        "no-put-fp-leak.trace: CHANGED\n  expected  violates stuck\n  found     violates fp-leak\n");
	assert_contains(o.out, "      lazyswitch replay /");
	outcome_free(&o);
	/* And nothing of it happens on a variant that is right: --update has no answer to that. */
	change_line(directory, "variant ", "variant eager");
	o = regress(1, "%s --update", directory);
	assert_contains(o.out, "CHANGED");
	assert_contains(o.out, "0 lines updated\n");
	outcome_free(&o);
	change_line(directory, "variant ", "variant none-such");
	o = regress(2, "%s", directory);
	assert_contains(o.out, "ERROR");
	assert_contains(o.out, "none-such");
	outcome_free(&o);
	change_line(directory, "cpus ", "cpus many");
	o = regress(2, "%s", directory);
	assert_contains(o.err, ".trace:");
	assert_string_equal(o.out, "");
	outcome_free(&o);
	remove_directory(directory);
}

/* A path in an expectations file is relative to the file, wherever the command is started. */
static void test_images(void **state)
{
	char *directory = make_directory(), command[512];
	struct outcome o;

	(void)state;
	(void)snprintf(command, sizeof(command), "cp %s/little/no-put.elf %s/mine.elf", IMAGES, directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	write_file(directory, "t.expect",
	           HEAD "mine.elf" TWO ": fail fp-leak|fp-lost fpexc-guest\n"
	                "./mine.elf" ONE ": fail crash\n");
	o = regress(1, "%s", directory);
	assert_contains(o.out, "1 as expected, 1 changed");
	(void)snprintf(command, sizeof(command), "      lazyswitch check %s/./mine.elf --cpus 1", directory);
	assert_contains(o.out, command);
	outcome_free(&o);
	remove_directory(directory);
}

/*
 * So are patches and sources; and a variant that is built in two ways is two variants, although its name is
 * the same.
 */
static void test_builds(void **state)
{
	char *directory = make_directory(), path[256];
	struct outcome o;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/sub", directory);
	assert_int_equal(mkdir(path, 0777), 0);
	write_file(
	        path, "word.patch",
	        "--- a/model/variants/v3-byte.S\n+++ b/model/variants/v3-byte.S\n"
	        "@@ -1,4 +1,4 @@\n /* SPDX-License-Identifier: MIT */\n"
	        " /* v3 with the dirty flag loaded as what it is, a byte: right on big-endian hosts too. */\n"
	        "-#define LOAD_DIRTY ldrb\n+#define LOAD_DIRTY ldr\n #include \"v3.S\"\n");
	write_file(path, "no-put.S",
	           "#include <linux/linkage.h>\nENTRY(kvm_arch_vcpu_put)\n\tbx "
	           "lr\nENDPROC(kvm_arch_vcpu_put)\n");
	write_file(path, "t.expect",
	           HEAD "v3-byte" ONE "--endian big : pass\n"
	                "v3-byte" ONE "--endian big --patch word.patch : fail fp-leak|fp-lost fpexc-guest\n"
	                "v3-byte" ONE "--endian big --patch=word.patch --property fpexc-host : fail crash\n"
	                "./no-put.S" ONE ": pass isbs/exit<=0\n");
	o = regress(2, "%s", directory);
	assert_contains(o.err, "/sub/t.expect:4:"); /* --property of a fail */
	outcome_free(&o);
	write_file(path, "t.expect",
	           HEAD "v3-byte" ONE "--endian big : pass\n"
	                "v3-byte" ONE "--endian big --patch word.patch : fail fp-leak|fp-lost fpexc-guest\n"
	                "v3-byte" ONE "--endian big --patch=word.patch --property fpexc-host : pass\n"
	                "./no-put.S" ONE "-D X=1 : pass isbs/exit<=0\n");
	o = regress(1, "%s", directory);
	assert_contains(o.out, "3 as expected, 1 changed");
	(void)snprintf(path, sizeof(path), "      lazyswitch cost %s/sub/./no-put.S -D X=1\n", directory);
	assert_contains(o.out, path);
	outcome_free(&o);
	remove_directory(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_reproduces),
	        cmocka_unit_test(test_changed_traces),
	        cmocka_unit_test(test_images),
	        cmocka_unit_test(test_builds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
