/* SPDX-License-Identifier: MIT */
#include "checker/tree.h"

#include <stdlib.h>
#include <string.h>

#include "model/apart.h"

/* Pairs neighbours, level by level; an odd one out is paired one level up. */
static bool make_shape(struct tree *tree)
{
	unsigned node = tree->leaves, n = tree->leaves;
	uint16_t *waiting = calloc(n + 1, sizeof(*waiting)); /* nodes without a parent */

	if (!waiting)
		return false;
	for (unsigned i = 0; i < n; i++)
		waiting[i] = (uint16_t)i;
	while (n > 1) {
		unsigned kept = 0;

		for (unsigned i = 0; i + 1 < n; i += 2) {
			tree->node[node] = (struct tree_node){waiting[i], waiting[i + 1]};
			waiting[kept++] = (uint16_t)node++;
		}
		if (n % 2 != 0)
			waiting[kept++] = waiting[n - 1];
		n = kept;
	}
	free(waiting);
	return true;
}

bool tree_init(struct tree *tree, const uint32_t *greatest, size_t words)
{
	unsigned lanes;
	bool made;

	*tree = (struct tree){0};
	if (!layout_init(&tree->layout, greatest, words))
		return false;
	lanes = tree->layout.lanes;
	tree->leaves = lanes == 1 ? 0 : lanes / 2;
	tree->nodes = lanes == 1 ? 0 : 2 * tree->leaves - 1;
	tree->node = calloc(tree->nodes + 1, sizeof(*tree->node));
	tree->numbers = calloc(tree->nodes + 1, sizeof(*tree->numbers));
	made = tree->node && tree->numbers && make_shape(tree);
	for (unsigned i = 0; made && i + 1 < tree->nodes; i++)
		made = intern_init(&tree->numbers[i]);
	if (!made)
		tree_free(tree);
	return made;
}

void tree_free(struct tree *tree)
{
	for (unsigned i = 0; tree->numbers && i + 1 < tree->nodes; i++)
		intern_free(&tree->numbers[i]);
	layout_free(&tree->layout);
	free(tree->node);
	free(tree->numbers);
	*tree = (struct tree){0};
}

bool tree_cursor_init(struct tree_cursor *cursor, const struct tree *tree)
{
	*cursor = (struct tree_cursor){0};
	cursor->state = apart_new(tree->layout.words, sizeof(*cursor->state));
	cursor->lanes = apart_new(tree->layout.lanes, sizeof(*cursor->lanes));
	cursor->numbers = apart_new(tree->nodes + 1, sizeof(*cursor->numbers));
	if (cursor->state && cursor->lanes && cursor->numbers)
		return true;
	tree_cursor_free(cursor);
	return false;
}

void tree_cursor_free(struct tree_cursor *cursor)
{
	free(cursor->state);
	free(cursor->lanes);
	free(cursor->numbers);
	*cursor = (struct tree_cursor){0};
}

bool tree_batch_init(struct tree_batch *batch, const struct tree *tree)
{
	size_t places = (size_t)TREE_BATCH * (tree->nodes + 1);

	*batch = (struct tree_batch){0};
	batch->lanes = apart_new((size_t)TREE_BATCH * tree->layout.lanes, sizeof(*batch->lanes));
	batch->numbers = apart_new(places, sizeof(*batch->numbers));
	batch->wanted = apart_new(places, sizeof(*batch->wanted));
	batch->n_wanted = apart_new(tree->nodes + 1, sizeof(*batch->n_wanted));
	batch->differs = apart_new(tree->nodes + 1, sizeof(*batch->differs));
	batch->requests = apart_new(places, sizeof(*batch->requests));
	if (batch->lanes && batch->numbers && batch->wanted && batch->n_wanted && batch->differs &&
	    batch->requests)
		return true;
	tree_batch_free(batch);
	return false;
}

void tree_batch_free(struct tree_batch *batch)
{
	free(batch->lanes);
	free(batch->numbers);
	free(batch->wanted);
	free(batch->n_wanted);
	free(batch->differs);
	free(batch->requests);
	*batch = (struct tree_batch){0};
}

void tree_batch_clear(const struct tree *tree, struct tree_batch *batch)
{
	batch->n = 0;
	for (unsigned i = 0; i < tree->nodes; i++)
		batch->n_wanted[i] = 0;
}

void tree_prefetch(const struct tree *tree, uint64_t root)
{
	if (tree->nodes == 0)
		return;
	__builtin_prefetch(&tree->numbers[tree->node[tree->nodes - 1].left].keys[root >> 32]);
	__builtin_prefetch(&tree->numbers[tree->node[tree->nodes - 1].right].keys[(uint32_t)root]);
}

void tree_go(const struct tree *tree, struct tree_cursor *cursor, uint64_t root)
{
	if (tree->nodes == 0) {
		cursor->lanes[0] = root;
	} else {
		const struct tree_node *top = &tree->node[tree->nodes - 1];

		cursor->numbers[top->left] = (uint32_t)(root >> 32);
		cursor->numbers[top->right] = (uint32_t)root;
		for (unsigned i = tree->nodes - 1; i-- > 0;) {
			const struct intern_key key = tree->numbers[i].keys[cursor->numbers[i]];

			if (i >= tree->leaves) {
				cursor->numbers[tree->node[i].left] = (uint32_t)key.a;
				cursor->numbers[tree->node[i].right] = (uint32_t)key.b;
			} else {
				cursor->lanes[2 * i] = key.a;
				cursor->lanes[2 * i + 1] = key.b;
			}
		}
	}
	layout_unpack(&tree->layout, cursor->lanes, cursor->state);
}

void tree_go_nowhere(const struct tree *tree, struct tree_cursor *cursor)
{
	memset(cursor->state, 0, tree->layout.words * sizeof(*cursor->state));
	memset(cursor->lanes, 0, tree->layout.lanes * sizeof(*cursor->lanes));
	for (unsigned i = 0; i < tree->nodes; i++)
		cursor->numbers[i] = TREE_UNKNOWN; /* every node is looked for */
}

/* The number of a node of a state in the batch. */
static inline uint32_t *number_at(const struct tree_batch *batch, unsigned node, unsigned state)
{
	return &batch->numbers[node * TREE_BATCH + state];
}

/*
 * A node's number is the cursor's, or wanted if the node differs. Which nodes differ cannot be predicted, and a branch that
 * is predicted wrong costs as much as the rest of this: there is none, a list grows by one or by nothing.
 */
static inline void note(struct tree_batch *batch, const struct tree_cursor *cursor, unsigned node,
                        unsigned differs)
{
	*number_at(batch, node, batch->n) = cursor->numbers[node];
	batch->differs[node] = differs;
	batch->wanted[node * TREE_BATCH + batch->n_wanted[node]] = (uint8_t)batch->n;
	batch->n_wanted[node] += differs;
}

bool tree_batch_add(const struct tree *tree, const struct tree_cursor *cursor, struct tree_batch *batch,
                    const uint32_t *state, const uint16_t *changed, size_t n_changed)
{
	uint64_t *lanes = &batch->lanes[batch->n * tree->layout.lanes];

	for (unsigned i = 0; i < tree->layout.lanes; i++)
		lanes[i] = cursor->lanes[i];
	if (!(changed ? layout_repack_some(&tree->layout, changed, n_changed, state, lanes)
	              : layout_repack(&tree->layout, cursor->state, state, lanes)))
		return false;
	for (unsigned i = 0; i < tree->leaves; i++) {
		uint64_t difference =
		        (lanes[2 * i] ^ cursor->lanes[2 * i]) | (lanes[2 * i + 1] ^ cursor->lanes[2 * i + 1]);

		note(batch, cursor, i, difference != 0 || cursor->numbers[i] == TREE_UNKNOWN);
	}
	for (unsigned i = tree->leaves; i + 1 < tree->nodes; i++)
		note(batch, cursor, i,
		     batch->differs[tree->node[i].left] | batch->differs[tree->node[i].right]);
	batch->n++;
	return true;
}

/* Fetches what looking for the wanted numbers of a node will need; those of the nodes before it are there. */
static void ask(const struct tree *tree, struct tree_batch *batch, unsigned node)
{
	const struct intern *in = &tree->numbers[node];
	const uint8_t *wanted = &batch->wanted[node * TREE_BATCH];
	struct tree_request *requests = &batch->requests[node * TREE_BATCH];
	const uint32_t *left = number_at(batch, tree->node[node].left, 0),
	               *right = number_at(batch, tree->node[node].right, 0);

	for (unsigned i = 0; i < batch->n_wanted[node]; i++) {
		const uint64_t *lanes = &batch->lanes[wanted[i] * tree->layout.lanes + (size_t)2 * node];
		struct tree_request *r = &requests[i];

		r->state = wanted[i];
		r->key = node < tree->leaves ? (struct intern_key){lanes[0], lanes[1]}
		                             : (struct intern_key){left[r->state], right[r->state]};
		r->tag = intern_tag(r->key);
		intern_prefetch(in, r->tag);
	}
}

static bool find_numbers(struct tree *tree, struct tree_batch *batch, unsigned node)
{
	struct intern *in = &tree->numbers[node];
	const struct tree_request *requests = &batch->requests[node * TREE_BATCH];
	unsigned n = batch->n_wanted[node];
	uint32_t guesses[TREE_BATCH];

	for (unsigned i = 0; i < n; i++)
		guesses[i] = intern_guess(in, requests[i].tag);
	for (unsigned i = 0; i < n; i++) {
		const struct tree_request *r = &requests[i];
		int64_t number = intern_number(in, r->key, r->tag, guesses[i]);

		if (number == INTERN_FULL)
			return false;
		*number_at(batch, node, r->state) = (uint32_t)number;
	}
	return true;
}

bool tree_batch_roots(struct tree *tree, struct tree_batch *batch)
{
	const uint32_t *left, *right;

	if (tree->nodes == 0) {
		memcpy(batch->roots, batch->lanes, batch->n * sizeof(*batch->roots));
		return true;
	}
	for (unsigned i = 0; i < tree->leaves; i++)
		ask(tree, batch, i);
	for (unsigned i = 0; i + 1 < tree->nodes; i++) {
		if (i >= tree->leaves)
			ask(tree, batch, i);
		if (!find_numbers(tree, batch, i))
			return false;
	}
	left = number_at(batch, tree->node[tree->nodes - 1].left, 0);
	right = number_at(batch, tree->node[tree->nodes - 1].right, 0);
	for (unsigned k = 0; k < batch->n; k++)
		batch->roots[k] = (uint64_t)left[k] << 32 | right[k];
	return true;
}

bool tree_key_is_sound(const struct tree *tree, unsigned node, struct intern_key key)
{
	const struct tree_node n = tree->node[node];

	if (node >= tree->leaves)
		return intern_known(&tree->numbers[n.left], key.a) &&
		       intern_known(&tree->numbers[n.right], key.b);
	return key.a >> LAYOUT_LANE_BITS == 0 && key.b >> LAYOUT_LANE_BITS == 0;
}

bool tree_root_is_sound(const struct tree *tree, uint64_t root)
{
	const struct tree_node *top = &tree->node[tree->nodes - 1];

	if (tree->nodes == 0)
		return root >> LAYOUT_LANE_BITS == 0;
	return intern_known(&tree->numbers[top->left], root >> 32) &&
	       intern_known(&tree->numbers[top->right], (uint32_t)root);
}

bool tree_grow(struct tree *tree)
{
	for (unsigned i = 0; i + 1 < tree->nodes; i++) {
		if (intern_crowded(&tree->numbers[i]) && !intern_grow(&tree->numbers[i]))
			return false;
	}
	return true;
}

size_t tree_growth(const struct tree *tree)
{
	size_t bytes = 0;

	for (unsigned i = 0; i + 1 < tree->nodes; i++) {
		if (intern_crowded(&tree->numbers[i]))
			bytes += intern_growth(&tree->numbers[i]);
	}
	return bytes;
}

static unsigned bits_for(uint64_t values)
{
	unsigned bits = 1;

	while (bits < 64 && values > UINT64_C(1) << bits)
		bits++;
	return bits;
}

void tree_root_bits(const struct tree *tree, unsigned *left, unsigned *right)
{
	if (tree->nodes == 0) {
		const struct layout_field *last = &tree->layout.fields[tree->layout.words - 1];

		*left = (unsigned)last->shift + last->width;
		*right = 0;
		return;
	}
	*left = bits_for(intern_count(&tree->numbers[tree->node[tree->nodes - 1].left]));
	*right = bits_for(intern_count(&tree->numbers[tree->node[tree->nodes - 1].right]));
}

size_t tree_bytes(const struct tree *tree)
{
	size_t bytes = tree->layout.words * sizeof(*tree->layout.fields) +
	               tree->nodes * (sizeof(*tree->node) + sizeof(*tree->numbers));

	for (unsigned i = 0; i + 1 < tree->nodes; i++)
		bytes += intern_bytes(&tree->numbers[i]);
	return bytes;
}
