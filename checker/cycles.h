/* SPDX-License-Identifier: MIT */
/* Liveness: runs without end in which nothing is achieved any more. */
#ifndef LAZYSWITCH_CHECKER_CYCLES_H
#define LAZYSWITCH_CHECKER_CYCLES_H

#include "checker/check.h"

/*
 * Searches for a run that makes no progress (model_transition.progress) from some point on, though it is fair: a
 * process that could make a step all the time from some point on makes steps again and again. In a finite system such
 * a run, if there is one, can go round in a cycle: that is what is looked for, exactly. It violates the
 * model's deadlock property, as a standstill does; standstills themselves are check_breadth_first()'s to find, and
 * steps that violate something are followed like any other.
 *
 * States are searched as they are, never by representative: a cycle of representatives would be one of states, but
 * who is who changes on the way round it, so that one process could starve where the quotient shows another.
 *
 * Of `options`: max_states, max_memory, timeout, progress, interrupt. Fills *result in every case (CHECK_FAIL: the
 * trace is the way to the cycle and once round it, from step result->loop on); the caller releases it with
 * check_result_free(). The cycle is the one whose first state is found first, so that no way to any is shorter. Returns
 * what check_breadth_first() does.
 */
int check_cycles(const struct model *model, const struct check_options *options, struct check_result *result,
                 struct error *e);

#endif
