/* SPDX-License-Identifier: MIT */
/* Representatives as far as the symmetry knows what its permutations do. Any number of threads, each with a reader of its own. */
#ifndef LAZYSWITCH_MODEL_WORLD_SYMMETRY_READER_H
#define LAZYSWITCH_MODEL_WORLD_SYMMETRY_READER_H

#include "symmetry.h"

struct symmetry_reader;

/* NULL when out of memory. */
struct symmetry_reader *symmetry_reader_new(void);
void symmetry_reader_free(struct symmetry_reader *reader);

/*
 * symmetry_representative(): MODEL_OK; MODEL_ITSELF, if it is the state; or MODEL_UNKNOWN, if something would have to be found
 * out.
 */
enum model_status symmetry_recall(const struct symmetry *s, struct symmetry_reader *reader,
                                  const uint32_t *state, uint32_t *representative);

#endif
