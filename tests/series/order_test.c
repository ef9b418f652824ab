/* SPDX-License-Identifier: MIT */
/* Which messages are the series, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "series_files.h"

static void expect_text(const char *text, const char *added, const char *note)
{
	struct series s;

	read_series(&s, text);
	expect_series(&s, added, note);
	series_free(&s);
}

static void expect_names(const char *const *names, size_t n, const char *added, const char *note)
{
	struct series s;

	read_names(&s, names, n);
	expect_series(&s, added, note);
	series_free(&s);
}

static void numbers_are_the_order(void **state)
{
	(void)state;
	expect_text(MESSAGE("[PATCH 3/3] c", DIFF("3")) MESSAGE("[PATCH 1/3] a", DIFF("1"))
	                    MESSAGE("[PATCH 2/3] b", DIFF("2")),
	            "1 2 3", NULL);
	expect_text(
	        MESSAGE("[PATCH net-next,v2 02/11] b", DIFF("2")) MESSAGE("[RFC PATCH v2 1/11] a", DIFF("1"))
	                MESSAGE("[PATCH v2 10/11] j", DIFF("10")) MESSAGE("[PATCH v2 11/11] k", DIFF("11"))
	                        MESSAGE("[PATCH v2 3/11] c", DIFF("3")) MESSAGE(
	                                "[PATCH v2 4/11] d", DIFF("4")) MESSAGE("[PATCHv2 5/11] e", DIFF("5"))
	                                MESSAGE("[list] [PATCH v2 6/11] f", DIFF("6"))
	                                        MESSAGE("[PATCH v2 7/11] g", DIFF("7"))
	                                                MESSAGE("[PATCH v2 8/11] h", DIFF("8"))
	                                                        MESSAGE("[PATCH V2 9/11] i", DIFF("9")),
	        "1 2 3 4 5 6 7 8 9 10 11", NULL);
	/* Without numbers they stay as they are. */
	expect_text(MESSAGE("[PATCH] b", DIFF("2")) MESSAGE("a", DIFF("1")), "2 1", NULL);
	expect_text(DIFF("1"), "1", NULL);
}

static void letters_and_replies_are_left_out(void **state)
{
	static const char cover[] =
	        B4 "From: A <a@example.org>\nSubject: [PATCH 0/2] two\nMessage-ID: <c@x>\n\nHello.\n\n";
	char text[8192];
	struct series s;

	(void)state;
	(void)snprintf(
	        text, sizeof(text), "%s%s%s%s", cover, MESSAGE("[PATCH 1/2] a", DIFF("1")),
	        B4 "From: B <b@example.org>\nSubject: Re: [PATCH 1/2] a\n\nOn Monday A wrote:\n> --- a/f\n"
	           "> +++ b/f\n> @@ -1 +1 @@\n> -0\n> +1\nNo.\nFrom here on it is wrong.\n\n",
	        MESSAGE("[PATCH 2/2] b", DIFF("2")));
	read_series(&s, text);
	expect_series(&s, "1 2", NULL);
	assert_true(s.has_cover);
	assert_string_equal(s.cover.id, "c@x");
	assert_string_equal(s.patch[1].title, "b");
	assert_int_equal(s.patch[1].number, 2);
	assert_int_equal(s.patch[1].total, 2);
	series_free(&s);
	expect_text(MESSAGE("[PATCH 1/1] a", DIFF("1")) MESSAGE("Re: [PATCH 1/1] a", DIFF("2")), "1",
	            "1 reply with a diff left out");
	/* But if it is all there is, it is meant. */
	expect_text(MESSAGE("Re: [PATCH 1/2] a", DIFF("2")), "2", "patch 2/2 of the series is not among");
}

static void the_newest_version_counts(void **state)
{
	(void)state;
	expect_text(MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH v3 2/2] b", DIFF("32"))
	                    MESSAGE("[PATCH 2/2] b", DIFF("2")) MESSAGE("[PATCH v3 1/2] a", DIFF("31")),
	            "31 32", "2 patches of older versions left out: v3 is the newest");
	refuse(MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH 2/2] b", DIFF("2"))
	               MESSAGE("[PATCH v2 1/2] a", DIFF("3")) MESSAGE("[PATCH v2 0/2] a", "Hello\n"),
	       "patch 2/2 of the series is missing");
}

static void numbers_that_are_wrong(void **state)
{
	(void)state;
	refuse(MESSAGE("[PATCH 1/5] a", DIFF("1")) MESSAGE("[PATCH 4/5] d", DIFF("4")),
	       "patches 2/5, 3/5, 5/5 of the series are missing");
	refuse(MESSAGE("[PATCH 1/99999] a", DIFF("1")) MESSAGE("[PATCH 2/99999] b", DIFF("2")),
	       "10/99999, ...");
	refuse(MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH 2/2] b", DIFF("2"))
	               MESSAGE("[PATCH 2/2] b", DIFF("3")),
	       "t.mbox:34: patch 2/2 is another than the one at");
	expect_text(MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH 2/2] b", DIFF("2"))
	                    MESSAGE("[PATCH 2/2] b", DIFF("2")),
	            "1 2", "is there twice");
	refuse(MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH 2/3] b", DIFF("2")),
	       "patch 2/3 does not belong to the series of 2");
	refuse(MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH 7/2] b", DIFF("2")),
	       "there cannot be a patch 7/2");
	refuse(MESSAGE("[PATCH 1/2] a", "nothing\n") MESSAGE("[PATCH 2/2] b", DIFF("2")),
	       "t.mbox:2: there is no diff in patch 1/2");
	expect_text(MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH] fix", DIFF("3"))
	                    MESSAGE("[PATCH 2/2] b", DIFF("2")),
	            "1 2", "1 patch without a number left out");
	/* Numbers with more digits than anybody needs are none. */
	expect_text(MESSAGE("[PATCH 1/999999999999] a", DIFF("1")), "1", NULL);
}

static void several_files(void **state)
{
	const char *files[4] = {put_text("b", MESSAGE("[PATCH 2/2] b", DIFF("2"))),
	                        put_text("a", MESSAGE("[PATCH 1/2] a", DIFF("1"))), put_text("c", DIFF("3")),
	                        NULL};

	(void)state;
	expect_names(files, 2, "1 2", NULL);
	expect_names(files, 1, "2", "patch 1/2 of the series is not among the files");
	/* One has no number: they are in the user's order. */
	expect_names(files, 3, "2 1 3", NULL);
	/* A whole series, then one more. */
	files[0] = put_text("d", MESSAGE("[PATCH 2/2] b", DIFF("2")) MESSAGE("[PATCH 1/2] a", DIFF("1")));
	files[1] = put_text("e", MESSAGE("[PATCH 1/1] c", DIFF("3")));
	expect_names(files, 2, "1 2 3", NULL);
	files[1] = "/nonexistent/f";
	refuse_names(files, 2, "/nonexistent/f: No such file");
}

static void directories(void **state)
{
	const char *name = place();

	(void)state;
	refuse_names(&name, 1, "a directory without *.patch");
	(void)put_text("0000-cover-letter.patch", MESSAGE("[PATCH 0/2] two", "Hello\n"));
	(void)put_text("0001-x.patch", MESSAGE("[PATCH 1/2] a", DIFF("1")));
	(void)put_text("0002-a.patch", MESSAGE("[PATCH 2/2] b", DIFF("2")));
	(void)put_text("note.txt", "not a patch");
	expect_names(&name, 1, "1 2", NULL);
	(void)put_text("0001-x.patch", DIFF("1"));
	(void)put_text("0002-a.patch", DIFF("2"));
	expect_names(&name, 1, "1 2", NULL);
	/* As quilt has it. */
	(void)put_text("series", "# first\n0002-a.patch -p1\n\n0001-x.patch # second\n");
	expect_names(&name, 1, "2 1", NULL);
	(void)put_text("series", "gone.patch\n");
	refuse_names(&name, 1, "gone.patch: No such file");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
	const struct CMUnitTest tests[] = {
	        TEST(numbers_are_the_order),
	        TEST(letters_and_replies_are_left_out),
	        TEST(the_newest_version_counts),
	        TEST(numbers_that_are_wrong),
	        TEST(several_files),
	        TEST(directories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
