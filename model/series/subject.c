/* SPDX-License-Identifier: MIT */
#include "subject.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Digits, at most five; returns what is behind them, or NULL. */
static const char *number(const char *at, const char *end, unsigned *value)
{
	const char *begin = at;

	for (*value = 0; at < end && isdigit((unsigned char)*at) && at - begin < 5; at++)
		*value = *value * 10 + (unsigned)(*at - '0');
	return at == begin || (at < end && isdigit((unsigned char)*at)) ? NULL : at;
}

/* One word between brackets: "PATCH", "PATCHv2", "v2", "2/5"; the rest ("RFC", a tree's name) means nothing here. */
static void word(struct subject *s, const char *at, const char *end)
{
	unsigned a, b;
	const char *next;

	if (end - at >= 5 && strncasecmp(at, "PATCH", 5) == 0) {
		s->patch = true;
		at += 5;
		at += at < end && *at == '-';
	}
	if (at < end && (*at == 'v' || *at == 'V') && (next = number(at + 1, end, &a)) == end && next) {
		s->version = a;
		return;
	}
	next = number(at, end, &a);
	if (!next || next == end || *next != '/' || !(next = number(next + 1, end, &b)) || next != end)
		return;
	s->numbered = true;
	s->number = a;
	s->total = b;
}

static void bracket(struct subject *s, const char *at, const char *end)
{
	while (at < end) {
		const char *begin = at;

		while (at < end && *at != ' ' && *at != ',')
			at++;
		word(s, begin, at);
		at += at < end;
	}
}

/* "Re:", and what mailers of other languages and of forwarders make of it. */
static const char *skip_reply(const char *text, struct subject *s)
{
	static const char *const marks[] = {"re:", "aw:", "sv:", "fw:", "fwd:", "antw:"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t n = strlen(marks[i]);

		if (strncasecmp(text, marks[i], n) == 0) {
			s->reply = true;
			return text + n;
		}
	}
	return NULL;
}

struct subject subject_parse(const char *text)
{
	struct subject s = {.version = 1};

	for (;;) {
		const char *end, *next;

		text += strspn(text, " \t");
		if (*text == '[' && (end = strchr(text, ']')) != NULL) {
			bracket(&s, text + 1, end);
			text = end + 1;
		} else if ((next = skip_reply(text, &s)) != NULL) {
			text = next;
		} else {
			break;
		}
	}
	s.title = text;
	return s;
}
