/* SPDX-License-Identifier: MIT */
#include "series_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "files.h"

void series_messages(char *messages[SERIES_MESSAGES])
{
	char *text = read_file_of(EXAMPLE, "fpexc.mbox"), *at = text;

	for (unsigned i = 0; i < SERIES_MESSAGES; i++) {
		char *end = strstr(at, "\nFrom ");
		size_t n = end ? (size_t)(end + 1 - at) : strlen(at);

		messages[i] = strndup(at, n);
		assert_non_null(messages[i]);
		at += n;
	}
	assert_int_equal(*at, '\0');
	free(text);
}

char *series_with(const char *old, const char *new)
{
	char *text = read_file_of(EXAMPLE, "fpexc.mbox"), *at = strstr(text, old),
	     *changed = calloc(1, strlen(text) + strlen(new) + 1);

	assert_non_null(at);
	assert_non_null(changed);
	(void)sprintf(changed, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
	free(text);
	return changed;
}

const char *series_path(const char *directory, const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

struct outcome series_check(const char *directory, const char *name, const char *arguments, int status)
{
	char command[1024];
	struct outcome o;

	(void)snprintf(command, sizeof(command), "check v3 --patch %s %s", series_path(directory, name),
	               arguments);
	o = run_command(command);
	if (o.status != status)
		fail_msg("lazyswitch %s: status %d, stdout '%s', stderr '%s'", command, o.status, o.out,
		         o.err);
	return o;
}

void series_expect(struct outcome o, const char *out, const char *err)
{
	assert_contains(o.out, out);
	assert_contains(o.err, err);
	outcome_free(&o);
}
