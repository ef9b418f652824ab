/* SPDX-License-Identifier: MIT */
/* How a search went, beside what check_result says: lazyswitch check --stats. */
#ifndef LAZYSWITCH_CLI_CHECK_STATS_H
#define LAZYSWITCH_CLI_CHECK_STATS_H

#include <jansson.h>
#include <stdio.h>

#include "checker/check.h"
#include "code_coverage.h"
#include "model/world/collapsed.h"

struct run_stats {
	bool complete;                  /* every reachable state was expanded: coverage means something */
	size_t state_bytes;             /* of a state vector as it is */
	uint64_t made, executed;        /* since the last restart: different steps, instructions in them */
	struct collapsed_counts counts; /* steps_run and steps_recalled: restarts included */
	struct code_coverage code;
};

/* Takes down what the collapsed system knows after a search of the variant. Returns NULL with `e` filled in. */
struct run_stats *run_stats_new(const struct variant *variant, bool uniprocessor,
                                const struct collapsed *collapsed, bool complete, struct error *e);
void run_stats_free(struct run_stats *stats);

void run_stats_print(const struct run_stats *stats, const struct check_result *result, const char *variant,
                     FILE *out);
/* The member "stats" of a result: see check_json.c. NULL when out of memory. */
json_t *run_stats_json(const struct run_stats *stats, const struct check_result *result);

#endif
