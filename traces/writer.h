/* SPDX-License-Identifier: MIT */
/*
 * Writes trace files, version 1: docs/reference/trace-format.md. What is written, reader.h
 * reads, and what was read and followed is written as it was.
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
	bool all;            /* other violations on the way do not end the run: found with check --all */
	const char *comment; /* whole lines, each beginning with '#'; NULL: none */
};

/*
 * Writes the trace file `path`, which lies in `directory`; makes the directory if it is missing. The file
 * appears whole or not at all. Returns 0, or -1 with `e` filled in.
 */
int trace_write(const char *directory, const char *path, const struct trace_header *header,
                const struct story *story, struct error *e);

/* Writes the same text to a stream; whether it arrives is the stream's business. */
void trace_print(FILE *f, const struct trace_header *header, const struct story *story);

/* The same as a string, which the caller frees; NULL when out of memory. */
char *trace_text(const struct trace_header *header, const struct story *story);

#endif
