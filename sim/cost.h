/* SPDX-License-Identifier: MIT */
/*
 * What a variant costs: fixed scenarios, executed on the machine itself, and what reviewers count in them
 * (reads and writes of FPEXC, switches of the register file, traps, ...). One CPU, one VMM thread, one vCPU;
 * the guest has turned FP on for itself; nobody else runs. The numbers are exact and the same on every run.
 */
#ifndef LAZYSWITCH_SIM_COST_H
#define LAZYSWITCH_SIM_COST_H

#include <stdbool.h>

#include "model/cpu/image.h"
#include "model/error.h"
#include "tally.h"

enum cost_scenario {
	COST_EXIT,         /* a guest that does not use FP exits to the kernel, and is entered again */
	COST_EXIT_FP,      /* the same for a guest that uses FP before and after: exit, entry, use */
	COST_EXIT_NEON_FP, /* the same, and the kernel uses NEON while it handles the exit */
	COST_FIRST_USE,    /* a guest's first use of FP since vcpu_load */
	COST_LOAD_PUT,     /* vcpu_load and vcpu_put alone; the guest has not used FP in between */
	COST_LOAD_PUT_FP,  /* the same; it has */
	COST_USERSPACE,    /* a guest that does not use FP exits to user space, and is entered again */
	COST_USERSPACE_FP, /* the same for a guest that uses FP before and after */
	COST_SCENARIOS,
};
extern const char *const cost_scenario_names[COST_SCENARIOS];    /* "exit", "exit-fp", ... */
extern const char *const cost_scenario_meanings[COST_SCENARIOS]; /* one line each, for people */

struct cost_row {
	bool known; /* the scenario came to its end: `count` is filled in */
	unsigned count[COST_COUNTERS];
	struct error why; /* if it did not: what happened instead */
};

struct cost {
	struct cost_row row[COST_SCENARIOS];
};

/*
 * Measures a variant. A scenario that the variant does not survive (it crashes, or hangs) is not known; one
 * in which it merely mixes up data is. Returns 0, or -1 with `e` filled in: out of memory, or an image that
 * does not boot.
 */
int cost_measure(const struct image *image, struct cost *cost, struct error *e);

#endif
