/* SPDX-License-Identifier: MIT */
/*
 * Expectations files: which variant shall show what, in which system. docs/how-to/regress.md describes the format:
 *
 *	lazyswitch-expect 1
 *	[big-endian]
 *	v3  --endian big  : fail fp-leak|fp-lost fpexc-guest  # why
 */
#ifndef LAZYSWITCH_CLI_EXPECT_H
#define LAZYSWITCH_CLI_EXPECT_H

#include "search_options.h"
#include "sim/cost.h"

enum {
	EXPECT_VERSION = 1,
	EXPECT_FILE_MAX = 4 << 20, /* bytes */
	EXPECT_CLAUSES_MAX = 16,   /* in a line */
	EXPECT_CEILINGS_MAX = 32,  /* in a line */
	EXPECT_WORDS_MAX = 64,     /* in a line */
};

/* "a|b": at least one of these is violated; "!a": this holds. */
struct expect_clause {
	uint32_t properties;
	bool holds;
};

/* "fpexc-writes/exit<=2" */
struct expect_ceiling {
	enum cost_counter counter;
	enum cost_scenario scenario;
	unsigned most;
};

/* What is behind the colon. */
struct expect_verdict {
	bool pass;
	struct expect_clause clauses[EXPECT_CLAUSES_MAX]; /* of a fail */
	unsigned n_clauses;
	unsigned length; /* of the shortest trace that violates a named property; 0: any */
	struct expect_ceiling ceilings[EXPECT_CEILINGS_MAX];
	unsigned n_ceilings;
};

/* One line. */
struct expectation {
	unsigned line, column; /* where it is, from 1; the column of the variant */
	const char *suite;     /* "" before the first [suite] */
	char **words; /* variant and options; paths, relative to the file's directory there, can be opened */
	const char *variant;           /* the first of them */
	char *options;                 /* the others, one blank between them */
	struct search_settings search; /* `properties`: what shall hold; for a fail, every usual one */
	struct expect_verdict verdict;
	size_t verdict_at, verdict_bytes; /* where the verdict stands in the text */
	bool implied;                     /* by this line, which is about its broken twin: see add_mended() */
};

struct expect_file {
	char *name;
	char *text;
	size_t bytes;
	struct expectation *rows;
	size_t n_rows;
	char **suites; /* in the order of the file */
	size_t n_suites;
};

/*
 * Parses expectations from memory; `name` is the file's, for messages and to find what is named relative to
 * it. Returns 0, or -1 with `e` filled in, "FILE:LINE:COLUMN: message"; free the file in either case.
 * Variants are not looked for.
 */
int expect_parse(struct expect_file *file, const char *name, const char *text, size_t bytes, struct error *e);

/* The same from the file itself. */
int expect_read(struct expect_file *file, const char *name, struct error *e);
void expect_free(struct expect_file *file);

/* Parses what is behind the colon. Returns 0, or -1 with a message, and in *at where in the text it went
 * wrong. */
int expect_verdict_parse(struct expect_verdict *verdict, const char *text, size_t *at, struct error *e);

/* Writes it as it stands in files; returns buf. */
const char *expect_verdict_text(const struct expect_verdict *verdict, char *buf, size_t size);

/*
 * Rewrites the verdicts of some lines: found[i], if it is not NULL, replaces that of rows[i]. Nothing else
 * changes, and the file changes at once or not at all. Returns 0, or -1 with `e` filled in.
 */
int expect_update(const struct expect_file *file, const struct expect_verdict *const *found, struct error *e);

#endif
