/* SPDX-License-Identifier: MIT */
/* A batch in a file, results included. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_RECORDED_H
#define LAZYSWITCH_TESTS_CONFORMANCE_RECORDED_H

#include "batch.h"

bool batch_save(const struct batch *b, const char *path, struct error *e);
/* `b` is to be freed in any case. */
bool batch_load(struct batch *b, const char *path, struct error *e);

#endif
