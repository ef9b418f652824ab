/* SPDX-License-Identifier: MIT */
/*
 * The trace to a state that was found. A search keeps parents and steps' numbers, not labels: labels are found again by
 * asking the model for the successors of each state on the way. If what was found are representatives, the trace goes
 * through states that they stand for, the first of them the initial one: it is a run.
 */
#ifndef LAZYSWITCH_CHECKER_TRACE_H
#define LAZYSWITCH_CHECKER_TRACE_H

#include <stddef.h>

#include "checker/ancestry.h"
#include "checker/findings.h"
#include "model/error.h"
#include "model/model.h"

/*
 * `initial` is the initial state, in the model's own words; steps[i] the number of the step that leads from the i-th state on
 * the way to the next, n of them in all, the last to the finding's. Sets *trace, which the caller frees, to the
 * labels from the initial state to the finding's, or one that it stands for, followed, if the violation is a step's, by
 * that of the first step from there that violates its property for its cause (0: for any); and
 * *length to their number. *trace is NULL if there are none. Returns MODEL_OK; MODEL_ERROR with the error
 * filled in; or MODEL_REFINED: the model refined its steps, there is no such trace.
 */
enum model_status trace_by_steps(const struct model *model, const uint32_t *initial, const uint32_t *steps,
                                 size_t n, const struct finding *finding, struct model_label **trace,
                                 size_t *length, struct error *e);

/* The same; the ancestry tells which steps. */
enum model_status trace_recover(const struct model *model, const struct ancestry *ancestry,
                                const uint32_t *initial, const struct finding *finding,
                                struct model_label **trace, size_t *length, struct error *e);

#endif
