/* SPDX-License-Identifier: MIT */
/* Internal to model/series: the messages of a file. */
#ifndef LAZYSWITCH_MODEL_SERIES_MBOX_H
#define LAZYSWITCH_MODEL_SERIES_MBOX_H

#include <stdbool.h>
#include <stddef.h>

struct mbox {
	const char *at, *end; /* what has not been looked at */
	unsigned line;        /* lines before `at` */
};

/* A message, or whatever else there is before, between or without separators. */
struct mbox_piece {
	const char *text;
	size_t size;
	unsigned line; /* of its first line in the file, from 1; it does not include the separator */
	bool mail;     /* it begins with the fields of a mail */
};

/*
 * Separators are lines that begin with "From " and have a time and a year, as git, b4 and archives of lists write them: a
 * sentence that begins so is none. Returns false at the end.
 */
bool mbox_next(struct mbox *mbox, struct mbox_piece *piece);

/* Lines up to the empty one behind the fields of a mail, which is counted. */
unsigned mbox_field_lines(const struct mbox_piece *piece);

#endif
