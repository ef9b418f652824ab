/* SPDX-License-Identifier: MIT */
/* Fair cycles without progress, found by transitive closure: for graphs of a few hundred states. */
#ifndef LAZYSWITCH_TESTS_CHECKER_CYCLES_NAIVE_H
#define LAZYSWITCH_TESTS_CHECKER_CYCLES_NAIVE_H

#include <stdbool.h>

#include "checker/check.h"

struct naive_cycles {
	unsigned states, transitions;
	bool found;
	unsigned
	        stem; /* found: the fewest steps that lead to a state from which a fair cycle leads back to it */
};

/* Fails the test if the model has more states than it can take. */
struct naive_cycles naive_cycles(const struct model *model);

/*
 * Fails the test unless the trace can be played; no step from result->loop on makes progress; the state there is
 * the same as at the end; and each process makes one of those steps, or could make none at some point.
 */
void assert_lasso(const struct model *model, const struct check_result *result);

#endif
