/* SPDX-License-Identifier: MIT */
#include "checker/tree.h"

#include <stdlib.h>
#include <string.h>

/* Pairs neighbours, level by level; an odd one out is paired one level up. */
static bool make_shape(struct tree *tree)
{
	unsigned lanes = tree->layout.lanes, node = lanes, n = lanes;
	uint16_t *waiting = calloc(lanes, sizeof(*waiting)); /* nodes without a parent */

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
	bool made = true;

	*tree = (struct tree){0};
	if (!layout_init(&tree->layout, greatest, words))
		return false;
	tree->nodes = 2 * tree->layout.lanes - 1;
	tree->node = calloc(tree->nodes, sizeof(*tree->node));
	tree->numbers = calloc(tree->nodes, sizeof(*tree->numbers));
	made = tree->node && tree->numbers && make_shape(tree);
	for (unsigned i = 0; made && i + 1 < tree->nodes; i++)
		made = intern_init(&tree->numbers[i]);
	if (!made)
		tree_free(tree);
	return made;
}

void tree_free(struct tree *tree)
{
	for (unsigned i = 0; tree->numbers && i < tree->nodes; i++)
		intern_free(&tree->numbers[i]);
	layout_free(&tree->layout);
	free(tree->node);
	free(tree->numbers);
	*tree = (struct tree){0};
}

bool tree_cursor_init(struct tree_cursor *cursor, const struct tree *tree)
{
	*cursor = (struct tree_cursor){0};
	cursor->state = calloc(tree->layout.words, sizeof(*cursor->state));
	cursor->lanes = calloc(tree->layout.lanes, sizeof(*cursor->lanes));
	cursor->numbers = calloc(tree->nodes, sizeof(*cursor->numbers));
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
	*batch = (struct tree_batch){0};
	batch->lanes = calloc((size_t)TREE_BATCH * tree->layout.lanes, sizeof(*batch->lanes));
	batch->numbers = calloc((size_t)TREE_BATCH * tree->nodes, sizeof(*batch->numbers));
	if (batch->lanes && batch->numbers)
		return true;
	tree_batch_free(batch);
	return false;
}

void tree_batch_free(struct tree_batch *batch)
{
	free(batch->lanes);
	free(batch->numbers);
	*batch = (struct tree_batch){0};
}

void tree_go(const struct tree *tree, struct tree_cursor *cursor, uint64_t root)
{
	unsigned lanes = tree->layout.lanes;

	if (lanes == 1) {
		cursor->lanes[0] = root;
	} else {
		const struct tree_node *top = &tree->node[tree->nodes - 1];

		cursor->numbers[top->left] = (uint32_t)(root >> 32);
		cursor->numbers[top->right] = (uint32_t)root;
		for (unsigned i = tree->nodes - 2; i >= lanes; i--) {
			uint64_t pair = tree->numbers[i].keys[cursor->numbers[i]];

			cursor->numbers[tree->node[i].left] = (uint32_t)(pair >> 32);
			cursor->numbers[tree->node[i].right] = (uint32_t)pair;
		}
		for (unsigned i = 0; i < lanes; i++)
			cursor->lanes[i] = tree->numbers[i].keys[cursor->numbers[i]];
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

bool tree_batch_add(const struct tree *tree, const struct tree_cursor *cursor, struct tree_batch *batch,
                    const uint32_t *state)
{
	unsigned lanes = tree->layout.lanes;
	uint64_t *to = batch->lanes + (size_t)batch->n * lanes;
	uint32_t *numbers = batch->numbers + (size_t)batch->n * tree->nodes;

	memcpy(to, cursor->lanes, lanes * sizeof(*to));
	if (!layout_repack(&tree->layout, cursor->state, state, to))
		return false;
	batch->n++;
	if (lanes == 1)
		return true;
	memcpy(numbers, cursor->numbers, tree->nodes * sizeof(*numbers));
	for (unsigned i = 0; i < lanes; i++) {
		if (to[i] != cursor->lanes[i] || numbers[i] == TREE_UNKNOWN) {
			numbers[i] = TREE_UNKNOWN;
			intern_prefetch(&tree->numbers[i], to[i]);
		}
	}
	for (unsigned i = lanes; i + 1 < tree->nodes; i++) {
		if (numbers[tree->node[i].left] == TREE_UNKNOWN ||
		    numbers[tree->node[i].right] == TREE_UNKNOWN)
			numbers[i] = TREE_UNKNOWN;
	}
	return true;
}

static inline uint64_t pair_of(const struct tree *tree, const uint32_t *numbers, unsigned node)
{
	return (uint64_t)numbers[tree->node[node].left] << 32 | numbers[tree->node[node].right];
}

/* A node of every state in the batch. */
static bool find_numbers(struct tree *tree, struct tree_batch *batch, unsigned node)
{
	struct intern *in = &tree->numbers[node];
	unsigned lanes = tree->layout.lanes;
	uint32_t *numbers = batch->numbers;

	if (node >= lanes) {
		for (unsigned k = 0; k < batch->n; k++, numbers += tree->nodes) {
			if (numbers[node] == TREE_UNKNOWN)
				intern_prefetch(in, pair_of(tree, numbers, node));
		}
	}
	numbers = batch->numbers;
	for (unsigned k = 0; k < batch->n; k++, numbers += tree->nodes) {
		int64_t number;

		if (numbers[node] != TREE_UNKNOWN)
			continue;
		number = intern_number(in, node < lanes ? batch->lanes[(size_t)k * lanes + node]
		                                        : pair_of(tree, numbers, node));
		if (number == INTERN_FULL)
			return false;
		numbers[node] = (uint32_t)number;
	}
	return true;
}

bool tree_batch_roots(struct tree *tree, struct tree_batch *batch)
{
	unsigned lanes = tree->layout.lanes, top = tree->nodes - 1;

	for (unsigned i = 0; lanes > 1 && i < top; i++) {
		if (!find_numbers(tree, batch, i))
			return false;
	}
	for (unsigned k = 0; k < batch->n; k++)
		batch->roots[k] = lanes == 1 ? batch->lanes[k]
		                             : pair_of(tree, batch->numbers + (size_t)k * tree->nodes, top);
	return true;
}

bool tree_grow(struct tree *tree)
{
	for (unsigned i = 0; i + 1 < tree->nodes; i++) {
		if (intern_crowded(&tree->numbers[i]) && !intern_grow(&tree->numbers[i]))
			return false;
	}
	return true;
}

bool tree_crowded(const struct tree *tree)
{
	return tree_growth(tree) != 0;
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
	const struct tree_node *top = &tree->node[tree->nodes - 1];

	if (tree->layout.lanes == 1) {
		const struct layout_field *last = &tree->layout.fields[tree->layout.words - 1];

		*left = (unsigned)last->shift + last->width;
		*right = 0;
		return;
	}
	*left = bits_for(intern_count(&tree->numbers[top->left]));
	*right = bits_for(intern_count(&tree->numbers[top->right]));
}

size_t tree_bytes(const struct tree *tree)
{
	size_t bytes = tree->layout.words * sizeof(*tree->layout.fields) +
	               tree->nodes * (sizeof(*tree->node) + sizeof(*tree->numbers));

	for (unsigned i = 0; i + 1 < tree->nodes; i++)
		bytes += intern_bytes(&tree->numbers[i]);
	return bytes;
}
