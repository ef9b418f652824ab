/* SPDX-License-Identifier: MIT */
/*
 * Does it matter who is who? Each new step is made again by those who take each other's places, and must come
 * out the same but for the names. Where it does not, either a number was taken for what it is not, and what
 * it is is remembered, or those permutations are given up; the search starts again.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_COMMUTE_H
#define LAZYSWITCH_MODEL_WORLD_COMMUTE_H

#include "steps.h"
#include "symmetry.h"

/* Whom the alternatives of a question name. */
enum name_kind commute_names(enum world_question question);

/*
 * Compares the step that `steps` made last, if it is a new one, with what it is under each generator of the
 * symmetry, and so on for those that are new, too. Returns MODEL_OK; MODEL_REFINED: something was learnt, and
 * the steps are forgotten; or MODEL_ERROR with `e` filled in.
 */
enum model_status commute_check(struct steps *steps, struct symmetry *symmetry, struct error *e);

#endif
