/* SPDX-License-Identifier: MIT */
/* What the files of the reader share. */
#ifndef LAZYSWITCH_TRACES_READER_PRIVATE_H
#define LAZYSWITCH_TRACES_READER_PRIVATE_H

#include "reader.h"

enum { WORDS_MAX = 40 }; /* in a line: a CPU, who, an action, every choice, a place, and some room */

struct word {
	char *text;
	unsigned column;
	bool quoted;
};

struct parser {
	struct trace *t;
	struct error *e;
	unsigned line;       /* number of the current one, from 1 */
	unsigned end_column; /* behind its last word */
	struct word word[WORDS_MAX];
	unsigned n;                                     /* words of the current line */
	unsigned said[24];                              /* in which line each keyword was used; 0: not yet */
	size_t room_steps, room_choices, room_closings; /* allocated */
	size_t comment_length;
};

/* An error at a column of the current line. Returns -1. */
int parse_error(struct parser *p, unsigned column, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* reader_words.c */
/*
 * Cuts a line into words, in place; comments are left out. `line` ends with '\0', without its line end.
 * Returns 0, or -1 with the error filled in.
 */
int words_split(struct parser *p, char *line);
/* Finds the first byte that no trace file has: NUL, a control character, broken UTF-8. Returns 0 or -1. */
int words_check_bytes(struct parser *p, const char *bytes, size_t size);
/* A decimal number from 0 to max. `text` is part of a word, at `column`. */
int words_number(struct parser *p, const char *text, unsigned column, unsigned max, unsigned *value);
/* Bytes of a file as they may stand in a message: at most 40 of them, what does not print as '?'. */
const char *words_show(const char *text, char buf[48]);
/* An array with room for one more: itself, or moved. NULL, and the array is as it was, when out of memory. */
void *words_make_room(struct parser *p, void *array, size_t *room, size_t used, size_t size);

/* reader_header.c */
/* The current line as one of the header. */
int header_line(struct parser *p);
/* All of the header has been read: what it has not said, and what does not fit together. */
int header_end(struct parser *p);
/* So have all steps: what the header says of them. */
int header_of_steps(struct parser *p);

/* reader_step.c */
/* Does the line begin like a step: "cpu0"? */
bool step_begins(const struct parser *p);
int step_line(struct parser *p);

#endif
