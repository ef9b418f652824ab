/* SPDX-License-Identifier: MIT */
/*
 * Where the emulated core departs from the architecture in what an FP instruction may do, or makes another choice where the architecture
 * leaves one: a table, each row with what it sees, or reports, instead. From that follows the whole state that it ends a case with (predict.h).
 */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_DEPARTURES_H
#define LAZYSWITCH_TESTS_CONFORMANCE_DEPARTURES_H

#include "layout.h"
#include "model/cpu/insn.h"

enum { DEPARTURES_MAX = 16 };

struct departure {
	const char *name;
	const char *section; /* of DDI 0406C, for what it departs from */
	/* Rewrites a case's entry to what the emulated core goes by; NULL if it goes by what is there. */
	void (*sees)(uint32_t in[STATE_WORDS], const struct insn *insn);
	/* Rewrites a case's end to what it leaves. */
	void (*leaves)(uint32_t end[STATE_WORDS]);
};

extern const struct departure departures[];
extern const unsigned n_departures;

#define ALL_DEPARTURES ((1u << n_departures) - 1)

/* For any case: what our machine ends with, as the emulated core reports it in HSR. */
void departures_report(uint32_t end[STATE_WORDS]);

#endif
