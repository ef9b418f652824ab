/* SPDX-License-Identifier: MIT */
#include "diff.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next line, without its end (LF or CR LF), or NULL. */
static char *next_line(struct diff_reader *r)
{
	char *line = r->at, *end;

	if (*line == '\0')
		return NULL;
	end = line + strcspn(line, "\n");
	r->at = *end == '\n' ? end + 1 : end;
	*end = '\0';
	if (end > line && end[-1] == '\r')
		end[-1] = '\0';
	r->line++;
	return line;
}

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* "--- a/v3.S<TAB>2015-06-16 ..." */
static void copy_name(char *name, const char *line)
{
	size_t n = strcspn(line + 4, "\t");

	if (n >= DIFF_NAME)
		n = DIFF_NAME - 1;
	memcpy(name, line + 4, n);
	while (n > 0 && name[n - 1] == ' ')
		n--;
	name[n] = '\0';
}

/* Digits; *value stays below a billion. Returns what is behind them, or NULL. */
static const char *number(const char *text, unsigned *value)
{
	const char *at = text;

	for (*value = 0; *at >= '0' && *at <= '9'; at++) {
		if (at - text >= 9)
			return NULL;
		*value = *value * 10 + (unsigned)(*at - '0');
	}
	return at == text ? NULL : at;
}

/* "-10,3" or "-10", which means one line. */
static const char *range(const char *text, char sign, unsigned *count)
{
	unsigned start;

	if (*text != sign || !(text = number(text + 1, &start)))
		return NULL;
	*count = 1;
	return *text == ',' ? number(text + 1, count) : text;
}

static bool parse_hunk(const char *line, unsigned *before, unsigned *after)
{
	const char *at = line + 3;

	at = range(at, '-', before);
	if (!at || *at != ' ' || !(at = range(at + 1, '+', after)))
		return false;
	return begins(at, " @@");
}

static void keep(struct diff_file *file, const char *line, const char *instead)
{
	if (*line == '\0')
		line = instead;
	file->hunks_length +=
	        strlen(strcpy(file->hunks + file->hunks_length, line)); /* NOLINT: sized for it */
	file->hunks[file->hunks_length++] = '\n';
	file->hunks[file->hunks_length] = '\0';
}

/* The lines that a hunk's header promises. */
static int read_hunk(struct diff_reader *r, struct diff_file *file, const char *header, struct error *e)
{
	unsigned before, after, line = r->line;

	if (!parse_hunk(header, &before, &after))
		return error_set(e, "%s:%u: not the header of a hunk, \"@@ -N,N +N,N @@\": %.80s", r->name,
		                 line, header);
	keep(file, header, "");
	while (before > 0 || after > 0) {
		const char *text = next_line(r);

		if (!text)
			return error_set(e, "%s:%u: this hunk is cut off: %u of its lines are missing",
			                 r->name, line, before > after ? before : after);
		if ((*text == ' ' || *text == '\0') && before > 0 && after > 0) {
			before--, after--; /* mailers strip blanks from the ends of lines */
		} else if (*text == '-' && before > 0) {
			before--;
		} else if (*text == '+' && after > 0) {
			after--;
		} else if (*text != '\\') {
			return error_set(
			        e,
			        "%s:%u: this line does not fit into the hunk of line %u: was it wrapped "
			        "or edited? Save the mail unchanged, or make the diff anew",
			        r->name, r->line, line);
		}
		keep(file, text, " ");
	}
	if (*r->at == '\\')
		keep(file, next_line(r), "");
	return 0;
}

/* Things that a diff can say without saying how. */
static int refuse_special(const struct diff_reader *r, const char *line, struct error *e)
{
	if (begins(line, "GIT binary patch") || (begins(line, "Binary files ") && strstr(line, " differ")))
		return error_set(e, "%s:%u: a binary diff; only text can be patched", r->name, r->line);
	if (begins(line, "@@ -"))
		return error_set(e, "%s:%u: a hunk without the names of its file (--- and +++) above it",
		                 r->name, r->line);
	return 0;
}

int diff_next(struct diff_reader *r, struct diff_file *file, struct error *e)
{
	char *line, *after;

	*file = (struct diff_file){.hunks = r->before};
	file->hunks[0] = '\0';
	while ((line = next_line(r)) != NULL) {
		if (!begins(line, "--- ") || !begins(r->at, "+++ ")) {
			if (refuse_special(r, line, e))
				return -1;
			continue;
		}
		file->line = r->line;
		after = next_line(r);
		copy_name(file->before, line);
		copy_name(file->after, after);
		while (begins(r->at, "@@ ")) {
			if (read_hunk(r, file, next_line(r), e))
				return -1;
		}
		if (file->hunks_length > 0)
			return 1;
	}
	return 0;
}

/* A line of a hunk begins with a blank, a sign or a backslash, its header with an at sign. */
static const char *find_hunk(const struct diff_file *file, unsigned n)
{
	const char *at = file->hunks;

	while (at && n > 1) {
		at = strstr(at + 1, "\n@@ ");
		at = at ? at + 1 : NULL;
		n--;
	}
	return at;
}

const char *diff_hunk(const struct diff_file *file, unsigned n, char *buf, size_t size)
{
	const char *at = find_hunk(file, n);

	(void)snprintf(buf, size, "%.*s", at ? (int)strcspn(at, "\n") : 1, at ? at : "?");
	return buf;
}

unsigned diff_hunk_line(const struct diff_file *file, unsigned n)
{
	const char *end = find_hunk(file, n);
	unsigned line = file->line + 2;

	for (const char *at = file->hunks; end && at < end; at++)
		line += *at == '\n';
	return line;
}
