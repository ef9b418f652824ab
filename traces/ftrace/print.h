/* SPDX-License-Identifier: MIT */
/* A run in the words of tracefs. */
#ifndef LAZYSWITCH_TRACES_FTRACE_PRINT_H
#define LAZYSWITCH_TRACES_FTRACE_PRINT_H

#include "traces/story.h"

/*
 * Replays a run, and prints what /sys/kernel/tracing/trace would have shown of it: one step is a millisecond. Each step, and a
 * violation, is a tracing_mark_write, too. `property`: that the last step violates, or -1. Returns 0, or -1 with `e` filled in;
 * whether all arrives is the stream's business.
 */
int ftrace_print(FILE *out, const struct world *world, const struct learnt *learnt,
                 const struct model_label *labels, size_t length, int property, const struct story *story,
                 struct error *e);

#endif
