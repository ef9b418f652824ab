/* SPDX-License-Identifier: MIT */
/* The parts of a checkpoint that a rank reads, before their states are sorted out (shard_resume.c). Nothing in them is believed. */
#ifndef LAZYSWITCH_CHECKER_SHARD_PARTS_H
#define LAZYSWITCH_CHECKER_SHARD_PARTS_H

#include "checker/checkpoint_file.h"
#include "checker/distributed/shard.h"
#include "checker/distributed/shard_file.h"

struct part {
	struct checkpoint_reader *file;
	struct shard_counts counts;
};

struct reading {
	struct shard *x;
	const char *path;
	struct shard_parts names;
	struct part *parts;
	size_t n;
	size_t at;      /* the part that is being read */
	uint64_t claim; /* of the next state: they need not be told apart */
	uint8_t *bytes; /* a section */
	size_t size;
};

/* What functions here return when they fail: -1, with the search's error filled in. */
int parts_wrong(const struct reading *r, const char *what);
int parts_no_memory(const struct reading *r);

/*
 * Opens this rank's parts, and reads what stands before their states: the search is what they say, but for the states. To be closed in
 * either case.
 */
int parts_open(struct reading *r);
void parts_close(struct reading *r);

/* Have all ranks read of the same search? They find out together; the outcome is set if not. */
bool parts_alike(struct reading *r);

/* The next section of a stream, into r->bytes: n bytes. Returns how many states it says it has, or -1. */
int64_t parts_section(struct reading *r, struct part *p, const char *name, size_t *n);

/* The lineages, at the end of each part, and a new one that will grow. */
int parts_lineages(struct reading *r);

#endif
