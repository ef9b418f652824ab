/* SPDX-License-Identifier: MIT */
/*
 * Steps remembered. A step is a deterministic function of the slots that it reads
 * and the choices that it is given, so the steps from all states form one decision
 * tree: an inner node reads a slot or makes a choice, a leaf is a result. Walking
 * it replaces executing instructions.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_STEP_CACHE_H
#define LAZYSWITCH_MODEL_WORLD_STEP_CACHE_H

#include "../model.h"
#include "map.h"

enum node_kind {
	NODE_UNKNOWN, /* nobody has been here yet */
	NODE_READ,    /* what = slot */
	NODE_CHOICE,  /* what = a question, see step_cache_question() */
	NODE_LEAF,    /* what = index into leaves */
};

struct node {
	enum node_kind kind;
	uint32_t what;
};

/* Where a node's successors are: of values below `size` in a row, of others in a map. */
struct branches {
	uint32_t first, size;
};

struct leaf {
	struct model_label label;
	uint32_t violated, cause;
	int wrote;      /* context whose FP data is new, or -1 */
	uint16_t fresh; /* where that new data is */
	bool ended, disabled, progress;
	uint8_t process;           /* whose step it is; see machine_process() */
	uint32_t writes, n_writes; /* range of `writes` */
};

struct slot_write {
	uint32_t slot, number;
};

/* What can be asked: a question, and what its alternatives mean. */
struct question {
	uint32_t asked; /* enum world_question */
	uint32_t alternatives;
	uint32_t meaning[UINT8_MAX];
};

struct step_cache {
	struct node *nodes;
	uint32_t n_nodes, nodes_capacity;
	struct leaf *leaves;
	uint32_t n_leaves, leaves_capacity;
	struct slot_write *writes;
	uint32_t n_writes, writes_capacity;
	struct branches *branches; /* of each node */
	uint32_t branches_capacity;
	uint32_t *rows; /* nodes; 0, the root, is none */
	uint32_t n_rows, rows_capacity;
	struct map edges; /* (node + 1, value) -> node */
	struct question *questions;
	uint32_t n_questions, questions_capacity;
};

enum { STEP_CACHE_ROOT = 0, STEP_CACHE_ROW_MAX = 512, STEP_CACHE_NONE = UINT32_MAX };

/* Makes the root. Returns false when out of memory. */
bool step_cache_init(struct step_cache *c);
void step_cache_free(struct step_cache *c);
size_t step_cache_memory(const struct step_cache *c);

/* The alternatives of a choice node, and which question of `questions` it asks. */
static inline uint32_t node_alternatives(struct node node)
{
	return node.what & UINT8_MAX;
}

static inline uint32_t node_question(struct node node)
{
	return node.what >> 8;
}

/*
 * The `what` of a choice node that asks this: the question's number, and below it the number of alternatives.
 * STEP_CACHE_NONE when out of memory. `meanings` NULL: each alternative means itself.
 */
uint32_t step_cache_question(struct step_cache *c, uint32_t asked, const uint32_t *meanings,
                             uint32_t alternatives);

/* The node behind `node` for a value read or an alternative chosen, or STEP_CACHE_NONE. */
static inline uint32_t step_cache_next(const struct step_cache *c, uint32_t node, uint32_t value)
{
	uint32_t next;

	if (value < c->branches[node].size) {
		next = c->rows[c->branches[node].first + value];
		return next != STEP_CACHE_ROOT ? next : STEP_CACHE_NONE;
	}
	if (value < STEP_CACHE_ROW_MAX)
		return STEP_CACHE_NONE;
	return map_get(&c->edges, ((uint64_t)node + 1) << 32 | value, &next) ? next : STEP_CACHE_NONE;
}

/* The same, made if it is not there; STEP_CACHE_NONE when out of memory. */
uint32_t step_cache_extend(struct step_cache *c, uint32_t node, uint32_t value);

/* Adds a leaf and its writes; returns its index, or STEP_CACHE_NONE when out of memory. */
uint32_t step_cache_leaf(struct step_cache *c, const struct leaf *leaf, const struct slot_write *writes);

#endif
