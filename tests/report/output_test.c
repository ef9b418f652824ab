/* SPDX-License-Identifier: MIT */
/* The file of a report: that it is whole, harmless and not too large, and how it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../cli/files.h"
#include "reports.h"

static void it_is_one_file_and_asks_for_nothing(void **state)
{
	static const char *const outside[] = {"<link",     "<iframe",        "<object", "<embed",
	                                      "<base",     " src=",          "@import", "fetch(",
	                                      "XMLHttp",   "WebSocket",      "import(", "innerHTML",
	                                      "outerHTML", "insertAdjacent", "eval(",   "document.write"};
	struct outcome o = report_run("lost.trace", 1), again = report_run("lost.trace", 1);
	const char *rest = o.out;
	char *head = strstr(o.out, REPORT_DATA);

	(void)state;
	assert_string_equal(o.out, again.out);
	assert_int_equal(strncmp(o.out, "<!DOCTYPE html>\n<html lang=\"en\">\n", 33), 0);
	assert_string_equal(o.out + strlen(o.out) - 8, "</html>\n");
	assert_contains(o.out, "default-src 'none'; style-src 'sha256-");
	assert_null(strstr(o.out, "unsafe-inline"));
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		if (strstr(o.out, outside[i]))
			fail_msg("there is '%s' in it", outside[i]);
	}
	/* The one address is the name of SVG. */
	assert_int_equal(report_count(rest, "://"), 1);
	assert_int_equal(report_count(rest, "http://www.w3.org/2000/svg"), 1);
	assert_int_equal(report_count(rest, "url("), report_count(rest, "url(#hatch)"));
	assert_int_equal(report_count(rest, "<script"), 2);
	assert_int_equal(report_count(rest, "</script>"), 2);
	/* Without scripts there is the story as text. */
	assert_non_null(head);
	*head = '\0';
	assert_contains(strstr(o.out, "<noscript>"), "=&gt; violates fp-lost");
	outcome_free(&o);
	outcome_free(&again);
}

static void nothing_leaves_its_element(void **state)
{
	static const char comment[] = "</script><!-- <script> --> & ]]> \" ' </noscript></pre></title>";
	char trace[512];
	struct outcome o;
	json_t *data;

	(void)state;
	(void)snprintf(trace, sizeof(trace),
	               "lazyswitch-trace 1\n# %s\n# \xff\xfe is no UTF-8\n"
	               "variant load-only\nseen cpu0 user_fp \"</script>\\xff\"\n"
	               "cpus 1\nvms 1\nthreads 0\nproperty fp-lost\n" STEPS,
	               comment);
	write_file(report_directory, "bytes.trace", trace);
	o = report_run("bytes.trace", 2); /* it is not UTF-8: the reader refuses that */
	outcome_free(&o);
	(void)snprintf(trace, sizeof(trace),
	               "lazyswitch-trace 1\n# %s\n"
	               "variant load-only\nseen cpu0 user_fp \"</script>\\xff\"\n"
	               "cpus 1\nvms 1\nthreads 0\nproperty fp-lost\n" STEPS,
	               comment);
	write_file(report_directory, "<title><script>.trace", trace);
	o = report_run("'<title><script>.trace'", 1);
	assert_int_equal(report_count(o.out, "<script"), 2);
	assert_int_equal(report_count(o.out, "</script"), 2);
	assert_int_equal(report_count(o.out, "</title>"), 1);
	assert_int_equal(report_count(o.out, "</noscript>"), 1);
	assert_int_equal(report_count(o.out, "<!--"), 1); /* the licence of page.html */
	data = report_data_of(o.out);
	assert_string_equal(report_text(json_object_get(data, "trace"), "comment"), comment);
	assert_string_equal(report_text(json_object_get(data, "trace"), "file"), "<title><script>.trace");
	assert_contains(json_string_value(json_array_get(
	                        json_object_get(json_object_get(data, "verdict"), "notes"), 0)),
	                "</script>?");
	json_decref(data);
	outcome_free(&o);
}

static void the_size_is_bounded(void **state)
{
	struct outcome o = report_run(CORPUS "/no-put-fp-lost.trace", 1);

	(void)state;
	assert_in_range(strlen(o.out), 50000, 150000);
	outcome_free(&o);
	report_shell("{ printf 'lazyswitch-trace 1\\nvariant v3\\ncpus 1\\nvms 1\\nthreads 1\\ncpu0 wake "
	             "pick=app0\\n';"
	             "yes cpu0 | head -n 5000; } > long.trace");
	report_refused("long.trace",
	               "long.trace: an HTML report has at most 5000 steps, not 5001; --until 5000 "
	               "makes the first of them");
	o = report_run("--until 5000 long.trace", 0);
	assert_in_range(strlen(o.out), 100000, 4000000);
	outcome_free(&o);
}

static void the_output_appears_whole_or_not_at_all(void **state)
{
	struct outcome o = report_run("-o report.html lost.trace", 1);

	(void)state;
	assert_string_equal(o.out, "");
	outcome_free(&o);
	o = report_run("lost.trace", 1);
	write_file(report_directory, "redirected", o.out);
	report_shell("cmp report.html redirected && test \"$(ls report.html*)\" = report.html");
	outcome_free(&o);
	report_refused("-o none.html none.trace", "none.trace: No such file or directory");
	report_refused("-o nowhere/report.html lost.trace",
	               "nowhere/report.html: cannot write the report: No such file or directory");
	report_refused("-o /dev/full lost.trace",
	               "/dev/full: cannot write the report: No space left on device");
	report_refused("-o . lost.trace", ".: cannot write the report: Is a directory");
	report_refused("-o '' lost.trace", "--output takes a file");
	report_refused("-o x.html lost.trace lost.trace",
	               "--format html makes a report of one trace, not of 2");
	report_refused("--format text -o x.html lost.trace", "--output is for --format html");
	o = report_run("-o /dev/null lost.trace", 1);
	outcome_free(&o);
	report_shell("test -c /dev/null && test ! -e x.html && test ! -e none.html && test \"$(ls "
	             "report.html*)\" = "
	             "report.html");
	o = report_run("lost.trace > /dev/full", 2);
	assert_contains(o.err, "cannot write the output: ");
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_is_one_file_and_asks_for_nothing),
	        cmocka_unit_test(nothing_leaves_its_element),
	        cmocka_unit_test(the_size_is_bounded),
	        cmocka_unit_test(the_output_appears_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, reports_open, reports_close);
}
