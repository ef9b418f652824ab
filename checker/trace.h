/* SPDX-License-Identifier: MIT */
/*
 * The trace to a stored state. The store keeps parents, not labels: labels are
 * found again by asking the model for the successors of each parent on the way.
 */
#ifndef LAZYSWITCH_CHECKER_TRACE_H
#define LAZYSWITCH_CHECKER_TRACE_H

#include <stddef.h>

#include "checker/store.h"
#include "model/error.h"
#include "model/model.h"

/*
 * Sets *trace, which the caller frees, to the labels from state 0 to `state`,
 * followed by *final if that is not NULL, and *length to their number; *trace is
 * NULL if there are none. Returns MODEL_OK; MODEL_ERROR with the error filled in;
 * or MODEL_REFINED: the model refined its steps, there is no such trace.
 */
enum model_status trace_recover(const struct model *model, const struct store *store, uint32_t state,
                                const struct model_label *final, struct model_label **trace, size_t *length,
                                struct error *e);

#endif
