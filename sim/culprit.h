/* SPDX-License-Identifier: MIT */
/*
 * Whose fault was it? A violation is observed by an innocent instruction, the FP access of whoever reads the
 * wrong data. What did it is further back in the trace.
 */
#ifndef LAZYSWITCH_SIM_CULPRIT_H
#define LAZYSWITCH_SIM_CULPRIT_H

#include "model/world/machine.h"

struct culprit {
	const char *observer; /* "guest", "VMM thread", "plain thread", "host kernel", "Hyp mode"; static */
	uint32_t pc;          /* of the instruction to look at */
	const char *did;      /* what it did: "stored another's registers", ...; static */
};

/*
 * Replays a trace that ends in a violation of `property` and finds the instruction to blame:
 *
 *	fp-leak, fp-lost          the first that stored FP data into a save area where it does not belong (the early
 *	                          warnings); if there is none, the last that loaded registers before they were read, on
 *	                          that CPU; if there is none either, the last that wrote FPEXC there, and so let them be read
 *	fpexc-host, fpexc-guest   the last that wrote FPEXC before it was observed
 *	all others                the one that was at work
 *
 * A rule of thumb: the line that it names is where a person would begin to read. Returns 0, or -1 with `e` filled in if
 * the trace does not replay. A standstill has no culprit: pc is 0.
 */
int culprit_find(const struct world *world, const struct learnt *learnt, const struct model_label *trace,
                 size_t length, int property, struct culprit *culprit, struct error *e);

#endif
