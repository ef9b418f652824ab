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
	*batch = (struct tree_batch){0};
	batch->lanes = apart_new((size_t)TREE_BATCH * tree->layout.lanes, sizeof(*batch->lanes));
	batch->numbers = apart_new((size_t)TREE_BATCH * (tree->nodes + 1), sizeof(*batch->numbers));
	batch->tags = apart_new((size_t)TREE_BATCH * (tree->nodes + 1), sizeof(*batch->tags));
	if (batch->lanes && batch->numbers && batch->tags)
		return true;
	tree_batch_free(batch);
	return false;
}

void tree_batch_free(struct tree_batch *batch)
{
	free(batch->lanes);
	free(batch->numbers);
	free(batch->tags);
	*batch = (struct tree_batch){0};
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

static inline struct intern_key leaf_key(const uint64_t *lanes, unsigned leaf)
{
	return (struct intern_key){lanes[2 * leaf], lanes[2 * leaf + 1]};
}

static inline struct intern_key inner_key(const struct tree *tree, const uint32_t *numbers, unsigned node)
{
	return (struct intern_key){numbers[tree->node[node].left], numbers[tree->node[node].right]};
}

bool tree_batch_add(const struct tree *tree, const struct tree_cursor *cursor, struct tree_batch *batch,
                    const uint32_t *state)
{
	unsigned lanes = tree->layout.lanes;
	uint64_t *to = batch->lanes + (size_t)batch->n * lanes;
	uint32_t *numbers = batch->numbers + (size_t)batch->n * tree->nodes;
	uint32_t *tags = batch->tags + (size_t)batch->n * tree->nodes;

	for (unsigned i = 0; i < lanes; i++)
		to[i] = cursor->lanes[i];
	if (!layout_repack(&tree->layout, cursor->state, state, to))
		return false;
	batch->n++;
	for (unsigned i = 0; i < tree->leaves; i++) {
		struct intern_key key = leaf_key(to, i), old = leaf_key(cursor->lanes, i);

		numbers[i] = cursor->numbers[i];
		if (key.a == old.a && key.b == old.b && numbers[i] != TREE_UNKNOWN)
			continue;
		numbers[i] = TREE_UNKNOWN;
		tags[i] = intern_tag(key);
		intern_prefetch(&tree->numbers[i], tags[i]);
	}
	for (unsigned i = tree->leaves; i + 1 < tree->nodes; i++) {
		const struct tree_node node = tree->node[i];
		bool same = numbers[node.left] != TREE_UNKNOWN && numbers[node.right] != TREE_UNKNOWN;

		numbers[i] = same ? cursor->numbers[i] : TREE_UNKNOWN;
	}
	return true;
}

/* A node of every state in the batch. */
static bool find_numbers(struct tree *tree, struct tree_batch *batch, unsigned node)
{
	struct intern *in = &tree->numbers[node];
	bool leaf = node < tree->leaves;
	uint32_t guesses[TREE_BATCH];

	for (unsigned k = 0; !leaf && k < batch->n; k++) {
		const uint32_t *numbers = batch->numbers + (size_t)k * tree->nodes;

		if (numbers[node] == TREE_UNKNOWN) {
			uint32_t tag = intern_tag(inner_key(tree, numbers, node));

			batch->tags[k * tree->nodes + node] = tag;
			intern_prefetch(in, tag);
		}
	}
	for (unsigned k = 0; k < batch->n; k++) {
		guesses[k] = TREE_UNKNOWN;
		if (batch->numbers[k * tree->nodes + node] == TREE_UNKNOWN)
			guesses[k] = intern_guess(in, batch->tags[k * tree->nodes + node]);
	}
	for (unsigned k = 0; k < batch->n; k++) {
		uint32_t *numbers = batch->numbers + (size_t)k * tree->nodes;
		int64_t number;

		if (numbers[node] != TREE_UNKNOWN)
			continue;
		number = intern_number(in,
		                       leaf ? leaf_key(batch->lanes + (size_t)k * tree->layout.lanes, node)
		                            : inner_key(tree, numbers, node),
		                       batch->tags[k * tree->nodes + node], guesses[k]);
		if (number == INTERN_FULL)
			return false;
		numbers[node] = (uint32_t)number;
	}
	return true;
}

bool tree_batch_roots(struct tree *tree, struct tree_batch *batch)
{
	for (unsigned i = 0; i + 1 < tree->nodes; i++) {
		if (!find_numbers(tree, batch, i))
			return false;
	}
	for (unsigned k = 0; k < batch->n; k++) {
		struct intern_key top;

		if (tree->nodes == 0) {
			batch->roots[k] = batch->lanes[k];
			continue;
		}
		top = inner_key(tree, batch->numbers + (size_t)k * tree->nodes, tree->nodes - 1);
		batch->roots[k] = top.a << 32 | top.b;
	}
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
