/* SPDX-License-Identifier: MIT */
/* The manual says word for word what --help says, and troff has nothing against it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands_under_test.h"
#include "files.h"
#include "run_command.h"

/* Takes troff's escapes out of a line, in place. */
static void plain(char *line)
{
	static const struct {
		const char *escape, *is;
	} escapes[] = {
	        {"\\-", "-"},   {"\\e", "\\"},   {"\\&", ""},  {"\\(aq", "'"}, {"\\(ga", "`"}, {"\\(ha", "^"},
	        {"\\(ti", "~"}, {"\\(dq", "\""}, {"\\fB", ""}, {"\\fI", ""},   {"\\fR", ""},
	};
	char *to = line;

	while (*line) {
		size_t length = 0;

		for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]) && length == 0; i++) {
			if (strncmp(line, escapes[i].escape, strlen(escapes[i].escape)) != 0)
				continue;
			length = strlen(escapes[i].escape);
			to = stpcpy(to, escapes[i].is);
		}
		if (length == 0)
			*to++ = *line;
		line += length > 0 ? length : 1;
	}
	*to = '\0';
}

/* What the page says that is no markup, a line a line. */
static char *page_text(char *page)
{
	char *text = calloc(1, strlen(page) + 64), *to = text, *rest = NULL;
	char *from = strstr(page, ".SH SYNOPSIS\n");

	assert_non_null(text);
	assert_non_null(from);
	for (char *line = strtok_r(from, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		plain(line);
		if (strcmp(line, ".SH EXIT STATUS") == 0)
			to = stpcpy(to, "Exit status:\n");
		else if (strncmp(line, ".SS ", 4) == 0 || strncmp(line, ".B ", 3) == 0)
			to += sprintf(to, "%s\n", strchr(line, ' ') + 1);
		else if (line[0] != '.')
			to += sprintf(to, "%s\n", line);
	}
	return text;
}

/* Overwrites what argp says of its own, or what is a section's title in the manual, with blanks. */
static void blank(char *text, const char *phrase)
{
	char *found = strstr(text, phrase);

	if (found)
		memset(found, ' ', strlen(phrase));
}

static void blank_help(char *text)
{
	blank(text, "Usage:");
	for (int i = 0; i < 4; i++)
		blank(text, "  or: ");
	blank(text, "\nCommands:\n");
	blank(text, "Options of the program itself:");
	blank(text, "Mandatory or optional arguments to long options are also mandatory or optional\n"
	            "for any corresponding short options.");
}

/* The next word, without quotes and the punctuation behind it, which lists lose; "" at the end. */
static const char *next_word(const char *at, char *word, size_t size)
{
	size_t n = 0;

	for (word[0] = '\0'; word[0] == '\0' && *at;) {
		at += strspn(at, " \t\n");
		for (n = 0; *at && !strchr(" \t\n", *at); at++) {
			if (*at != '`' && *at != '\'' && n + 1 < size)
				word[n++] = *at;
		}
		while (n > 0 && strchr(".,;:", word[n - 1]))
			n--;
		word[n] = '\0';
	}
	return at;
}

static void same_words(const char *command, const char *help, const char *page)
{
	char a[128], b[128];
	unsigned words = 0;

	do {
		help = next_word(help, a, sizeof(a));
		page = next_word(page, b, sizeof(b));
		words++;
		if (strcmp(a, b) != 0)
			fail_msg("help %s: --help says '%s' and the manual '%s', in front of '%.40s'",
			         command, a, b, help);
	} while (a[0] != '\0');
	assert_true(words > 40);
}

static void test_words(void **state)
{
	(void)state;
	for (const char *const *command = commands_under_test; *command; command++) {
		char arguments[64];
		struct outcome help, page;
		char *text;

		(void)snprintf(arguments, sizeof(arguments), "%s --help", *command);
		help = run_command(arguments);
		(void)snprintf(arguments, sizeof(arguments), "help --format man %s", *command);
		page = run_command(arguments);
		assert_int_equal(page.status, 0);
		assert_string_equal(page.err, "");
		text = page_text(page.out);
		blank_help(help.out);
		same_words(*command, help.out, text);
		free(text);
		outcome_free(&help);
		outcome_free(&page);
	}
}

/* The path of a page, below SHARE. */
static void page_path(const char *command, char *path, size_t size)
{
	if (strcmp(command, "trace") == 0)
		(void)snprintf(path, size, "man/man5/lazyswitch-trace.5");
	else
		(void)snprintf(path, size, "man/man1/lazyswitch%s%s.1", command[0] ? "-" : "", command);
}

static void test_sections(void **state)
{
	static const char *const sections[] = {
	        ".SH NAME\n",        ".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH OPTIONS\n",
	        ".SH EXIT STATUS\n", ".SH EXAMPLES\n", ".SH SEE ALSO\n",
	};

	(void)state;
	for (const char *const *command = commands_under_test; *command; command++) {
		char path[64], *page;
		const char *at;

		page_path(*command, path, sizeof(path));
		at = page = read_file_of(SHARE, path);
		for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
			at = strstr(at, sections[i]);
			if (!at)
				fail_msg("%s has no %s where it should", path, sections[i]);
		}
		free(page);
	}
}

/* Every page that another one refers to is there. */
static void test_references(void **state)
{
	(void)state;
	for (const char *const *command = commands_under_test; *command; command++) {
		char path[64], *page, *rest = NULL;

		page_path(*command, path, sizeof(path));
		page = read_file_of(SHARE, path);
		for (char *line = strtok_r(page, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
			char other[64], *text;
			char name[32] = "";

			plain(line);
			if (strncmp(line, ".BR lazyswitch", 14) != 0)
				continue;
			(void)sscanf(line, ".BR lazyswitch-%31[a-z] ", name);
			page_path(name, other, sizeof(other));
			text = read_file_of(SHARE, other);
			free(text);
		}
		free(page);
	}
}

/* If groff is there: no warning of any kind. */
static void test_troff(void **state)
{
	struct outcome o = run_command_after(
	        "sh -c 'command -v groff >/dev/null || exit 77; "
	        "for page in " SHARE "/man/man?/*; do groff -ww -man -Tascii $page 2>&1 >/dev/null; done'",
	        "");
	bool skipped = o.status == 77;

	(void)state;
	if (!skipped && (o.status != 0 || o.out[0] != '\0'))
		fail_msg("status %d: %s%s", o.status, o.out, o.err);
	outcome_free(&o);
	if (skipped)
		skip();
}

/* The names in backquotes of the first column of a table of docs/reference/trace-format.md: lazyswitch-trace(5) has them all. */
static void expect_names(char *row, const char *page)
{
	char *end = strchr(row + 1, '|');

	assert_non_null(end);
	*end = '\0';
	for (char *name = strchr(row, '`'); name; name = strchr(name, '`')) {
		char wanted[64];
		size_t length = strcspn(++name, "`");

		(void)snprintf(wanted, sizeof(wanted), "\n<%.*s>", (int)length, name);
		if (!strstr(page, wanted)) {
			(void)snprintf(wanted, sizeof(wanted), ", <%.*s>", (int)length, name);
			if (!strstr(page, wanted))
				fail_msg("lazyswitch-trace(5) does not explain '%.*s'", (int)length, name);
		}
		name += length + 1;
	}
}

static void test_trace_format(void **state)
{
	char *format = read_file_of(ROOT, "docs/reference/trace-format.md"), *rest = NULL, *at, *to;
	char *page = read_file_of(SHARE, "man/man5/lazyswitch-trace.5");
	unsigned rows = 0;

	(void)state;
	/* Bold in angle brackets: \fBword\fR becomes <word>. */
	for (at = to = page; *at; at++) {
		if (strncmp(at, "\\fB", 3) == 0 || strncmp(at, "\\fR", 3) == 0) {
			*to++ = at[2] == 'B' ? '<' : '>';
			at += 2;
		} else if (strncmp(at, "\\-", 2) == 0) {
			*to++ = '-';
			at++;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
	for (char *line = strtok_r(format, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, "| `", 3) != 0 || strncmp(line, "| `choose", 9) == 0 ||
		    strncmp(line, "| `cpu0", 7) == 0)
			continue;
		expect_names(line, page);
		rows++;
	}
	assert_true(rows > 35);
	free(format);
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_words),        cmocka_unit_test(test_sections),
	        cmocka_unit_test(test_references),   cmocka_unit_test(test_troff),
	        cmocka_unit_test(test_trace_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
