/* SPDX-License-Identifier: MIT */
/* What is searched, as a person names it: the scheduler, or a variant in a system. */
#ifndef LAZYSWITCH_BENCH_SYSTEM_H
#define LAZYSWITCH_BENCH_SYSTEM_H

#include "model/cpu/image.h"
#include "model/world/collapsed.h"
#include "scheduler.h"

struct system {
	const struct model *model;
	uint32_t properties; /* that are searched for, a bit set */
	bool symmetric;      /* model->representative makes a difference */

	struct scheduler scheduler;
	struct image *image;
	struct world *world;
	struct collapsed *collapsed;
};

/*
 * Opens the system that the words name: "scheduler SIZE" (scheduler_sizes), or the name of a shipped variant and options of
 * `lazyswitch check` that describe a system. words[argc] is NULL. Returns 0, or -1 with `e` filled in. *s must stay where
 * it is until system_close().
 */
int system_open(struct system *s, int argc, char **words, struct error *e);
void system_close(struct system *s);

#endif
