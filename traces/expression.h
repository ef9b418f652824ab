/* SPDX-License-Identifier: MIT */
/*
 * A reader's own expressions over the fields of a machine (columns.h):
 *
 *	or     = and { "||" and }
 *	and    = not { "&&" not }
 *	not    = { "!" } test
 *	test   = value [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) value ]
 *	value  = FIELD | NUMBER | NAME | '"' text '"' | "(" or ")"
 *
 * A FIELD has a dot in its name: cpu0.fpexc.en, vcpu0.dirty. Any other word is the NAME of a context, or of nobody; a text in quotes is the
 * same with blanks in it. Numbers are decimal, or hexadecimal behind 0x. What looks like a number is compared as one, everything else as text; < and the
 * like are false of text. 0, "nobody" and an empty text are false, everything else is true; what compares or negates is 0 or 1.
 */
#ifndef LAZYSWITCH_TRACES_EXPRESSION_H
#define LAZYSWITCH_TRACES_EXPRESSION_H

#include "columns.h"

enum { EXPRESSION_TEXT_MAX = 1024, EXPRESSION_DEPTH_MAX = 64, EXPRESSION_PARTS_MAX = 256 };

struct expression;

/*
 * Parses it; the columns say which fields there are, and need not outlive it. Returns NULL with `e` filled in: "column N: what is wrong",
 * columns counted in bytes from 1.
 */
struct expression *expression_parse(const char *text, const struct columns *columns, struct error *e);
void expression_free(struct expression *x);

/* As it was written. */
const char *expression_text(const struct expression *x);

/* Its value where the fields have the values of this row. Borrowed from `buf`, the row or the expression. */
const char *expression_value(const struct expression *x, char (*row)[COLUMN_TEXT], char buf[COLUMN_TEXT]);
/* Is such a value true? */
bool expression_true(const char *value);

#endif
