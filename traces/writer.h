/* SPDX-License-Identifier: MIT */
/*
 * Trace files. A trace file is text: a version line, lines of configuration,
 * an empty line, then one line a step.
 *
 *	lazyswitch-trace 1
 *	variant no-put                     as named on the command line
 *	image xxh3 6f1ed002ab5595859       hash of the ELF file
 *	cpus 2 / vms 2 / vcpus 1 / threads 1 / env none | name,...
 *	endian little | big
 *	property fpexc-host                what the last step violates
 *	searched name,...                  what was searched for
 *	shared 0x100                       how steps were cut: slot classes found shared,
 *	closing 1043                       and, one a line, instructions before which steps end,
 *	                                   counted in words from the start of the code
 *
 *	cpu0 idle0 wake pick=vmm0 @ user_choose
 *
 * A step: the CPU; who runs there; the action; every other choice as name=value, in the order in which it is
 *made; behind @ where the CPU stands afterwards, for people. Behind a # is a comment.
 */
#ifndef LAZYSWITCH_TRACES_WRITER_H
#define LAZYSWITCH_TRACES_WRITER_H

#include "story.h"

struct trace_header {
	const char *variant;
	uint64_t hash;
	const struct world *world;
	enum world_property property;
	uint32_t searched; /* set of properties */
	const struct learnt *learnt;
};

/*
 * Writes the trace file `path`, which lies in `directory`; makes the directory if it is missing. The file
 * appears whole or not at all. Returns 0, or -1 with `e` filled in.
 */
int trace_write(const char *directory, const char *path, const struct trace_header *header,
                const struct story *story, struct error *e);

#endif
