/* SPDX-License-Identifier: MIT */
/* A directory of expectations files and traces. */
#ifndef LAZYSWITCH_CLI_CORPUS_H
#define LAZYSWITCH_CLI_CORPUS_H

#include "model/error.h"

/*
 * Calls `found` for each file in the directory and those below it whose name ends in .expect or .trace, in
 * the order of their names; stops at the first that returns non-zero. Names that begin with a dot are left
 * out. Returns 0, or -1 with `e` filled in.
 */
int corpus_walk(const char *directory, int (*found)(void *arg, const char *name, struct error *e), void *arg,
                struct error *e);

#endif
