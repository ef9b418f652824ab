/* SPDX-License-Identifier: MIT */
#include "mbox.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline + 1 : end;
}

static bool digits(const char *at, const char *end, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (at + i >= end || !isdigit((unsigned char)at[i]))
			return false;
	}
	return true;
}

/* "From 0123abcd Mon Sep 17 00:00:00 2001", "From git@z Thu Jan  1 00:00:00 1970" */
static bool is_separator(const char *at, const char *end)
{
	bool time = false;

	if (end - at < 5 || memcmp(at, "From ", 5) != 0)
		return false;
	for (at += 5; at < end; at++) {
		if (digits(at, end, 2) && at + 2 < end && at[2] == ':' && digits(at + 3, end, 2))
			time = true;
		else if (time && at[-1] == ' ' && digits(at, end, 4) &&
		         (at + 4 == end || isspace((unsigned char)at[4])))
			return true;
	}
	return false;
}

/* The length of a field's name, "Message-ID:", colon included; 0 if the line is none. */
static size_t field_name(const char *at, const char *end)
{
	const char *begin = at;

	while (at < end && (isalnum((unsigned char)*at) || *at == '-' || *at == '_'))
		at++;
	return at > begin && at < end && *at == ':' ? (size_t)(at - begin) + 1 : 0;
}

/* A field that only mails have: others, such as "Index:", stand above diffs, too. */
static bool is_mail_field(const char *at, size_t n)
{
	static const char *const names[] = {"From:",         "Subject:",      "Message-ID:",
	                                    "MIME-Version:", "Content-Type:", "Content-Transfer-Encoding:"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == n && strncasecmp(at, names[i], n) == 0)
			return true;
	}
	return false;
}

static bool is_empty(const char *at, const char *end)
{
	return at < end && (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

static bool is_mail(const char *at, const char *end)
{
	bool found = false;

	for (const char *line = at; line < end && !is_empty(line, end); line = line_end(line, end)) {
		size_t n = field_name(line, end);

		if (n == 0 && (line == at || (*line != ' ' && *line != '\t')))
			return false;
		found |= n > 0 && is_mail_field(line, n);
	}
	return found;
}

unsigned mbox_field_lines(const struct mbox_piece *piece)
{
	const char *end = piece->text + piece->size, *at = piece->text;
	unsigned lines = 1;

	for (; at < end && !is_empty(at, end); at = line_end(at, end))
		lines++;
	return lines;
}

bool mbox_next(struct mbox *m, struct mbox_piece *piece)
{
	const char *at = m->at;

	if (at < m->end && is_separator(at, line_end(at, m->end))) {
		at = line_end(at, m->end);
		m->line++;
	}
	if (m->at >= m->end)
		return false;
	*piece = (struct mbox_piece){.text = at, .line = m->line + 1};
	while (at < m->end && !is_separator(at, line_end(at, m->end))) {
		at = line_end(at, m->end);
		m->line++;
	}
	piece->size = (size_t)(at - piece->text);
	piece->mail = is_mail(piece->text, at);
	m->at = at;
	return true;
}
