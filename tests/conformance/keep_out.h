/* SPDX-License-Identifier: MIT */
/*
 * What no random case may contain: where the emulated core departs from the architecture and what follows could not be foretold, is another
 * implementation of it, or where the architecture says nothing. The table in docs/explanation/fidelity.md has the reasons, and the sections of the manual.
 */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_KEEP_OUT_H
#define LAZYSWITCH_TESTS_CONFORMANCE_KEEP_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cpu/cpu.h"
#include "model/cpu/insn.h"

/* An exclusive load of so many bytes, and nothing since that leaves the monitor's state open. */
struct monitor {
	bool open;
	unsigned bytes;
};

/* An instruction before it is executed. `value`: of the register that it names as its first. */
bool keep_out_insn(const struct insn *in, const struct cpu *cpu, uint32_t value,
                   const struct monitor *monitor);

/* After it has taken an exception from a mode: does that say nothing? */
bool keep_out_exception(const struct insn *in, uint32_t mode);

/* Is any of the bits set that mean nothing in an SPSR (B1.3.3)? They are kept here; the emulator drops them. */
bool keep_out_spsr(const struct cpu *cpu);

#endif
