/* SPDX-License-Identifier: MIT */
/* How the emulated core ends a case, foretold: our machine, if it had departures of the table. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_PREDICT_H
#define LAZYSWITCH_TESTS_CONFORMANCE_PREDICT_H

#include "replay.h"

/*
 * The end of a case of one FP instruction with the departures of a set: with none it is our machine's. The words that the
 * instruction does not change keep the case's values, whatever was seen instead. `acted` gets those that have changed anything.
 */
enum replay_end predict(const struct image *image, const struct conformance_case *c, unsigned set,
                        unsigned *acted, uint32_t end[STATE_WORDS], uint8_t *window, struct error *e);

#endif
