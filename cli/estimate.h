/* SPDX-License-Identifier: MIT */
/* How much of a breadth-first search lies ahead: a guess from the sizes of the levels behind. */
#ifndef LAZYSWITCH_CLI_ESTIMATE_H
#define LAZYSWITCH_CLI_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Levels rise and fall much like a bell: the logarithms of their sizes lie near a parabola, so that the ratio of each to
 * the one before falls by about the same factor from level to level. Before the peak nothing tells how high it will be;
 * once levels shrink, ratio and factor tell what is to come. `levels` are those begun; `expanded` states are done.
 * Returns the states that are left, those of the last level included, or -1 if it is too early to say.
 */
double estimate_states_left(const uint64_t *levels, size_t n, uint64_t expanded);

#endif
