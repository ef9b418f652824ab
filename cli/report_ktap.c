/* SPDX-License-Identifier: MIT */
/* KTAP, version 1: Documentation/dev-tools/ktap.rst in the kernel's tree. Suites are subtests. */
#include <stdio.h>
#include <string.h>

#include "report.h"

/* A description may be anything but '#' and newlines. */
static void print_plain(const char *text)
{
	for (; *text != '\0'; text++)
		(void)putchar(*text == '#' || (unsigned char)*text < ' ' ? ' ' : *text);
}

/* Diagnostics about a test stand before its result. */
static void print_details(const char *indent, const char *details)
{
	while (details && *details != '\0') {
		size_t length = strcspn(details, "\n");

		(void)printf("%s# %.*s\n", indent, (int)length, details);
		details += length + (details[length] == '\n');
	}
}

static void print_case(const char *indent, size_t number, const struct report_case *c)
{
	if (c->outcome != REPORT_OK) {
		print_details(indent, c->details && c->details[0] ? c->details : c->message);
	}
	print_details(indent, c->note);
	(void)printf("%s%s %zu ", indent, c->outcome == REPORT_OK ? "ok" : "not ok", number);
	print_plain(c->name);
	if (c->outcome == REPORT_UNFINISHED || c->outcome == REPORT_ERROR) {
		(void)fputs(strstr(c->message, "time limit") ? " # TIMEOUT " : " # ERROR ", stdout);
		print_plain(c->message);
	}
	(void)putchar('\n');
}

static size_t suite_end(const struct report_case *cases, size_t n, size_t first)
{
	size_t end = first + 1;

	while (end < n && strcmp(cases[end].suite, cases[first].suite) == 0)
		end++;
	return end;
}

/* Cases without a suite are tests of the top level, as suites are. */
static size_t next_top(const struct report_case *cases, size_t n, size_t i)
{
	return cases[i].suite[0] == '\0' ? i + 1 : suite_end(cases, n, i);
}

static void print_suite(const struct report_case *cases, size_t n, size_t number)
{
	size_t failed = 0;

	(void)fputs("  KTAP version 1\n  # Subtest: ", stdout);
	print_plain(cases[0].suite);
	(void)printf("\n  1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		print_case("  ", i + 1, &cases[i]);
		failed += cases[i].outcome != REPORT_OK;
	}
	(void)printf("%s %zu ", failed == 0 ? "ok" : "not ok", number);
	print_plain(cases[0].suite);
	(void)putchar('\n');
}

int report_ktap(const char *name, const struct report_case *cases, size_t n)
{
	size_t tops = 0, number = 0;

	for (size_t i = 0; i < n; i = next_top(cases, n, i))
		tops++;
	(void)printf("KTAP version 1\n# %s\n1..%zu\n", name, tops);
	for (size_t i = 0; i < n; i = next_top(cases, n, i)) {
		if (cases[i].suite[0] == '\0')
			print_case("", ++number, &cases[i]);
		else
			print_suite(&cases[i], next_top(cases, n, i) - i, ++number);
	}
	return 0;
}
