/* SPDX-License-Identifier: MIT */
/* Unified diffs, as they are found in files and mails. */
#ifndef LAZYSWITCH_MODEL_KIT_DIFF_H
#define LAZYSWITCH_MODEL_KIT_DIFF_H

#include <stddef.h>

#include "model/error.h"

enum { DIFF_NAME = 512 };

/* The changes of one file. */
struct diff_file {
	char before[DIFF_NAME], after[DIFF_NAME]; /* names behind --- and +++ */
	char *hunks;                              /* their text, with LF; owned by the reader */
	size_t hunks_length;
	unsigned line; /* of the --- line in the file, from 1 */
};

/* Reads a text piece by piece; what is around diffs (mail headers, signatures) is skipped. */
struct diff_reader {
	const char *name; /* for messages */
	char *at;         /* into the text, which is changed */
	unsigned line;    /* of `at` */
	char *before; /* a buffer for hunks, of twice the text's size and 2 bytes: blanks that were stripped come back; owned by the caller */
};

/* Returns 1 when *file is filled in, 0 at the end, -1 with `e` filled in. */
int diff_next(struct diff_reader *reader, struct diff_file *file, struct error *e);

/* Writes the header of the n-th hunk, from 1, "@@ -1,2 +3,4 @@", into buf; returns buf. */
const char *diff_hunk(const struct diff_file *file, unsigned n, char *buf, size_t size);
/* The line that it stands in, as diff_file.line is counted. */
unsigned diff_hunk_line(const struct diff_file *file, unsigned n);

#endif
