/* SPDX-License-Identifier: MIT */
#include "reports.h"

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

char *report_directory;

int reports_open(void **state)
{
	(void)state;
	report_directory = make_directory();
	write_file(report_directory, "lost.trace", START "property fp-lost\n" STEPS);
	return 0;
}

int reports_close(void **state)
{
	(void)state;
	remove_directory(report_directory);
	return 0;
}

void report_shell(const char *command)
{
	char line[1024];

	(void)snprintf(line, sizeof(line), "cd %s && %s", report_directory, command);
	assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

struct outcome report_run(const char *arguments, int status)
{
	char before[256], all[1024];
	struct outcome o;

	(void)snprintf(before, sizeof(before), "sh -c 'cd %s && exec \"$@\"' sh", report_directory);
	(void)snprintf(all, sizeof(all), "replay --format html %s", arguments);
	o = run_command_after(before, all);
	if (o.status != status)
		fail_msg("%s: status %d, not %d: %s", arguments, o.status, status, o.err);
	return o;
}

void report_refused(const char *arguments, const char *message)
{
	struct outcome o = report_run(arguments, 2);

	assert_string_equal(o.out, "");
	assert_contains(o.err, message);
	outcome_free(&o);
}

json_t *report_data_of(const char *page)
{
	const char *start = strstr(page, REPORT_DATA), *end = start ? strstr(start, "</script>") : NULL;
	json_error_t why;
	json_t *data;

	assert_non_null(end);
	start += strlen(REPORT_DATA);
	data = json_loadb(start, (size_t)(end - start), JSON_REJECT_DUPLICATES, &why);
	if (!data)
		fail_msg("the data: %s", why.text);
	return data;
}

json_t *report_data(const char *arguments, int status)
{
	struct outcome o = report_run(arguments, status);
	json_t *data = report_data_of(o.out);

	outcome_free(&o);
	return data;
}

const char *report_text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? value : "(none)";
}

const char *report_line(const json_t *data, const json_t *place, char *buf, size_t size)
{
	const char *at = report_text(json_array_get(json_object_get(data, "sources"),
	                                            (size_t)json_integer_value(json_array_get(place, 0))),
	                             "text");

	for (json_int_t line = json_integer_value(json_array_get(place, 1)); line > 1; line--) {
		at = strchr(at, '\n');
		assert_non_null(at);
		at++;
	}
	(void)snprintf(buf, size, "%.*s", (int)strcspn(at, "\n"), at);
	return buf;
}

unsigned report_count(const char *page, const char *what)
{
	unsigned n = 0;

	for (const char *at = page; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}
