/* SPDX-License-Identifier: MIT */
/*
 * Random walks: one run of the machine after the other, each from boot, with choices drawn by weight. What one context decides in one kind of
 * choice is drawn from a stream of its own, so that walks on different variants hear the same decisions in the same order, however many others
 * there are in between.
 */
#ifndef LAZYSWITCH_SIM_WALK_H
#define LAZYSWITCH_SIM_WALK_H

#include "tally.h"
#include "workload.h"

/* Where something was counted. */
enum walk_place {
	WALK_WORLD_SWITCH, /* Hyp mode and the guest: an exit, what it costs, the next entry */
	WALK_LOAD_PUT,     /* kvm_arch_vcpu_load and kvm_arch_vcpu_put */
	WALK_HOST,         /* everything else: thread switches, the host's own VFP code, user programs */
	WALK_PLACES,
};

struct walk_options {
	const struct workload *workload; /* NULL: uniform */
	uint64_t seed;
	uint64_t steps;          /* of all walks together */
	uint64_t walk_steps;     /* of one walk, at most */
	uint32_t properties;     /* a violation of one of these ends it all; set */
	bool (*stop)(void *arg); /* asked now and then; may be NULL */
	void *stop_arg;
};

struct walk_result {
	uint64_t walks, steps;
	uint64_t exits;      /* times that a guest was interrupted, or had to be emulated */
	uint64_t loads_puts; /* pairs */
	uint64_t
	        crashes; /* walks that ended because nothing could go on, of properties that were not asked for */
	struct tally tally[WALK_PLACES];
	bool stopped; /* by `stop` */

	/* Of the violation, if there is one. */
	int property;               /* -1: none */
	bool standstill;            /* no CPU can do anything: `violation` is empty */
	struct violation violation; /* what was seen */
	struct model_label *labels; /* the walk, violating step included */
	size_t length;
	struct learnt *learnt; /* where steps end */
};

/* Returns 0, or -1 with `e` filled in: out of memory, or the machine cannot go on. To be freed in both cases. */
int walk_run(const struct world *world, const struct walk_options *options, struct walk_result *result,
             struct error *e);
void walk_free(struct walk_result *result);

#endif
