/* SPDX-License-Identifier: MIT */
/* One variant checked: search, then replay of what was found. */
#ifndef LAZYSWITCH_CLI_CHECK_RUN_H
#define LAZYSWITCH_CLI_CHECK_RUN_H

#include "session/causes.h"
#include "check_options.h"
#include "check_stats.h"
#include "checker/check.h"
#include "model/series/series.h"
#include "model/world/vacuity.h"
#include "model/world/verify.h"
#include "progress.h"
#include "traces/story.h"

/* Which patches it is built with. */
struct prefix {
	const struct series *series; /* NULL: none */
	size_t n;                    /* the first of them */
	bool each;                   /* one of several runs, each with a patch more */
};

/* A variant to be checked, and what came of it. */
struct check_run {
	struct variant variant;
	struct world *world;
	char label[192]; /* what it is called: "v3", "v3 + 2/3" */
	struct prefix prefix;
	const struct check_run *same; /* built to the same code: its result is this one's, too; or NULL */
	char *identity;               /* of checkpoints, settings->checkpoint given; otherwise NULL */

	enum exit_status status;
	struct check_result result; /* verdict CHECK_ERROR: see `error` */
	struct story *story;        /* CHECK_FAIL: the counterexample, replayed */
	struct culprit culprit;     /* of the story; pc 0: none is known */
	struct causes causes;       /* CHECK_FAIL, with settings->all: every one; then there is no `story` */
	/* CHECK_PASS: properties that hold for lack of anything that they judge. */
	struct vacuity vacuous[VACUITIES_MAX];
	unsigned n_vacuous;
	struct run_stats *stats; /* settings->stats, of a search that was made; otherwise NULL */
	struct error error;
	bool verified; /* settings->verify: `counts` says how much */
	struct verify_counts counts;
	char *trace_file; /* where it was written; NULL: nowhere */
	char *trace_text; /* settings->keep_trace: what a trace file would say; NULL when out of memory */
	size_t trace_bytes;
};

/* Loads the variant and builds its world. Returns 0, or -1 with `e` filled in. */
int check_run_open(struct check_run *run, const char *name, const struct check_settings *settings,
                   struct error *e);
/*
 * The same with patches that are read already, and outlive it. With prefix->each a variant that cannot be built is a result,
 * and 0 is returned: CHECK_ERROR, with `variant.refused` and ->complaint; it must not be checked.
 */
int check_run_open_prefix(struct check_run *run, const char *name, const struct check_settings *settings,
                          const struct prefix *prefix, struct error *e);
/* Takes over the result of a run of the same code. */
void check_run_share(struct check_run *run, const struct check_run *same);
void check_run_close(struct check_run *run);

/*
 * Checks it, replays the counterexample if there is one, writes its trace file if asked to. Everything that
 * can go wrong ends up in run->status, ->result.verdict and ->error.
 */
void check_run(struct check_run *run, const struct check_settings *settings, struct progress *progress,
               const volatile sig_atomic_t *interrupt);

/*
 * Calls `warn` once for each reason why properties hold vacuously: "fpexc-guest holds vacuously: no guest ...".
 */
void check_run_warnings(const struct check_run *run, void (*warn)(void *arg, const char *text), void *arg);

/* Which limit was reached, and what that means, or NULL: result.reason in more words. `buf` is room for them. */
const char *check_run_reason(const struct check_run *run, char *buf, size_t size);

#endif
