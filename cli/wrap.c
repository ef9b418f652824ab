/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool begins_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

unsigned wrap_columns(const char *text, size_t length)
{
	unsigned n = 0;

	for (size_t i = 0; i < length; i++)
		n += begins_character(text[i]);
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A word ends at a blank; of a command, at one that is not between quotes. */
static size_t word_length(const struct wrap *w, const char *text)
{
	bool quoted = false;
	size_t n = 0;

	for (; text[n] != '\0' && (quoted || !is_blank(text[n])); n++)
		quoted ^= w->go_on && text[n] == '\'';
	return n;
}

static void begin_line(struct wrap *w)
{
	w->column = w->begun ? w->indent : w->first;
	w->begun = true;
	(void)fprintf(w->out, "%*s", (int)w->column, "");
}

static void put(struct wrap *w, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)putc((unsigned char)text[i] < ' ' || text[i] == 127 ? '?' : text[i], w->out);
	w->column += wrap_columns(text, n);
}

/* So many bytes of the word fit behind the column. */
static size_t fitting(const char *text, size_t n, unsigned room)
{
	size_t i = 0;

	for (unsigned columns = 0; i < n; i++) {
		if (begins_character(text[i]) && columns++ == room)
			break;
	}
	return i;
}

static void next_line(struct wrap *w, const char *end)
{
	(void)fprintf(w->out, "%s\n", end);
	w->column = 0;
}

static void put_word(struct wrap *w, const char *text, size_t n)
{
	unsigned width = WRAP_WIDTH - (w->go_on ? (unsigned)strlen(w->go_on) : 0);
	unsigned columns = wrap_columns(text, n);

	if (w->column > 0 && w->column + 1 + columns > width)
		next_line(w, w->go_on ? w->go_on : "");
	if (w->column > 0)
		put(w, " ", 1);
	else
		begin_line(w);
	while (!w->whole && w->column + wrap_columns(text, n) > width && width > w->column) {
		size_t fits = fitting(text, n, width - w->column);

		put(w, text, fits);
		next_line(w, w->go_on ? "\\" : "");
		if (w->go_on) /* a shell joins the halves only without blanks between them */
			w->begun = true;
		else
			begin_line(w);
		text += fits;
		n -= fits;
	}
	put(w, text, n);
}

void wrap_text(struct wrap *w, const char *text)
{
	while (*text != '\0') {
		size_t n;

		while (is_blank(*text))
			text++;
		n = word_length(w, text);
		if (n > 0)
			put_word(w, text, n);
		text += n;
	}
}

void wrap_end(struct wrap *w)
{
	next_line(w, "");
}

void wrap_paragraph(FILE *out, unsigned indent, const char *format, ...)
{
	struct wrap w = {.out = out, .first = indent, .indent = indent};
	char text[4096];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	wrap_text(&w, text);
	wrap_end(&w);
}

void wrap_quote(FILE *out, const char *line, size_t length)
{
	static const char more[] = " [...]";
	unsigned column = 2;
	size_t i, kept = 0;

	(void)fputs("> ", out);
	/* As far as there would be room for the mark behind it. */
	for (i = 0; i < length; i++) {
		unsigned next = line[i] == '\t' ? (column / 8 + 1) * 8 : column + begins_character(line[i]);

		if (next > WRAP_WIDTH)
			break;
		column = next;
		if (column + strlen(more) <= WRAP_WIDTH)
			kept = i + 1;
	}
	for (size_t k = 0; k < (i == length ? length : kept); k++)
		(void)putc(((unsigned char)line[k] < ' ' && line[k] != '\t') || line[k] == 127 ? '?'
		                                                                               : line[k],
		           out);
	(void)fprintf(out, "%s\n", i == length ? "" : more);
}
