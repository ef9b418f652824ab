/* SPDX-License-Identifier: MIT */
/* Which line of a patch became an instruction? patch(1) may have applied a hunk elsewhere: it is looked for in the result. */
#include <stdlib.h>
#include <string.h>

#include "mail_parts.h"
#include "model/kit/diff.h"
#include "wrap.h"

enum {
	ABOVE = 5,        /* lines of a hunk that are quoted with the one that is meant */
	BEGINNING = 16,   /* lines of a patch if it is none in particular */
	SHIFT_MAX = 2000, /* how far a hunk may have moved */
};

struct lines {
	const char **line;
	size_t n;
};

/* The caller frees the list. */
static struct lines split(const char *text, size_t size)
{
	struct lines l = {.line = malloc((size + 1) * sizeof(*l.line))};
	const char *end = text + size;

	while (l.line && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		l.line[l.n++] = text;
		text = newline ? newline + 1 : end;
	}
	return l;
}

static size_t length(const char *line)
{
	return strcspn(line, "\r\n");
}

static bool is_new(const char *line)
{
	return *line == '+' || *line == ' ';
}

/* Does the new side of a hunk, [first, end), stand in the text from line `at` on, counted from 0? */
static bool stands_at(const struct lines *diff, size_t first, size_t end, const struct lines *text, size_t at)
{
	for (size_t i = first; i < end; i++) {
		const char *line = diff->line[i] + 1;

		if (!is_new(diff->line[i]))
			continue;
		if (at >= text->n || length(text->line[at]) != length(line) ||
		    strncmp(text->line[at], line, length(line)) != 0)
			return false;
		at++;
	}
	return true;
}

/* "@@ -55,6 +55,15 @@": the first of the new lines, counted from 0; where it says, or near it. Returns text->n: nowhere. */
static size_t find_hunk(const struct lines *diff, size_t header, size_t end, const struct lines *text)
{
	const char *plus = strchr(diff->line[header], '+');
	unsigned long said = plus ? strtoul(plus + 1, NULL, 10) : 0;
	size_t at = said > 0 ? (size_t)said - 1 : 0;

	for (size_t shift = 0; shift <= SHIFT_MAX; shift++) {
		if (stands_at(diff, header + 1, end, text, at + shift))
			return at + shift;
		if (shift <= at && stands_at(diff, header + 1, end, text, at - shift))
			return at - shift;
	}
	return text->n;
}

static size_t hunk_end(const struct lines *diff, size_t header)
{
	size_t end = header + 1;

	while (end < diff->n && *diff->line[end] != '@')
		end++;
	return end;
}

/* The header, and the lines [first, last]. */
static void quote(const struct lines *diff, size_t header, size_t first, size_t last, FILE *out)
{
	wrap_quote(out, diff->line[header], length(diff->line[header]));
	if (first > header + 1)
		wrap_quote(out, "[...]", 5);
	for (size_t i = first; i <= last; i++)
		wrap_quote(out, diff->line[i], length(diff->line[i]));
}

/* In the hunks of one file, is there one that has made line `wanted` of the text, counted from 0? */
static bool quote_in(const struct lines *diff, const struct lines *text, size_t wanted, FILE *out)
{
	for (size_t header = 0; header < diff->n; header = hunk_end(diff, header)) {
		size_t end = hunk_end(diff, header), at = find_hunk(diff, header, end, text);

		for (size_t i = header + 1; i < end && at < text->n; i++) {
			if (!is_new(diff->line[i]))
				continue;
			if (at == wanted && *diff->line[i] == '+') {
				quote(diff, header, i - header > ABOVE ? i - ABOVE : header + 1, i, out);
				return true;
			}
			at++;
		}
	}
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Calls diff_next() on a copy of the patch; the caller frees both buffers. */
static bool open_patch(const struct series_patch *p, struct diff_reader *r, char **copy)
{
	*copy = strdup(p->text);
	*r = (struct diff_reader){.name = p->place, .at = *copy, .before = malloc(2 * p->size + 2)};
	return *copy && r->before;
}

bool mail_quote_line(const struct check_run *run, const struct series_patch *patch, uint32_t pc, FILE *out)
{
	struct diff_reader reader;
	struct diff_file file;
	struct error e;
	char *copy, *source = NULL;
	const char *name;
	bool found = false;
	size_t size = 0;
	int line;

	if (pc == 0 || !image_line(run->variant.image, pc, &name, &line) || line < 1 ||
	    variant_text(&run->variant, name, &source, &size) != 1)
		return false;
	if (open_patch(patch, &reader, &copy)) {
		struct lines text = split(source, size);

		while (!found && text.line && diff_next(&reader, &file, &e) > 0) {
			struct lines diff = split(file.hunks, file.hunks_length);

			if (diff.line && strcmp(base_name(file.after), base_name(name)) == 0)
				found = quote_in(&diff, &text, (size_t)line - 1, out);
			free(diff.line);
		}
		free(text.line);
	}
	free(reader.before);
	free(copy);
	free(source);
	return found;
}

void mail_quote_patch(const struct series_patch *patch, FILE *out)
{
	struct diff_reader reader;
	struct diff_file file;
	struct error e;
	size_t room = BEGINNING;
	char *copy;

	if (!open_patch(patch, &reader, &copy))
		room = 0;
	while (room > 0 && diff_next(&reader, &file, &e) > 0) {
		struct lines diff = split(file.hunks, file.hunks_length);

		for (size_t i = 0; diff.line && i < diff.n && room > 0; i++, room--)
			wrap_quote(out, diff.line[i], length(diff.line[i]));
		free(diff.line);
	}
	if (room == 0 && copy)
		wrap_quote(out, "[...]", 5);
	free(reader.before);
	free(copy);
}
