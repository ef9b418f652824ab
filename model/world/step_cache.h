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
	uint32_t place; /* of the node itself in its parent's row, or STEP_CACHE_NONE */
};

/*
 * A node as its parent's row has it, so that a walk looks at one place for each: its kind, one more than the binary
 * logarithm of the size of its row (0: no row), and its `what`; where its row begins or, of a leaf, its header; its number.
 */
struct branch {
	uint32_t head, first, node;
};

enum { BRANCH_SIZE_SHIFT = 2, BRANCH_WHAT_SHIFT = 6 };

static inline enum node_kind branch_kind(struct branch b)
{
	return (enum node_kind)(b.head & 3);
}

static inline uint32_t branch_size(struct branch b)
{
	return (1u << (b.head >> BRANCH_SIZE_SHIFT & 15)) >> 1;
}

static inline uint32_t branch_what(struct branch b)
{
	return b.head >> BRANCH_WHAT_SHIFT;
}

struct leaf {
	struct model_label label;
	uint32_t violated, cause;
	int wrote;      /* context whose FP data is new, or -1 */
	uint16_t fresh; /* where that new data is */
	bool ended, disabled, progress;
	uint8_t process;           /* whose step it is; see machine_process() */
	uint32_t writes, n_writes; /* range of `writes`; the header stands before it */
};

struct slot_write {
	uint32_t slot, number;
};

/* A leaf's header looks like a write: how many there are and, unless that is all, LEAF_IS_MORE; the leaf's index. */
enum { LEAF_IS_MORE = 1 << 16 };

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
	struct branch *rows; /* node 0, the root, is none */
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
		next = c->rows[c->branches[node].first + value].node;
		return next != STEP_CACHE_ROOT ? next : STEP_CACHE_NONE;
	}
	if (value < STEP_CACHE_ROW_MAX)
		return STEP_CACHE_NONE;
	return map_get(&c->edges, ((uint64_t)node + 1) << 32 | value, &next) ? next : STEP_CACHE_NONE;
}

/* Says what kind of node an unknown one is. Returns false if that is more than a branch can hold. */
bool step_cache_define(struct step_cache *c, uint32_t node, enum node_kind kind, uint32_t what);

/* A node as walks see it. */
struct branch step_cache_branch(const struct step_cache *c, uint32_t node);

/* step_cache_next() for walks; of kind NODE_UNKNOWN if there is none. */
static inline struct branch step_cache_walk(const struct step_cache *c, struct branch at, uint32_t value)
{
	uint32_t next;

	if (value < branch_size(at))
		return c->rows[at.first + value];
	next = step_cache_next(c, at.node, value);
	return next != STEP_CACHE_NONE ? step_cache_branch(c, next) : (struct branch){0};
}

/* The same as step_cache_next(), made if it is not there; STEP_CACHE_NONE when out of memory. */
uint32_t step_cache_extend(struct step_cache *c, uint32_t node, uint32_t value);

/* Adds a leaf and its writes; returns its index, or STEP_CACHE_NONE when out of memory. */
uint32_t step_cache_leaf(struct step_cache *c, const struct leaf *leaf, const struct slot_write *writes);

#endif
