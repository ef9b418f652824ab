/* SPDX-License-Identifier: MIT */
/* A run without end: a path to a component, and a fair cycle in it. */
#ifndef LAZYSWITCH_CHECKER_LASSO_H
#define LAZYSWITCH_CHECKER_LASSO_H

#include "checker/components.h"

/*
 * Sets *trace, which the caller frees, to the shortest path from the initial state to the first state of `component`,
 * *loop steps long, and from there on round a short cycle in which every process makes a step or is somewhere
 * unable to; *length to the number of all steps. Returns MODEL_OK; MODEL_ERROR with the error filled in; or
 * MODEL_REFINED: the model refined its steps, there is no such run.
 */
enum model_status lasso_make(const struct graph *graph, const struct component *component,
                             struct model_label **trace, size_t *length, size_t *loop, struct error *e);

#endif
