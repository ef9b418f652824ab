/* SPDX-License-Identifier: MIT */
/* lazyswitch diff: two variants side by side. */
#ifndef LAZYSWITCH_CLI_DIFF_H
#define LAZYSWITCH_CLI_DIFF_H

#include "jobs.h"
#include "sim/cost.h"
#include "traces/follow.h"

struct diff_settings {
	const char *names[3]; /* two, and a place for the one too many */
	size_t n_names;
	struct search_settings search; /* config.env: the events to be tried, one at a time */
	bool json;
	unsigned threads; /* searches at the same time */
};

enum diff_verdict { DIFF_HOLDS, DIFF_VIOLATED, DIFF_UNKNOWN };

/* Both variants with one event, or with none. */
struct diff_row {
	uint32_t env;              /* no bit, or one */
	int all[2];                /* jobs: of all properties */
	int single[2][PROPERTIES]; /* jobs: of one; -1: `all` tells */
};

/* The shortest trace of one variant that violates a property, which the other, with the same event, does not.
 */
struct diff_witness {
	int row, side; /* who violates it; row -1: there is no such trace */
	bool followed; /* `follow` is filled in: how the other ends on the same schedule */
	struct followed follow;
	struct error why; /* if it is not */
};

struct diff {
	const struct diff_settings *settings;
	struct jobs jobs;
	struct diff_row row[1 + ENV_NAMES];
	unsigned n_rows;
	struct diff_witness witness[2][PROPERTIES]; /* by side and property */
	struct cost cost[2];
	bool differ, unknown;
	enum exit_status fault; /* a search that went wrong */
};

enum diff_verdict diff_verdict(const struct diff *d, const struct diff_row *row, unsigned side,
                               unsigned property);

/* The search that tells about a property: its result is worth showing. */
const struct check_run *diff_run(const struct diff *d, const struct diff_row *row, unsigned side,
                                 unsigned property);

/* "none", or the event's name */
const char *diff_event(const struct diff_row *row);

/* Why the survivor of a schedule cannot follow it to its end. */
const char *diff_why(const struct followed *follow);

/* Reports. The JSON one returns 0, or -1 when out of memory. */
void diff_text(const struct diff *d);
int diff_json(const struct diff *d);

#endif
