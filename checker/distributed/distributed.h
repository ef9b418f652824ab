/* SPDX-License-Identifier: MIT */
/* Breadth-first search by several processes, each with a part of the states. */
#ifndef LAZYSWITCH_CHECKER_DISTRIBUTED_H
#define LAZYSWITCH_CHECKER_DISTRIBUTED_H

#include "checker/check.h"
#include "checker/distributed/ranks.h"

/* check_result.reason, beside those of check.h. */
#define CHECK_REASON_RANK_LOST "another rank is gone"

/*
 * check_breadth_first() for all ranks together: each calls it with a model of its own, of the same system, and the same options;
 * max_memory and threads are what each may use, and progress is reported to whoever has asked. Every rank gets the
 * same result, and it is that of check_breadth_first(), whatever the number of ranks: verdict, counts, depth, trace; memory is
 * that of all together. CHECK_STORE_BITSTATE is refused.
 *
 * If a rank is lost the others' verdict is CHECK_INCOMPLETE, with the reason above, never anything else; but with
 * check_options.all it may be CHECK_FAIL, with that reason, if there is a trace already.
 */
int check_distributed(const struct model *model, const struct check_options *options,
                      const struct ranks *ranks, struct check_result *result, struct error *e);

#endif
