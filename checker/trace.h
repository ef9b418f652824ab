/* SPDX-License-Identifier: MIT */
/*
 * The trace to a stored state. The store keeps parents, not labels: labels are
 * found again by asking the model for the successors of each state on the way. If
 * what is stored are representatives, the trace goes through states that they
 * stand for, the first of them the initial one: it is a run.
 */
#ifndef LAZYSWITCH_CHECKER_TRACE_H
#define LAZYSWITCH_CHECKER_TRACE_H

#include <stddef.h>

#include "checker/store.h"
#include "model/error.h"
#include "model/model.h"

/*
 * `initial` is the initial state, in the model's own words. Sets *trace, which the caller frees, to the
 * labels from the initial state to `state`, or one that it stands for, followed by that of the first step
 * from there that violates `property` for that `cause` (0: for any), if the property is not negative; and
 * *length to their number. *trace is NULL if there are none. Returns MODEL_OK; MODEL_ERROR with the error
 * filled in; or MODEL_REFINED: the model refined its steps, there is no such trace.
 */
enum model_status trace_recover(const struct model *model, const struct store *store, const uint32_t *initial,
                                uint32_t state, int property, uint32_t cause, struct model_label **trace,
                                size_t *length, struct error *e);

#endif
