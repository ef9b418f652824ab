/* SPDX-License-Identifier: MIT */
/*
 * Memory that one thread writes to, apart from what others do: two threads that write to one cache line, each to its own
 * part, are as slow as if they shared it.
 */
#ifndef LAZYSWITCH_MODEL_APART_H
#define LAZYSWITCH_MODEL_APART_H

#include <stdint.h>
#include <stdlib.h>

/* Two lines: they are fetched in pairs. */
enum { APART_BYTES = 128 };

/* Zeroed, and nothing else comes close behind it. NULL when out of memory; to be released with free(). */
static inline void *apart_new(size_t count, size_t size)
{
	return count <= (SIZE_MAX - APART_BYTES) / size ? calloc(1, count * size + APART_BYTES) : NULL;
}

#endif
