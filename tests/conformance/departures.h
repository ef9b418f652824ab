/* SPDX-License-Identifier: MIT */
/*
 * Where the emulated core departs from the architecture, is another implementation of it, or where the architecture says nothing: what no case
 * may contain, and what is not compared. The table in docs/fidelity.md has the reasons, and the sections of the manual.
 */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_DEPARTURES_H
#define LAZYSWITCH_TESTS_CONFORMANCE_DEPARTURES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cpu/cpu.h"
#include "model/cpu/insn.h"

/* An exclusive load of so many bytes, and nothing since that leaves the monitor's state open. */
struct monitor {
	bool open;
	unsigned bytes;
};

/* Before it is executed: may no case contain it in this state? `value`: of the register that it names as its first. */
bool departures_keep_out(const struct insn *in, const struct cpu *cpu, uint32_t value,
                         const struct monitor *monitor);

/* After it has taken an exception from a mode: does that say nothing? */
bool departures_no_evidence(const struct insn *in, uint32_t mode);

/* Is any of the bits set that mean nothing in an SPSR (B1.3.3)? They are kept here; the emulator drops them. */
bool departures_reserved_in_spsr(const struct cpu *cpu);

/* Are the two values of a word of the state the same, as far as the architecture says (B3.13.6 for HSR)? */
bool departures_same_word(unsigned word, uint32_t ours, uint32_t theirs);

#endif
