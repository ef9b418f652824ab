/* SPDX-License-Identifier: MIT */
/* Follows a trace given as text; fails the test if that cannot be done. */
#ifndef LAZYSWITCH_TESTS_TRACES_FOLLOW_KIT_H
#define LAZYSWITCH_TESTS_TRACES_FOLLOW_KIT_H

#include "tests/world/system.h"
#include "traces/follow.h"

/* An image, and the world for it that a trace says. */
struct place {
	struct image *image;
	struct world *world;
};

struct place place_of(const char *variant, const struct trace *t);
void place_free(struct place *p);

/* On a variant that ships; free the result with followed_free(). */
struct followed follow_on(const char *variant, const char *text, const struct follow_options *options);
/* On load-only. */
struct followed follow(const char *text);

#endif
