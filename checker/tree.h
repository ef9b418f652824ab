/* SPDX-License-Identifier: MIT */
/*
 * Tree compression (Blom, Lisser, van de Pol, Weber 2011; Laarman, van de Pol, Weber 2011): a state vector is
 * packed into lanes (layout.h); two lanes beside each other have a number, two such numbers have one, and so on, until two
 * are left: the root, which stands for the state. Equal states have equal roots, and a state comes back from its root. What
 * states have in common is stored once.
 */
#ifndef LAZYSWITCH_CHECKER_TREE_H
#define LAZYSWITCH_CHECKER_TREE_H

#include "checker/intern.h"
#include "checker/layout.h"

/* What a node numbers pairs of: leaf number i of lanes 2i and 2i + 1; others of the numbers of two nodes before them. */
struct tree_node {
	uint16_t left, right;
};

struct tree {
	struct layout layout;
	unsigned leaves, nodes; /* the last node is the root; with one lane there are none at all */
	struct tree_node *node; /* [nodes]; not of leaves */
	struct intern *numbers; /* [nodes]; unused at the root */
};

/* A state in the tree; a thread has one. */
struct tree_cursor {
	uint32_t *state;   /* [words] */
	uint64_t *lanes;   /* [lanes] */
	uint32_t *numbers; /* [nodes] */
};

/*
 * States whose roots are wanted, collected from several places of a cursor: looked up together, node by node, so that the
 * memory works on all of them at once. What is the same as in the cursor's state is not looked up at all.
 */
enum { TREE_BATCH = 32 };

/* A number that is looked for. */
struct tree_request {
	struct intern_key key;
	uint32_t tag;
	uint32_t state; /* of the batch */
};

struct tree_batch {
	unsigned n;
	uint64_t *lanes;    /* [TREE_BATCH * lanes]: of each state */
	uint32_t *numbers;  /* [nodes * TREE_BATCH]: the cursor's, until the wanted ones are found */
	uint8_t *wanted;    /* [nodes * TREE_BATCH]: states that have another than the cursor had */
	unsigned *n_wanted; /* [nodes] */
	unsigned *differs;  /* [nodes]: of the state added last */
	struct tree_request *requests; /* [nodes * TREE_BATCH] */
	uint64_t roots[TREE_BATCH];
};

#define TREE_UNKNOWN UINT32_MAX

/* Returns false when out of memory: then there is nothing to be freed. */
bool tree_init(struct tree *tree, const uint32_t *greatest, size_t words);
void tree_free(struct tree *tree);

bool tree_cursor_init(struct tree_cursor *cursor, const struct tree *tree);
void tree_cursor_free(struct tree_cursor *cursor);
bool tree_batch_init(struct tree_batch *batch, const struct tree *tree);
void tree_batch_free(struct tree_batch *batch);

/* Fetches what going to a root will need first. */
void tree_prefetch(const struct tree *tree, uint64_t root);
/* Goes to the state of a root. Any number of threads. */
void tree_go(const struct tree *tree, struct tree_cursor *cursor, uint64_t root);
/* Goes to the vector of zeros, which has no root: what any state can be derived from. */
void tree_go_nowhere(const struct tree *tree, struct tree_cursor *cursor);

/* Empties it. */
void tree_batch_clear(const struct tree *tree, struct tree_batch *batch);

/*
 * Adds a state that differs, a little or much, from the cursor's; there must be room. `changed`: the numbers of the words
 * that may differ, in any order; NULL: all may. Returns false, and adds nothing, if one of its words has more bits than
 * the layout gives it. Any number of threads.
 */
bool tree_batch_add(const struct tree *tree, const struct tree_cursor *cursor, struct tree_batch *batch,
                    const uint32_t *state, const uint16_t *changed, size_t n_changed);

/*
 * Finds the roots of all in the batch, which keep their places. To be called once. Returns false if a table is full: tree_grow(). A root
 * is below 2^63 if there is one lane; otherwise it is two numbers, the left one in the upper half. Any number of threads.
 */
bool tree_batch_roots(struct tree *tree, struct tree_batch *batch);

/* Is this a key that the node could have? For keys that come from a file; those of the nodes before it are there. */
bool tree_key_is_sound(const struct tree *tree, unsigned node, struct intern_key key);
bool tree_root_is_sound(const struct tree *tree, uint64_t root);

/* Makes room in every table that is crowded. Alone. Returns false when out of memory. */
bool tree_grow(struct tree *tree);
/* The bytes that it takes: none if none is. */
size_t tree_growth(const struct tree *tree);

/* The bits of roots' halves that are in use now: of numbers, or of the only lane (then *right is 0). */
void tree_root_bits(const struct tree *tree, unsigned *left, unsigned *right);

size_t tree_bytes(const struct tree *tree);

#endif
