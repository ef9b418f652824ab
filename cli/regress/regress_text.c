/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "regress.h"

static int name_width(const struct regress *r)
{
	size_t width = 0;

	for (size_t i = 0; i < r->n_cases; i++) {
		if (strlen(r->cases[i].name) > width)
			width = strlen(r->cases[i].name);
	}
	return width < 60 ? (int)width : 60;
}

static void print_heading(const struct regress_case *c)
{
	(void)printf("%s%s%s%s\n", c->row ? c->file : "traces", c->row && c->suite[0] ? " [" : "",
	             c->row ? c->suite : "", c->row && c->suite[0] ? "]" : "");
}

static bool same_heading(const struct regress_case *a, const struct regress_case *b)
{
	return strcmp(a->suite, b->suite) == 0 && (!a->row || !b->row || strcmp(a->file, b->file) == 0);
}

static const char *mark(enum case_status status)
{
	static const char *const marks[] = {
	        [CASE_SAME] = "ok",
	        [CASE_CHANGED] = "CHANGED",
	        [CASE_INCOMPLETE] = "INCOMPLETE",
	        [CASE_ERROR] = "ERROR",
	};

	return marks[status];
}

static void print_table(const struct regress *r)
{
	int width = name_width(r);

	for (size_t i = 0; i < r->n_cases; i++) {
		const struct regress_case *c = &r->cases[i];

		if (i == 0 || !same_heading(c, c - 1))
			print_heading(c);
		(void)printf("  %-10s  %-*s  %-40s  %7.2f s\n", mark(c->status), width, c->name,
		             c->found ? c->found : "?", c->seconds);
	}
	(void)putchar('\n');
}

static void print_case(const struct regress_case *c)
{
	if (c->row)
		(void)printf("%s:%u: %s: %s\n", c->file, c->line, mark(c->status), c->name);
	else
		(void)printf("%s: %s\n", c->file, mark(c->status));
	(void)printf("  expected  %s\n  found     %s\n", c->expected, c->found ? c->found : "unknown");
	for (unsigned i = 0; i < c->n_differences; i++) {
		(void)printf("  - %s\n", c->differences[i].what);
		if (c->differences[i].command)
			(void)printf("      %s\n", c->differences[i].command);
	}
	(void)putchar('\n');
}

static void print_count(const char *separator, size_t n, const char *what)
{
	(void)printf("%s%zu %s%s", separator, n, what, n == 1 ? "" : "s");
}

int regress_text(const struct regress *r, double seconds)
{
	size_t count[CASE_ERROR + 1] = {0}, traces = 0;

	if (r->settings->verbose)
		print_table(r);
	for (size_t i = 0; i < r->n_cases; i++) {
		const struct regress_case *c = &r->cases[i];

		count[c->status]++;
		traces += !c->row;
		if (c->status != CASE_SAME)
			print_case(c);
	}
	if (r->n_cases > traces)
		print_count("", r->n_cases - traces, "expectation");
	if (traces > 0)
		print_count(r->n_cases > traces ? " and " : "", traces, "trace");
	if (count[CASE_SAME] == r->n_cases) {
		(void)fputs(": all as expected", stdout);
	} else {
		(void)printf(": %zu as expected, %zu changed", count[CASE_SAME], count[CASE_CHANGED]);
		if (count[CASE_INCOMPLETE] > 0)
			(void)printf(", %zu incomplete", count[CASE_INCOMPLETE]);
		if (count[CASE_ERROR] > 0)
			(void)printf(", %zu with errors", count[CASE_ERROR]);
	}
	(void)printf("; %zu search%s, %u at a time, %.1f s\n", r->jobs.n, r->jobs.n == 1 ? "" : "es",
	             r->settings->limits.threads, seconds);
	return 0;
}
