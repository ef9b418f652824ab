/* SPDX-License-Identifier: MIT */
/* Text in lines that a mail may have: none of its words makes one longer than it should be. */
#ifndef LAZYSWITCH_CLI_WRAP_H
#define LAZYSWITCH_CLI_WRAP_H

#include <stdbool.h>
#include <stdio.h>

enum { WRAP_WIDTH = 71 };

struct wrap {
	FILE *out;
	unsigned first, indent; /* blanks before the first line, and before all others */
	bool whole;             /* never cut a word: fields of mails */
	const char *go_on;      /* what ends a line that goes on, " \\"; NULL: nothing */

	unsigned column; /* of the line in progress; 0: it is empty */
	bool begun;
};

/* Adds words, separated by blanks; ends the line. */
void wrap_text(struct wrap *wrap, const char *text);
void wrap_end(struct wrap *wrap);

/* A paragraph, all of it `indent` to the right. */
void wrap_paragraph(FILE *out, unsigned indent, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* One line of somebody else's text behind "> ", cut off where there is no more room; tabs stay. */
void wrap_quote(FILE *out, const char *line, size_t length);

/* Columns of text: characters, not bytes. */
unsigned wrap_columns(const char *text, size_t length);

#endif
