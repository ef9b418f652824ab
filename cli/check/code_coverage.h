/* SPDX-License-Identifier: MIT */
/* Which code of a variant a search never executed, and which branches went one way only: by functions and lines. */
#ifndef LAZYSWITCH_CLI_CODE_COVERAGE_H
#define LAZYSWITCH_CLI_CODE_COVERAGE_H

#include "model/world/coverage.h"
#include "session/variant.h"

/* A place in the source; all strings are the image's. */
struct code_place {
	uint32_t pc;
	const char *function; /* or NULL */
	uint32_t offset;      /* of pc in it */
	const char *file;     /* NULL: unknown */
	int line;
};

/* Instructions in a row, of one function, that were never executed: all of them, or some of one file. */
struct code_gap {
	struct code_place place; /* of the first; its line is the lowest of all, unless `whole` */
	int last_line;
	bool whole; /* the function was never entered */
	unsigned instructions;
};

/* A conditional instruction that was executed. */
struct code_branch {
	struct code_place place;
	bool branches; /* it leads elsewhere; otherwise it does something else under a condition */
	bool passed;   /* its condition always passed; otherwise it never did */
};

struct code_part {
	unsigned instructions, executed;
	unsigned conditional, both; /* of those executed, with a condition; that passed and failed */
};

struct code_coverage {
	bool overrides; /* `variant` is what the variant brings; otherwise, as it brings nothing, what it could have replaced */
	struct code_part variant, kernel; /* kernel: all the rest */
	struct code_gap *gaps;            /* of the variant, by address */
	size_t n_gaps;
	struct code_branch *one_way; /* of the variant, by address */
	size_t n_one_way;
};

/*
 * Sorts what was recorded. The variant must outlive the result. Returns 0, or -1 with `e` filled in; to be freed in either
 * case.
 */
int code_coverage_find(const struct variant *variant, bool uniprocessor, const struct coverage *recorded,
                       struct code_coverage *found, struct error *e);
void code_coverage_free(struct code_coverage *found);

#endif
