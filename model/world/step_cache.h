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

/* Where a node's successors are. */
struct branches {
	uint32_t first, size; /* of its row, a power of two; 0: there is none */
	uint32_t used;        /* places of a list that are taken */
	uint32_t place;       /* of the node itself in its parent's row, or STEP_CACHE_NONE */
	bool direct;          /* places of the row are values; otherwise it is a list, to be searched */
};

/*
 * A node as its parent's row has it, so that a walk looks at one place for each: its kind, one more than the binary
 * logarithm of the size of its row (0: no row), whether that is direct, and its `what`; where its row begins or, of a leaf,
 * its header; its number; and the value that leads to it. Zeroed: nobody knows.
 */
struct branch {
	uint32_t head, first, node, value;
};

enum { BRANCH_SIZE_SHIFT = 2, BRANCH_DIRECT = 1 << 6, BRANCH_WHAT_SHIFT = 7 };

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
	struct branch *rows; /* of all nodes; node 0, the root, is in none */
	uint32_t n_rows, rows_capacity;
	struct map edges; /* (node + 1, value) -> node: what is too far out for a direct row */
	struct question *questions;
	uint32_t n_questions, questions_capacity;
};

enum { STEP_CACHE_ROOT = 0, STEP_CACHE_LIST_MAX = 8, STEP_CACHE_ROW_MAX = 512 };
#define STEP_CACHE_NONE UINT32_MAX

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

/* Says what kind of node an unknown one is. Returns false if that is more than a branch can hold. */
bool step_cache_define(struct step_cache *c, uint32_t node, enum node_kind kind, uint32_t what);

/* A node as walks see it. */
struct branch step_cache_branch(const struct step_cache *c, uint32_t node);

/* What is behind a node for a value read or an alternative chosen; of kind NODE_UNKNOWN if nobody knows. */
static inline struct branch step_cache_walk(const struct step_cache *c, struct branch at, uint32_t value)
{
	const struct branch *row = c->rows + at.first;
	uint32_t size = branch_size(at), next;

	if ((at.head & BRANCH_DIRECT) == 0) {
		/* Places that are not taken are behind the others. */
		for (uint32_t i = 0; i < size; i++) {
			if (row[i].value == value)
				return row[i];
		}
		return (struct branch){0};
	}
	if (value < size)
		return row[value];
	if (value >= STEP_CACHE_ROW_MAX && map_get(&c->edges, ((uint64_t)at.node + 1) << 32 | value, &next))
		return step_cache_branch(c, next);
	return (struct branch){0};
}

/* The number of that node, or STEP_CACHE_NONE. */
static inline uint32_t step_cache_next(const struct step_cache *c, uint32_t node, uint32_t value)
{
	uint32_t next = step_cache_walk(c, step_cache_branch(c, node), value).node;

	return next != STEP_CACHE_ROOT ? next : STEP_CACHE_NONE;
}

/* The same as step_cache_next(), made if it is not there; STEP_CACHE_NONE when out of memory. */
uint32_t step_cache_extend(struct step_cache *c, uint32_t node, uint32_t value);

/* Adds a leaf and its writes; returns its index, or STEP_CACHE_NONE when out of memory. */
uint32_t step_cache_leaf(struct step_cache *c, const struct leaf *leaf, const struct slot_write *writes);

#endif
