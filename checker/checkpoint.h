/* SPDX-License-Identifier: MIT */
/* A search between two chunks, in a checkpoint file (checkpoint_file.h) and back. */
#ifndef LAZYSWITCH_CHECKER_CHECKPOINT_H
#define LAZYSWITCH_CHECKER_CHECKPOINT_H

#include "checker/checkpoint_file.h"
#include "checker/search.h"

/* Writes options->checkpoint. Returns 0, or -1 with `e` filled in; then the file is what it was before. */
int checkpoint_save(struct search *s, double seconds, struct error *e);

/*
 * Makes the search what it was when options->resume was written; *seconds: how long it had taken. The search must be fresh.
 * Nothing in the file is believed. Returns 0, or -1 with `e` filled in: then the search is only good for being freed.
 */
int checkpoint_resume(struct search *s, double *seconds, struct error *e);

/*
 * Sections that checkpoints of distributed searches have, too: "model", and "findings", of which there are n, in states with
 * numbers below `states`.
 */
int checkpoint_put_model(struct checkpoint_writer *w, const struct model *model, struct error *e);
int checkpoint_put_findings(struct checkpoint_writer *w, const struct findings *findings, struct error *e);
int checkpoint_get_findings(struct checkpoint_reader *r, struct search *s, uint64_t n, uint64_t states,
                            struct error *e);

#endif
