/* SPDX-License-Identifier: MIT */
/* One world searched, and what was found made again on the machine itself. */
#ifndef LAZYSWITCH_SESSION_SEARCH_H
#define LAZYSWITCH_SESSION_SEARCH_H

#include "checker/check.h"
#include "model/world/vacuity.h"
#include "traces/follow.h"
#include "traces/story.h"

/*
 * check_breadth_first() on the model; then, if nothing violates a property, and `stuck` is searched, check_cycles() on
 * `cycles`, if that is not NULL. Limits and numbers are those of both together. What goes wrong is in result->verdict and `e`.
 */
void search_run(const struct model *model, const struct model *cycles, const struct check_options *options,
                struct check_result *result, struct error *e);

/*
 * A counterexample (CHECK_FAIL, with a trace) is reported only if it happens on the machine itself, too: replays it. Returns NULL with
 * `e` filled in if it does not; that is our fault.
 */
struct story *search_confirm(const struct world *world, const struct learnt *learnt,
                             const struct check_result *result, struct error *e);

/* Which limit was reached, and what that means, or NULL: result->reason in more words. `buf` is room for them. */
const char *search_reason(const struct check_result *result, char *buf, size_t size);

/*
 * Calls `warn` once for each reason why properties hold vacuously: "fpexc-guest holds vacuously: no guest ...".
 */
void search_warn_vacuous(const struct world_config *config, const struct vacuity *vacuous, unsigned n,
                         void (*warn)(void *arg, const char *text), void *arg);

/*
 * Follows a trace, and records the run as far as it goes. Returns the story, with *followed to be freed; or NULL with `e` filled in, and *fault set
 * if that is ours.
 */
struct story *search_follow(const struct trace *trace, const struct world *world,
                            const struct follow_options *options, struct followed *followed, bool *fault,
                            struct error *e);

#endif
