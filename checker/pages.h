/* SPDX-License-Identifier: MIT */
/*
 * Zeroed memory for large tables. They are looked into at random, one page after the other: with huge pages, of 2 MiB, the
 * translation of addresses is at hand more often. A table that is hardly filled is better off without.
 */
#ifndef LAZYSWITCH_CHECKER_PAGES_H
#define LAZYSWITCH_CHECKER_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* NULL when out of memory. */
void *pages_new(size_t bytes, bool huge);
/* `bytes` as they were asked for; NULL is allowed. */
void pages_free(void *memory, size_t bytes);

#endif
