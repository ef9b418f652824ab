/* SPDX-License-Identifier: MIT */
/* --format mail: a reply that can be sent as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "files.h"
#include "series_files.h"

enum { COLUMNS = 71 };

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

/* Every line is short, has no blanks at its end but a quoted one, and no control characters. */
static void check_lines(const char *text)
{
	unsigned column = 0;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '\n')
			column = 0;
		else if (*at == '\t')
			column = (column / 8 + 1) * 8;
		else
			column += ((unsigned char)*at & 0xc0) != 0x80;
		if (column > COLUMNS)
			fail_msg("a line is too long: '%.*s'\n%s", (int)strcspn(at, "\n"), at, text);
		assert_true((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t');
	}
	assert_null(strstr(text, "  \n\n"));
}

static struct outcome reply(const char *where, const char *name, const char *arguments, int status)
{
	char all[512];
	struct outcome o;

	(void)snprintf(all, sizeof(all), "--format mail %s", arguments);
	o = series_check(where, name, all, status);
	check_lines(o.out);
	return o;
}

/* The command in it finds the same. */
static void run_again(char *text)
{
	char *command = strstr(text, "  lazyswitch check "), *end = command ? strstr(command, "\n\n") : NULL,
	     *at, line[512];

	assert_non_null(end);
	*end = '\0';
	while ((at = strstr(command, "\\\n")) != NULL)
		at[0] = at[1] = ' ';
	(void)snprintf(line, sizeof(line), "sh -c 'cd " EXAMPLE "; exec \"$@\"' sh");
	series_expect(run_command_after(line, command + strlen("  lazyswitch ")), "fail        fpexc-host",
	              "");
}

static void to_the_patch_that_breaks(void **state)
{
	struct outcome o = reply(EXAMPLE, "fpexc.mbox", TINY, 1);

	(void)state;
	assert_ptr_equal(strstr(o.out, "To: Some Author <author@example.org>\n"
	                               "Cc: Some List <list@example.org>, A Reviewer <reviewer@example.org>\n"
	                               "Subject: Re: [PATCH v2 2/3] v3: Set FPEXC.EN once, in vcpu_load\n"
	                               "In-Reply-To: <20151105.2.author@example.org>\n"
	                               "References: <20151105.0.author@example.org>\n"
	                               " <20151105.2.author@example.org>\n\n"),
	                 o.out);
	assert_contains(
	        o.out,
	        "\n> +\tvcpu_loaded_on r1\n> +\tsave_host_fpexc\n\nWith this patch applied v3 violates "
	        "fpexc-host, which it does not\nwithout it: ");
	assert_contains(o.out, "The last line above (model/variants/v3.S:62) ");
	assert_contains(o.out, "\n  2  [vmm0]   ioctl(KVM_RUN)\n");
	assert_contains(o.out, "FPEXC: EN=0 -> EN=1, by KVM (v3.S:62)\n");
	assert_contains(o.out, "      breaks fpexc-host (");
	assert_contains(o.out, "lazyswitch check --cpus=1 --vms=1 --patch fpexc.mbox --apply 2");
	assert_contains(o.out, "What was checked: every interleaving of 1 CPU, ");
	assert_contains(o.out, "What is not claimed: ");
	run_again(o.out);
	outcome_free(&o);
	/* More CPUs have narrower columns. */
	outcome_free((struct outcome[]){
	        reply(EXAMPLE, "fpexc.mbox",
	              "--cpus 4 --vms 1 --property fpexc-host --max-states 5000 --apply 2", 1)});
}

static void to_the_letter_if_all_is_well(void **state)
{
	struct outcome o = reply(EXAMPLE, "fpexc.mbox", TINY "--each-patch off", 0);

	(void)state;
	assert_contains(o.out, "Subject: Re: [PATCH v2 0/3] v3: Keep FPEXC out of the exit path\n");
	series_expect(o, "\nTested with lazyswitch ", "");
	o = reply(EXAMPLE, "byte.diff", TINY "--endian big", 0);
	assert_contains(o.out, "Subject: Re: [PATCH] Test the dirty");
	series_expect(o, "The series is bisectable", "");
}

/* A line that the patch does not add is to blame: what it changes is quoted. */
static void deletions(void **state)
{
	struct outcome o;

	(void)state;
	write_file(directory, "d.diff",
	           "--- a/v3.S\n+++ b/v3.S\n@@ -45,3 +45,2 @@\n \tvfp_inlazy_mode r2, "
	           "skip_restore_host_fpexc\n-\tRESTORE_HOST_FPEXC\n skip_restore_host_fpexc:\n");
	o = reply(directory, "d.diff", TINY, 1);
	assert_contains(o.out, "> -\tRESTORE_HOST_FPEXC\n");
	/* It is no mail: there is nobody to reply to. */
	assert_ptr_equal(strstr(o.out, "> @@ -45,3"), o.out);
	series_expect(o, "\nTo blame is model/", "");
}

static void what_cannot_be_built(void **state)
{
	char *text = series_with("+\tsave_host_fpexc\n", "+\tsafe_host_fpexc\n");
	struct outcome o;

	(void)state;
	write_file(directory, "t.mbox", text);
	free(text);
	o = reply(directory, "t.mbox", TINY, 2);
	assert_contains(o.out, "\nThis patch does not build:\n");
	series_expect(o, "  model/variants/v3.S:62: Error: bad instruction `safe_host_fpexc'\n",
	              "does not compile");
	text = series_with("-#define SAVE_HOST_FPEXC save_host_fpexc\n", "-#define SAVE_HOST_FPEXC other\n");
	write_file(directory, "t.mbox", text);
	free(text);
	series_expect(reply(directory, "t.mbox", TINY, 2), "\nThis patch does not apply:\n",
	              "does not apply");
}

static void what_is_not_known(void **state)
{
	struct outcome o = reply(EXAMPLE, "fpexc.mbox", TINY "--max-states 100 --apply 1", 3);

	(void)state;
	assert_null(strstr(o.out, "Tested"));
	assert_null(strstr(o.out, "every interleaving"));
	series_expect(o, "the search was not finished (state\nlimit)", "");
}

/* Whatever a sender writes, it stays where it belongs. */
static void long_and_strange_words(void **state)
{
	char *text = series_with("Subject: [PATCH v2 2/3] v3: Set FPEXC.EN once, in vcpu_load\n",
	                         "Subject: [PATCH v2 2/3] =?utf-8?q?Z=C3=BCrich=0AX-Evil:_yes?= and more "
	                         "words than there is "
	                         "room for on a line of a mail\n"),
	     *date = strstr(text, "Date: Thu, 5 Nov 2015 16:22");
	struct outcome o;

	(void)state;
	assert_non_null(date);
	(void)memset(date + 6, 'x', 20);
	write_file(directory, "t.mbox", text);
	free(text);
	o = reply(directory, "t.mbox", TINY "--apply 2", 1);
	assert_null(strstr(o.out, "\nX-Evil"));
	series_expect(o, "Subject: Re: [PATCH v2 2/3] Zürich X-Evil: yes and more words than", "");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(to_the_patch_that_breaks),
	        TEST(to_the_letter_if_all_is_well),
	        TEST(deletions),
	        TEST(what_cannot_be_built),
	        TEST(what_is_not_known),
	        TEST(long_and_strange_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
