/* SPDX-License-Identifier: MIT */
#include "series_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char directory[64];

int make_place(void **state)
{
	(void)state;
	(void)snprintf(directory, sizeof(directory), "/tmp/lazyswitch-test-XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

int remove_place(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

const char *place(void)
{
	return directory;
}

const char *put(const char *name, const char *bytes, size_t size)
{
	static char paths[4][160];
	static unsigned next;
	char *path = paths[next++ % 4];
	FILE *f;

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
	return path;
}

const char *put_text(const char *name, const char *text)
{
	return put(name, text, strlen(text));
}

void read_names(struct series *series, const char *const *names, size_t n)
{
	struct error e;

	if (series_read(series, names, n, &e))
		fail_msg("%s", e.text);
}

void read_series(struct series *series, const char *text)
{
	const char *name = put_text("t.mbox", text);

	read_names(series, &name, 1);
}

void refuse_names(const char *const *names, size_t n, const char *message)
{
	struct series series;
	struct error e;

	assert_int_equal(series_read(&series, names, n, &e), -1);
	series_free(&series);
	if (!strstr(e.text, message))
		fail_msg("message is \"%s\", expected \"%s\"", e.text, message);
}

void refuse(const char *text, const char *message)
{
	const char *name = put_text("t.mbox", text);

	refuse_names(&name, 1, message);
}

void expect_series(const struct series *s, const char *added, const char *note)
{
	char list[256] = "";
	size_t at = 0;

	for (size_t i = 0; i < s->n; i++) {
		const char *line = strstr(s->patch[i].text, "\n+");

		while (line && strncmp(line, "\n+++", 4) == 0)
			line = strstr(line + 1, "\n+");
		assert_non_null(line);
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%.*s", i > 0 ? " " : "",
		                       (int)strcspn(line + 2, "\r\n"), line + 2);
	}
	assert_string_equal(list, added);
	if (!note)
		assert_int_equal(s->n_notes, 0);
	else if (s->n_notes != 1 || !strstr(s->notes[0], note))
		fail_msg("%zu notes, \"%s\"; expected \"%s\"", s->n_notes, s->n_notes > 0 ? s->notes[0] : "",
		         note);
}
