/* SPDX-License-Identifier: MIT */
/*
 * What the collapsed system has come to know, in and out of a checkpoint: what was learnt about steps and names,
 * which permutations are symmetries, what the numbers in state vectors stand for, and what was covered. Steps that
 * are remembered are not kept, nor is what contents become when they are renamed or get old: making these once more needs no
 * contents that are not there.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_PERSIST_H
#define LAZYSWITCH_MODEL_WORLD_PERSIST_H

#include "../stream.h"
#include "steps.h"
#include "symmetry.h"

/* Returns 0, or -1 with `e` filled in by the sink. */
int persist_save(const struct steps *steps, const struct symmetry *symmetry, const struct sink *out,
                 struct error *e);

/*
 * Into steps and a symmetry of the same world that are as they were when they were made. Checks that everything is such
 * that no step can do harm, whoever wrote it. Returns 0, or -1 with `e` filled in; then both are only good for
 * being freed.
 */
int persist_restore(struct steps *steps, struct symmetry *symmetry, const struct source *in, struct error *e);

#endif
