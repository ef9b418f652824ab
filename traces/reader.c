/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reader_private.h"

static const char magic[] = "lazyswitch-trace";

static int version_line(struct parser *p)
{
	const struct word *w = p->word;
	unsigned version;
	char shown[48];

	if (w[0].quoted || strcmp(w[0].text, magic) != 0)
		return parse_error(p, w[0].column, "'%s': a trace file begins with '%s %d'",
		                   words_show(w[0].text, shown), magic, TRACE_VERSION_EXACT);
	if (p->n < 2)
		return parse_error(p, p->end_column, "the version is missing: '%s %d'", magic,
		                   TRACE_VERSION_EXACT);
	if (words_number(p, w[1].text, w[1].column, 1000000, &version))
		return -1;
	if (version < TRACE_VERSION_EXACT || version > TRACE_VERSION)
		return parse_error(p, w[1].column,
		                   "version %u of the format; this program reads versions %d to %d", version,
		                   TRACE_VERSION_EXACT, TRACE_VERSION);
	p->t->version = version;
	if (p->n > 2)
		return parse_error(p, w[2].column, "'%s' is too much here: '%s %d'",
		                   words_show(w[2].text, shown), magic, TRACE_VERSION_EXACT);
	return 0;
}

/* Keeps a comment that has a line of its own, before the steps. */
static void keep_comment(struct parser *p, const char *line)
{
	size_t n;

	if (p->t->n_steps > 0)
		return;
	line += strspn(line, " \t");
	n = strlen(line);
	while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	if (n == 0)
		return;
	memcpy(p->t->comment + p->comment_length, line, n);
	p->comment_length += n;
	p->t->comment[p->comment_length++] = '\n';
	p->t->comment[p->comment_length] = '\0';
}

static int parse_lines(struct parser *p, char *text)
{
	bool versioned = false, steps = false;

	for (p->line = 1;; p->line++) {
		size_t length = strcspn(text, "\n");
		bool last = text[length] == '\0';

		text[length] = '\0';
		if (length > 0 && text[length - 1] == '\r')
			text[length - 1] = '\0';
		if (text[strspn(text, " \t")] == '#')
			keep_comment(p, text);
		if (words_split(p, text))
			return -1;
		if (p->n > 0 && !versioned) {
			if (version_line(p))
				return -1;
			versioned = true;
		} else if (p->n > 0 && step_begins(p)) {
			if (!steps && header_end(p))
				return -1;
			steps = true;
			if (step_line(p))
				return -1;
		} else if (p->n > 0 && header_line(p)) {
			return -1;
		}
		if (last)
			break;
		text += length + 1;
	}
	if (!versioned)
		return parse_error(p, 1, "this file is empty; a trace file begins with '%s %d'", magic,
		                   TRACE_VERSION_EXACT);
	if (!steps && header_end(p))
		return -1;
	return header_of_steps(p);
}

int trace_parse(const char *name, const char *bytes, size_t size, struct trace *t, struct error *e)
{
	struct parser p = {.t = t, .e = e};
	int status;

	*t = (struct trace){.config = world_config_default(), .property = -1};
	t->name = strdup(name);
	t->text = malloc(size + 1);
	t->comment = calloc(1, size + 2);
	if (!t->name || !t->text || !t->comment) {
		trace_free(t);
		return error_set(e, "%.400s: out of memory", name);
	}
	memcpy(t->text, bytes, size);
	t->text[size] = '\0';
	if (size > TRACE_FILE_MAX)
		status = error_set(e, "%.400s: larger than %d MiB: not a trace file", name,
		                   TRACE_FILE_MAX >> 20);
	else
		status = words_check_bytes(&p, bytes, size);
	/* What some editors begin every file with. */
	if (status == 0)
		status = parse_lines(&p,
		                     t->text + (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0));
	if (status)
		trace_free(t);
	return status;
}

int trace_read_stream(FILE *f, const char *name, struct trace *t, struct error *e)
{
	size_t size = 0, room = 0;
	char *bytes = NULL;
	int status;

	do {
		size_t more = room ? 2 * room : 1 << 16;
		char *moved = realloc(bytes, more);

		if (!moved) {
			free(bytes);
			return error_set(e, "%.400s: out of memory", name);
		}
		bytes = moved;
		room = more;
		size += fread(bytes + size, 1, room - size, f);
	} while (size == room && size <= TRACE_FILE_MAX);
	if (ferror(f))
		status = error_set(e, "%.400s: cannot be read: %s", name, strerror(errno));
	else
		status = trace_parse(name, bytes, size, t, e);
	free(bytes);
	return status;
}

int trace_read(const char *path, struct trace *t, struct error *e)
{
	FILE *f = fopen(path, "rb");
	int status;

	if (!f)
		return error_set(e, "%.400s: %s", path, strerror(errno));
	status = trace_read_stream(f, path, t, e);
	(void)fclose(f);
	return status;
}

void trace_free(struct trace *t)
{
	free(t->name);
	free(t->comment);
	free(t->steps);
	free(t->choices);
	free(t->closings);
	free(t->text);
	*t = (struct trace){0};
}
