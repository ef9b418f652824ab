/* SPDX-License-Identifier: MIT */
/* check --patch with a series: each prefix, in every shape in which a series arrives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "files.h"
#include "series_files.h"

static char *directory; /* of the test that runs */

static int setup(void **state)
{
	(void)state;
	directory = make_directory();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

/* What the three patches do to v3. */
static const char effects[] = "v3, patch by patch:\n"
                              "  base holds\n"
                              "  1/3  holds: v3: Load the dirty flag as the byte that it is\n"
                              "  2/3  breaks fpexc-host: v3: Set FPEXC.EN once, in vcpu_load\n"
                              "  3/3  mends fpexc-host: v3: Restore the host's FPEXC in every vcpu_put\n"
                              "  not bisectable: ";

static void each_prefix_is_checked(void **state)
{
	struct outcome o = series_check(EXAMPLE, "fpexc.mbox", TINY, 1);

	(void)state;
	assert_contains(o.out, "\nv3                pass        -");
	assert_contains(o.out, "\nv3 + 1/3          pass        -");
	assert_contains(o.out, "\nv3 + 2/3          fail        fpexc-host");
	assert_contains(o.out, "\nv3 + 3/3          pass        -");
	assert_contains(o.out, "\nv3 + 2/3 violates fpexc-host; the shortest schedule, 3 steps:");
	assert_string_equal(o.err, "");
	series_expect(o, effects, "");
	/* Only a part of it; the base does not count. */
	o = series_check(EXAMPLE, "fpexc.mbox", TINY "--apply 1 --each-patch on --endian big", 0);
	assert_contains(o.out, "  base violates fpexc-guest\n  1/1  mends fpexc-guest");
	series_expect(o, "bisectable: every", "");
}

/* The letter, the patches and an old version, in the order of digits. */
static void write_mailbox(const char *order, const char *between)
{
	char *messages[SERIES_MESSAGES], *text = calloc(1, 65536);

	assert_non_null(text);
	series_messages(messages);
	for (; *order != '\0'; order++) {
		char *from = strchr(messages[*order - '0'], '\n');

		(void)strcat(text, between);
		(void)strcat(text, from + 1);
	}
	write_file(directory, "t.mbox", text);
	for (unsigned i = 0; i < SERIES_MESSAGES; i++)
		free(messages[i]);
	free(text);
}

static void numbers_are_the_order(void **state)
{
	(void)state;
	/* As b4 and archives of lists separate them. */
	write_mailbox("3102", "From git@z Thu Jan  1 00:00:00 1970\n");
	series_expect(series_check(directory, "t.mbox", TINY, 1), effects, "");
	write_mailbox("31", "From mboxrd@z Thu Jan  1 00:00:00 1970\n");
	series_expect(series_check(directory, "t.mbox", TINY, 2), "", "patch 2/3 of the series is missing");
}

static void files_and_directories(void **state)
{
	static const char *const names[] = {"0000-cover-letter.patch", "0001-a.patch", "0002-b.patch",
	                                    "0003-c.patch"};
	char *messages[SERIES_MESSAGES], command[1024];

	(void)state;
	series_messages(messages);
	for (unsigned i = 0; i < SERIES_MESSAGES; i++) {
		write_file(directory, names[i], messages[i]);
		free(messages[i]);
	}
	series_expect(series_check(directory, ".", TINY, 1), effects, "");
	(void)snprintf(command, sizeof(command),
	               "check v3 --patch %s/0003-c.patch --patch %s/0001-a.patch --patch "
	               "%s/0002-b.patch --apply 2 --each-patch off" TINY,
	               directory, directory, directory);
	series_expect(run_command(command), "\nv3                fail        fpexc-host", "");
	series_expect(series_check(directory, "0001-a.patch", TINY, 0), "\nv3                pass",
	              "warning: ");
}

/* A prefix that does not apply, or does not build; and why. */
static void broken_prefixes(void **state)
{
	char *text = series_with("@@ -55,6 +55,15 @@ skip_restore_host_fpexc:\n \n #include",
	                         "@@ -55,6 +55,15 @@ skip_restore_host_fpexc:\n \n #exclude");
	struct outcome o;

	(void)state;
	write_file(directory, "t.mbox", text);
	free(text);
	o = series_check(directory, "t.mbox", TINY, 2);
	assert_contains(o.out, "\nv3 + 1/3          pass");
	assert_contains(o.out, "\nv3 + 3/3          error");
	assert_contains(o.out,
	                "  2/3  does not apply: v3: Set FPEXC.EN once, in vcpu_load\n  3/3  not tried: ");
	assert_contains(o.err, "lazyswitch: v3 + 3/3: not tried: patch 2/3 does not apply");
	series_expect(o, "not bisectable", "t.mbox:95: hunk 2 of model/variants/v3.S (@@ -55,6 +55,15 @@ ");

	text = series_with("+\tsave_host_fpexc\n", "+\tsafe_host_fpexc\n");
	write_file(directory, "t.mbox", text);
	free(text);
	o = series_check(directory, "t.mbox", TINY "--format json", 2);
	assert_contains(o.out, "\"effect\": \"unbuilt\"");
	assert_contains(
	        o.out, "\"complaint\": \"model/variants/v3.S:62: Error: bad instruction `safe_host_fpexc'\"");
	series_expect(o, "\"bisectable\": false", "v3.S: does not compile");
}

/* A patch of a variant that is not looked at. */
static const char other[] =
        "--- a/eager.S\n+++ b/eager.S\n@@ -3,2 +3,3 @@\n #include <kvm/into_guest.S>\n+/* hello */\n \n";

static void the_same_code_is_checked_once(void **state)
{
	(void)state;
	/* The first one changes another variant. */
	write_file(directory, "0001-other.patch", other);
	write_file(directory, "0002-byte.patch",
	           "--- a/v3.S\n+++ b/v3.S\n@@ -9,3 +9,3 @@\n #ifndef LOAD_DIRTY\n-#define LOAD_DIRTY "
	           "ldr\t\t\t\t/* as "
	           "posted: a byte is stored, a word is tested */\n+#define LOAD_DIRTY ldrb\n #endif\n");
	series_expect(series_check(directory, ".", TINY, 0), "the same code as v3\n", "");
	series_expect(series_check(directory, ".", TINY "--each-patch off", 0), "\nv3                pass",
	              "");
}

static void a_variant_that_a_patch_adds(void **state)
{
	char command[512];

	(void)state;
	write_file(directory, "1.patch", other);
	write_file(directory, "2.patch",
	           "--- /dev/null\n+++ b/model/variants/mine.S\n@@ -0,0 +1,2 @@\n"
	           "+#define LOAD_DIRTY ldrb\n+#include \"v3.S\"\n");
	(void)snprintf(command, sizeof(command), "check mine --patch %s" TINY, directory);
	series_expect(run_command(command), "depth   seconds\nmine + 2/2        pass", "");
	(void)snprintf(command, sizeof(command), "check yours --patch %s" TINY, directory);
	series_expect(run_command(command), "", "unknown variant 'yours'");
}

static void options(void **state)
{
	(void)state;
	series_expect(series_check(EXAMPLE, "fpexc.mbox", TINY "--each-patch off", 0),
	              "\nv3                pass", "");
	series_expect(series_check(EXAMPLE, "fpexc.mbox", TINY "--checkpoint x", 2), "",
	              "add --each-patch off");
	series_expect(series_check(EXAMPLE, "fpexc.mbox", TINY "--apply 4", 2), "",
	              "there are only 3 patches");
	series_expect(run_command("check v3 --apply 1"), "", "there is no --patch");
	series_expect(run_command("check v3 --each-patch on"), "", "there is no --patch");
	series_expect(run_command("show v3 --patch " SERIES " --apply 2"), "v3.S:62", "");
}

/* A trace of a prefix is replayed on that prefix. */
static void traces(void **state)
{
	char command[512];

	(void)state;
	(void)snprintf(command, sizeof(command), TINY "--apply 2 --trace-out %s", directory);
	series_expect(series_check(EXAMPLE, "fpexc.mbox", command, 1), "/v3+2-fpexc-host.trace\n", "");
	(void)snprintf(command, sizeof(command),
	               "replay --patch " SERIES " --apply 2 %s/v3+2-fpexc-host.trace", directory);
	series_expect(run_command(command), "the image of the trace\n", "");
}

static void formats(void **state)
{
	struct outcome o = series_check(EXAMPLE, "fpexc.mbox", TINY "--format json", 1);
	json_t *document = json_loads(o.out, 0, NULL), *results = json_object_get(document, "results"),
	       *result;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(results), 4);
	json_array_foreach(results, i, result)
	{
		static const char *const words[] = {"none", "holds", "breaks", "mends"};
		json_t *patch = json_object_get(result, "patch");

		assert_int_equal(json_integer_value(json_object_get(patch, "applied")), i);
		assert_string_equal(json_string_value(json_object_get(patch, "effect")), words[i]);
	}
	assert_true(json_is_false(json_object_get(json_array_get(results, 3), "bisectable")));
	json_decref(document);
	outcome_free(&o);
	o = series_check(EXAMPLE, "fpexc.mbox", TINY "--apply 2 --format ktap --endian big", 1);
	assert_contains(
	        o.out,
	        "  # Subtest: v3\n  1..3\n  # the base, which the patches are not to blame for: violates "
	        "fpexc-guest");
	assert_contains(o.out, "\n  ok 1 base\n  ok 2 1/2 v3: Load the dirty flag as the byte that it is\n");
	series_expect(o, "\n  not ok 3 2/2 v3: Set FPEXC.EN once, in vcpu_load\n", "");
	series_expect(series_check(EXAMPLE, "fpexc.mbox", TINY "--apply 2 --format junit", 1),
	              "<testcase classname=\"lazyswitch check.v3\" name=\"2/2 v3: Set FPEXC.EN once, in "
	              "vcpu_load\"",
	              "");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(each_prefix_is_checked),
	        TEST(numbers_are_the_order),
	        TEST(files_and_directories),
	        TEST(broken_prefixes),
	        TEST(options),
	        TEST(the_same_code_is_checked_once),
	        TEST(traces),
	        TEST(formats),
	        TEST(a_variant_that_a_patch_adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
