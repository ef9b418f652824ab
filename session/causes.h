/* SPDX-License-Identifier: MIT */
/* All that a search with --all has found, one of each cause: property, observer, and the line to blame. */
#ifndef LAZYSWITCH_SESSION_CAUSES_H
#define LAZYSWITCH_SESSION_CAUSES_H

#include "checker/check.h"
#include "sim/culprit.h"
#include "traces/story.h"

struct cause {
	enum world_property property;
	struct culprit culprit;
	struct story *story; /* the shortest trace, replayed */
	char *trace_file;    /* where it was written; NULL: nowhere */
};

struct causes {
	struct cause *list; /* shortest first */
	size_t n;
};

/*
 * Sorts what a search has found by cause. Returns 0, or -1 with `e` filled in if a trace does not replay, or
 * when out of memory. To be freed with causes_free() in either case.
 */
int causes_collect(struct causes *causes, const struct world *world, const struct learnt *learnt,
                   const struct check_result *result, struct error *e);
void causes_free(struct causes *causes);

/* "v3.S:55 kvm_arch_vcpu_put+0x24", as much of it as is known: where an instruction is. */
const char *causes_place(const struct image *image, uint32_t pc, char *buf, size_t size);
/* The same of what a cause blames; "-": nothing. */
const char *causes_where(const struct world *world, const struct cause *cause, char *buf, size_t size);

#endif
