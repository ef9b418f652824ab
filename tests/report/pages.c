/* SPDX-License-Identifier: MIT */
#include "pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../cli/files.h"
#include "page_checks.h"

#define LOST                                                                                                 \
	"lazyswitch-trace 1\n# Written by hand.\nvariant load-only\ncpus 1\nvms 1\nthreads 0\nproperty "     \
	"fp-lost\n"                                                                                          \
	"cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n"

struct pages pages;

bool pages_possible(void)
{
	if (browser_exists() || getenv("CI")) /* NOLINT(concurrency-mt-unsafe) */
		return true;
	(void)puts("no Chromium: skipped");
	return false;
}

void pages_make(const char *name, const char *trace, const char *options, int status)
{
	char arguments[1024];
	struct outcome o;

	(void)snprintf(arguments, sizeof(arguments), "replay --format html -o %s/%s.html %s '%s'",
	               pages.directory, name, options, trace);
	o = run_command(arguments);
	if (o.status != status)
		fail_msg("%s: status %d: %s", arguments, o.status, o.err);
	assert_string_equal(o.out, "");
	outcome_free(&o);
}

void pages_visit(const char *name, const char *fragment)
{
	char url[256];

	(void)snprintf(url, sizeof(url), "file://%s/%s.html%s", pages.directory, name, fragment);
	browser_visit(pages.browser, url);
}

int pages_open(void **state)
{
	char trace[128];

	(void)state;
	pages.directory = make_directory();
	pages.browser = browser_open();
	write_file(pages.directory, "lost.trace", LOST);
	(void)snprintf(trace, sizeof(trace), "%s/lost.trace", pages.directory);
	pages_make("lost", trace, "", 1);
	pages_make("holds", trace, "--on baseline", 0);
	pages_make("long", CORPUS "/no-put-fp-lost.trace", "", 1);
	pages_make("neon", CORPUS "/v3-fp-leak-neon.trace", "", 1);
	return 0;
}

int pages_close(void **state)
{
	(void)state;
	browser_close(pages.browser);
	remove_directory(pages.directory);
	return 0;
}

void pages_show(int k)
{
	const char *wrong = browser_text(pages.browser, "(%s)(%d)", page_shows, k);

	if (wrong[0] != '\0')
		fail_msg("step %d: %s", k, wrong);
}

void pages_went_well(void)
{
	assert_int_equal(browser_complaints(pages.browser), 0);
	assert_int_equal(browser_requests(pages.browser), 0);
}
