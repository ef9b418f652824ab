/* SPDX-License-Identifier: MIT */
/*
 * A distributed search in files: one that says which parts there are, options->checkpoint, and beside it one for each rank's part.
 * Parts have new names each time, FILE.<16 hex digits>-RANK, and the file that names them is replaced when all are on the disk:
 * whatever is killed in between, it names parts that are whole and of one moment.
 *
 * Sections of a part (checker/checkpoint_file.h):
 *
 *   counts     struct shard_counts
 *   levels     their numbers of states
 *   model      what the model has learnt; the same in all parts, and so are the three below
 *   initial    the initial state
 *   findings   as in other checkpoints (checker/checkpoint.h)
 *   states     how many states, and a stream of them (wire.h): the visited ones, in any order; again until there are none
 *   queue      the same of those that wait, in order, with their numbers as tags
 *   lineage    entries of one lineage (lineage.h); counts.lineages times
 */
#ifndef LAZYSWITCH_CHECKER_SHARD_FILE_H
#define LAZYSWITCH_CHECKER_SHARD_FILE_H

#include <stddef.h>
#include <stdint.h>

/* What the file that names the parts says, in its only section, "parts". */
struct shard_parts {
	uint64_t id, parts;
	uint64_t count; /* states, over all parts */
};

struct shard_counts {
	uint64_t count, expanded, level_end, words, findings, levels,
	        lineages;                      /* count to level_end: of all parts */
	uint64_t transitions, states, waiting; /* of this one */
	uint32_t depth, restarts;
	double seconds;
};

/* The name of a part, and what it belongs to. The caller frees both; NULL when out of memory. */
char *shard_part_name(const char *file, uint64_t id, uint64_t part);
char *shard_part_identity(const char *identity, uint64_t id, uint64_t part, uint64_t parts);

/* Removes a part. */
void shard_remove_part(const char *file, uint64_t id, uint64_t part);
/* Removes all parts beside a file but those with this id, finished or not: leftovers, or not needed any more. */
void shard_remove_parts(const char *file, uint64_t but);

#endif
