/* SPDX-License-Identifier: MIT */
/* The violations that a search which goes on has met: the first of each property and cause. */
#ifndef LAZYSWITCH_CHECKER_FINDINGS_H
#define LAZYSWITCH_CHECKER_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "checker/check.h"

struct finding {
	int property;
	uint32_t cause;
	uint64_t state; /* where it was found: its number */
	bool by_step;   /* a step from there; otherwise the state itself */
};

struct findings {
	struct finding *list; /* in the order in which they were added */
	uint32_t *table;      /* open addressing: index into list, plus 1 */
	uint32_t n;
};

/* Whether it was added, was there already, or does not go in. */
enum findings_status { FINDINGS_ADDED, FINDINGS_KNOWN, FINDINGS_FULL, FINDINGS_NO_MEMORY };

enum findings_status findings_add(struct findings *findings, const struct finding *finding);
/* Empties it; a zeroed one is empty. */
void findings_free(struct findings *findings);

/* Releases what a result has of them. */
void check_result_forget_findings(struct check_result *result);

#endif
