/* SPDX-License-Identifier: MIT */
/* What a model learns about itself (MODEL_REFINED), learnt before the search rather than in it. */
#ifndef LAZYSWITCH_MODEL_WORLD_LEARN_H
#define LAZYSWITCH_MODEL_WORLD_LEARN_H

#include "../model.h"

/*
 * Walks at random from the initial state until a long walk teaches the model nothing new. Nearly all that can
 * be learnt shows soon; what is left, a search still finds. The seed is fixed. Returns MODEL_OK or
 * MODEL_ERROR.
 */
enum model_status learn_by_walking(const struct model *model, struct error *e);

#endif
