/* SPDX-License-Identifier: MIT */
/*
 * A second search engine, to check the first: slow, simple, and written without
 * any of its parts. Nothing is clever in it: it keeps every state with its label,
 * parent and level, and compares whole vectors.
 */
#ifndef LAZYSWITCH_CHECKER_REFERENCE_H
#define LAZYSWITCH_CHECKER_REFERENCE_H

#include "checker/check.h"

/*
 * Does what check_breadth_first() does, by the same contract and with the same
 * result, except check_result.memory: bytes of its own structures, which are
 * larger.
 */
int check_reference(const struct model *model, const struct check_options *options,
                    struct check_result *result, struct error *e);

#endif
