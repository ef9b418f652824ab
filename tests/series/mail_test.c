/* SPDX-License-Identifier: MIT */
/* Mails as they arrive: encoded, of several parts, damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "series_files.h"

#define FIELDS(subject) "From: A <a@example.org>\nSubject: " subject "\nMIME-Version: 1.0\n"
#define ENCODED(how)                                                                                         \
	B4 FIELDS("[PATCH] a") "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " how    \
	                       "\n\n"
/* --- a/f, +++ b/f, @@ -1 +1 @@, -0, +1 */
#define BASE64 "LS0tIGEvZgorKysgYi9mCkBAIC0xICsxIEBACi0wCisxCg=="

static void expect_text(const char *text, const char *added)
{
	struct series s;

	read_series(&s, text);
	expect_series(&s, added, NULL);
	series_free(&s);
}

static void fields(void **state)
{
	struct series s;

	(void)state;
	read_series(&s,
	            B4 "From: =?UTF-8?q?J=C3=BCrgen_M=C3=BCller?= <j@example.org>\n"
	               "To: list@example.org\nCc: \"B, C\" <b@example.org>,\n d@example.org\n"
	               "Subject: [PATCH v2 2/2] =?utf-8?b?VGVzdCB0aGUgYnl0?=\n =?utf-8?q?e=2C_caf=C3=A9?=\n"
	               "Date: Mon, 16 Jun 2015 10:00:00 +0200\n"
	               "Message-Id: <2@x>\nReferences: <0@x>\n <1@x>\n\n" DIFF("1"));
	assert_string_equal(s.patch[0].mail.from, "Jürgen Müller <j@example.org>");
	assert_string_equal(s.patch[0].mail.to, "list@example.org");
	assert_string_equal(s.patch[0].mail.cc, "\"B, C\" <b@example.org>, d@example.org");
	assert_string_equal(s.patch[0].title, "Test the byte, café");
	assert_string_equal(s.patch[0].mail.id, "2@x");
	assert_non_null(strstr(s.patch[0].mail.references, "<0@x>"));
	assert_int_equal(s.patch[0].version, 2);
	series_free(&s);
	/* An encoded word must not become another line. */
	read_series(&s, B4 "From: a@x\nSubject: [PATCH] =?utf-8?q?a=0D=0ABcc:_evil?=\n\n" DIFF("1"));
	assert_null(strpbrk(s.patch[0].mail.subject, "\r\n"));
	series_free(&s);
	read_series(&s, B4 "From: a@x\nSubject: [PATCH] =?utf-8?q?=FF=FE?=\n\n" DIFF("1"));
	series_free(&s);
	/* A subject that says nothing: the file has a name. */
	read_series(&s, DIFF("1"));
	assert_string_equal(s.patch[0].title, "t.mbox");
	series_free(&s);
}

static void encodings(void **state)
{
	(void)state;
	expect_text(ENCODED("base64") BASE64 "\n\n", "1");
	expect_text(ENCODED("quoted-printable") "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-0\n+=E2=82=AC =\n=3D\n\n",
	            "€ =");
	expect_text(ENCODED("8bit") DIFF("€"), "€");
	expect_text(B4 FIELDS("a") "Content-Type: text/plain; charset=iso-8859-1\n"
	                           "Content-Transfer-Encoding: 8bit\n\n" DIFF("caf\xe9"),
	            "café");
	/* Without a separator: a mail that was saved by itself. */
	expect_text(FIELDS("[PATCH] a") "Content-Transfer-Encoding: base64\n\n" BASE64 "\n", "1");
}

static void parts(void **state)
{
#define PARTS FIELDS("[PATCH] a") "Content-Type: multipart/mixed; boundary=xx\n\n--xx\n"
	(void)state;
	expect_text(B4 PARTS
	            "Content-Type: text/plain\n\nSee below.\n--xx\n"
	            "Content-Type: text/x-patch; name=a.patch\nContent-Transfer-Encoding: base64\n\n" BASE64
	            "\n--xx--\n",
	            "1");
	expect_text(B4 PARTS "Content-Type: text/html\n\n<p>" DIFF(
	                    "9") "\n--xx\nContent-Type: text/plain\n\n" DIFF("1") "\n--xx--\n",
	            "1");
	expect_text(B4 PARTS
	            "Content-Type: application/octet-stream\n"
	            "Content-Disposition: attachment; filename=\"a.diff\"\n\n" DIFF("1") "\n--xx--\n",
	            "1");
}

static void lines_are_those_of_the_file(void **state)
{
	struct series s;

	(void)state;
	read_series(&s, MESSAGE("[PATCH 1/2] a", DIFF("1")) MESSAGE("[PATCH 2/2] b", DIFF("2")));
	assert_int_equal(s.patch[1].line, 18);
	assert_int_equal(s.patch[1].before, 20); /* its text begins in line 21: "Why." */
	assert_string_equal(s.patch[1].place, s.patch[1].file);
	series_free(&s);
	read_series(&s, ENCODED("base64") BASE64 "\n");
	assert_int_equal(s.patch[0].before, 0);
	assert_non_null(strstr(s.patch[0].place, "t.mbox:2 (decoded)"));
	series_free(&s);
}

static void damaged(void **state)
{
	static const char zero[] = MESSAGE("[PATCH] a", DIFF("\0"));
	const char *name;

	(void)state;
	refuse(ENCODED("base64") "LS0tIGEvZgorKysgYi9mCkBAIC0xICsxIEBACi0wCisx\nCg=\n",
	       "t.mbox:2: the base64 text of this message is cut off, or damaged");
	refuse(ENCODED("base64") BASE64 "\n_______\nA footer of the list\n", "is cut off, or damaged");
	refuse(ENCODED("base64") "LS0tIGEAZgo=\n", "binary data");
	refuse(B4 FIELDS("a") "Content-Type: text/plain; charset=nonsense\n\n" DIFF("1"),
	       "charset that is not known");
	name = put("zero", zero, sizeof(zero) - 1);
	refuse_names(&name, 1, "zero:2: a binary file");
	refuse("", "it is empty");
	refuse("\n\n", "it is empty");
	refuse("hello\n", "there is no unified diff");
	refuse(B4 FIELDS("[PATCH] a") "\nno diff\n", "there is no unified diff");
	name = "/dev/null";
	refuse_names(&name, 1, "not a regular file");
}

/* Fields of a megabyte, thousands of them, messages within messages. */
static void large(void **state)
{
	const size_t size = 2 << 20;
	char *text = malloc(size + 4096);
	size_t at;

	(void)state;
	assert_non_null(text);
	at = (size_t)sprintf(text, B4 "From: a@x\nSubject: [PATCH] ");
	memset(text + at, 'x', size);
	(void)sprintf(text + at + size, "\n\n" DIFF("1"));
	expect_text(text, "1");
	at = (size_t)sprintf(text, B4 "From: a@x\nSubject: [PATCH] a\n");
	while (at < size)
		at += (size_t)sprintf(text + at, "X-%zu: y\n", at);
	(void)sprintf(text + at, "\n" DIFF("1"));
	expect_text(text, "1");
	at = (size_t)sprintf(text, B4 "From: a@x\nSubject: [PATCH] a\n");
	while (at < 1 << 16)
		at += (size_t)sprintf(text + at, "Content-Type: multipart/mixed; boundary=x%zu\n\n--x%zu\n",
		                      at, at);
	(void)sprintf(text + at, "\n" DIFF("1"));
	{
		struct series s;
		const char *name = put_text("deep", text);
		struct error e;

		(void)series_read(&s, &name, 1, &e); /* whatever it is, it is read */
		series_free(&s);
	}
	at = 0;
	for (unsigned i = 0; i <= SERIES_PATCHES_MAX; i++)
		at += (size_t)sprintf(text + at, "%s", MESSAGE("a", DIFF("1")));
	refuse(text, "more than 1000 messages");
	free(text);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
	const struct CMUnitTest tests[] = {
	        TEST(fields),  TEST(encodings), TEST(parts), TEST(lines_are_those_of_the_file),
	        TEST(damaged), TEST(large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
