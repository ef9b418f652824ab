/* SPDX-License-Identifier: MIT */
/* What reviewers count: accesses to FPEXC and HCPTR, register files moved, traps, ISBs. */
#ifndef LAZYSWITCH_SIM_TALLY_H
#define LAZYSWITCH_SIM_TALLY_H

#include "model/world/machine.h"

enum cost_counter {
	COST_FPEXC_READS,
	COST_FPEXC_WRITES,
	COST_HCPTR_WRITES,
	COST_STORES,       /* times that all of D0-D31 went to memory, however many instructions it took */
	COST_LOADS,        /* times that all of D0-D31 came from memory */
	COST_D_STORES,     /* D registers that went to memory */
	COST_D_LOADS,      /* D registers that came from memory */
	COST_ISBS,         /* ISB instructions */
	COST_TRAPS,        /* FP instructions that trapped to Hyp mode or were UNDEFINED */
	COST_INSTRUCTIONS, /* all of them, kernel and guest; one that traps counts as one */
	COST_COUNTERS,
};
extern const char *const cost_counter_names[COST_COUNTERS];    /* "fpexc-reads", ... */
extern const char *const cost_counter_meanings[COST_COUNTERS]; /* one line each, for people */

/* Zeroed at first. */
struct tally {
	uint64_t count[COST_COUNTERS];
	uint32_t stored, loaded; /* D registers moved since the last whole file */
};

/* An event of a core. Instructions are not events: count[COST_INSTRUCTIONS] is the caller's. */
void tally_event(struct tally *tally, const struct machine *m, const struct cpu_event *event);

#endif
