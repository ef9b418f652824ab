/* SPDX-License-Identifier: MIT */
/*
 * Was a proof vacuous? A property that nobody was ever in a position to violate, because what it judges never
 * happened, holds for a reason that has nothing to do with the code under check.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_VACUITY_H
#define LAZYSWITCH_MODEL_WORLD_VACUITY_H

#include "coverage.h"
#include "world.h"

struct vacuity {
	enum world_property property;
	const char *whom; /* "guests", "user threads": for them alone; NULL: for everybody */
	const char *why;  /* "no guest ever looked at its FPEXC" */
};

enum { VACUITIES_MAX = 3 * PROPERTIES };

/*
 * Of the properties in a set, those that hold vacuously in a search that was completed, and what was
 * recorded in it. Returns how many.
 */
unsigned vacuity_find(const struct world_config *config, const struct coverage *coverage, uint32_t properties,
                      struct vacuity found[VACUITIES_MAX]);

#endif
