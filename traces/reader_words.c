/* SPDX-License-Identifier: MIT */
/* Bytes, words and numbers of a trace file. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reader_private.h"

int parse_error(struct parser *p, unsigned column, const char *format, ...)
{
	char text[600];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return error_set(p->e, "%.400s:%u:%u: %s", p->t->name, p->line, column, text);
}

const char *words_show(const char *text, char buf[48])
{
	size_t n = 0;

	for (; text[n] != '\0' && n < 40; n++)
		buf[n] = text[n];
	for (size_t i = 0; i < n; i++) {
		if (buf[i] < ' ' || buf[i] > '~')
			buf[i] = '?';
	}
	(void)snprintf(buf + n, 8, "%s", text[n] != '\0' ? "..." : "");
	return buf;
}

/* The length of the UTF-8 character at `s`, of which `left` bytes are there; 0: it is none. */
static size_t character(const unsigned char *s, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80 ? 1 : (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : 4;
	uint32_t value = s[0];

	if (n == 1)
		return 1;
	if (s[0] < 0xc0 || s[0] >= 0xf8 || n > left)
		return 0;
	value &= 0xffu >> (n + 1);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3f);
	}
	return value < least[n] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? 0 : n;
}

int words_check_bytes(struct parser *p, const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t start = 0;

	p->line = 1;
	if (size >= 2 && ((s[0] == 0xff && s[1] == 0xfe) || (s[0] == 0xfe && s[1] == 0xff)))
		return parse_error(p, 1, "this is UTF-16; trace files are UTF-8");
	for (size_t i = 0, n; i < size; i += n) {
		unsigned column = (unsigned)(i - start) + 1;

		n = character(s + i, size - i);
		if (n == 0)
			return parse_error(p, column,
			                   "byte 0x%02x is not UTF-8; trace files are text in UTF-8", s[i]);
		if (s[i] == '\n') {
			p->line++;
			start = i + 1;
		} else if (i - start >= TRACE_LINE_MAX) {
			return parse_error(p, column, "the line is longer than %d bytes", TRACE_LINE_MAX);
		} else if ((s[i] < ' ' && s[i] != '\t' &&
		            !(s[i] == '\r' && i + 1 < size && s[i + 1] == '\n')) ||
		           s[i] == 0x7f) {
			return parse_error(p, column,
			                   "byte 0x%02x is a control character; trace files are text", s[i]);
		}
	}
	return 0;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes a quoted word in place. `*at` stands behind the opening quote, and then behind the closing one. */
static int unquote(struct parser *p, const char *line, char **at)
{
	char *to = *at, *from = *at;

	for (; *from != '"'; from++) {
		unsigned column = (unsigned)(from - line) + 1;

		if (*from == '\0')
			return parse_error(p, column, "a quoted word does not end in this line");
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		from++;
		if (*from == 'x' && hex_digit(from[1]) >= 0 && hex_digit(from[2]) >= 0 &&
		    (from[1] != '0' || from[2] != '0')) {
			*to++ = (char)(hex_digit(from[1]) << 4 | hex_digit(from[2]));
			from += 2;
		} else if (*from == '"' || *from == '\\') {
			*to++ = *from;
		} else {
			return parse_error(
			        p, column,
			        "in quotes a backslash stands before a quote, a backslash, or x and two "
			        "hexadecimal digits (not 00)");
		}
	}
	*at = from + 1;
	*to = '\0';
	return 0;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

int words_split(struct parser *p, char *line)
{
	char *at = line;

	p->n = 0;
	p->end_column = 1;
	for (;;) {
		struct word *word;
		bool more;

		while (blank(*at))
			at++;
		if (*at == '\0' || *at == '#')
			return 0;
		if (p->n == WORDS_MAX)
			return parse_error(p, (unsigned)(at - line) + 1, "more than %d words in a line",
			                   WORDS_MAX);
		word = &p->word[p->n++];
		*word = (struct word){.text = at, .column = (unsigned)(at - line) + 1, .quoted = *at == '"'};
		if (word->quoted) {
			word->text = ++at;
			if (unquote(p, line, &at))
				return -1;
			if (*at != '\0' && !blank(*at))
				return parse_error(
				        p, (unsigned)(at - line) + 1,
				        "behind a quoted word comes a blank or the end of the line");
		} else {
			while (*at != '\0' && !blank(*at))
				at++;
		}
		p->end_column = (unsigned)(at - line) + 1;
		more = *at != '\0';
		if (!word->quoted)
			*at = '\0';
		if (more)
			at++;
	}
}

int words_number(struct parser *p, const char *text, unsigned column, unsigned max, unsigned *value)
{
	size_t n = strspn(text, "0123456789");
	unsigned long long number;
	char shown[48];

	if (n == 0 || text[n] != '\0')
		return parse_error(p, column, "'%s' is not a number; here stands one from 0 to %u",
		                   words_show(text, shown), max);
	number = n > 18 ? UINT64_MAX : strtoull(text, NULL, 10);
	if (number > max)
		return parse_error(p, column, "%s is too large: at most %u", words_show(text, shown), max);
	*value = (unsigned)number;
	return 0;
}

void *words_make_room(struct parser *p, void *array, size_t *room, size_t used, size_t size)
{
	size_t more = *room ? 2 * *room : 32;
	void *moved;

	if (used < *room)
		return array;
	moved = realloc(array, more * size);
	if (moved)
		*room = more;
	else
		error_set(p->e, "%.400s: out of memory", p->t->name);
	return moved;
}
