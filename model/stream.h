/* SPDX-License-Identifier: MIT */
/*
 * Bytes on their way into something and out of it: how a model is saved and restored without knowing where
 * to. What is written on one machine is read on machines of the same byte order and word size only: that is
 * for whoever keeps the bytes to ensure.
 */
#ifndef LAZYSWITCH_MODEL_STREAM_H
#define LAZYSWITCH_MODEL_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct sink {
	void *arg;
	/* Takes n bytes. Returns 0, or -1 with `e` filled in; then the sink is good for nothing any more. */
	int (*write)(void *arg, const void *bytes, size_t n, struct error *e);
};

struct source {
	void *arg;
	/* Gives exactly n bytes. Returns 0, or -1 with `e` filled in: there are not that many, or not sound.
	 */
	int (*read)(void *arg, void *bytes, size_t n, struct error *e);
	/* No more than so many bytes are left: who allocates by a number that was read asks before. */
	uint64_t (*left)(void *arg);
};

static inline int sink_write(const struct sink *s, const void *bytes, size_t n, struct error *e)
{
	return n == 0 ? 0 : s->write(s->arg, bytes, n, e);
}

static inline int source_read(const struct source *s, void *bytes, size_t n, struct error *e)
{
	return n == 0 ? 0 : s->read(s->arg, bytes, n, e);
}

#endif
