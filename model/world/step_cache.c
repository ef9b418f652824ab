/* SPDX-License-Identifier: MIT */
#include "step_cache.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for `more` elements behind n. */
static bool reserve(void **array, size_t element, uint32_t n, uint32_t more, uint32_t *capacity)
{
	uint32_t wanted = n + more;
	void *bigger;

	if (wanted <= *capacity)
		return true;
	wanted *= 2;
	bigger = realloc(*array, wanted * element);
	if (!bigger)
		return false;
	*array = bigger;
	*capacity = wanted;
	return true;
}

static uint32_t new_node(struct step_cache *c)
{
	void *nodes = c->nodes, *branches = c->branches;

	if (!reserve(&nodes, sizeof(*c->nodes), c->n_nodes, 1, &c->nodes_capacity))
		return STEP_CACHE_NONE;
	c->nodes = nodes;
	if (!reserve(&branches, sizeof(*c->branches), c->n_nodes, 1, &c->branches_capacity))
		return STEP_CACHE_NONE;
	c->branches = branches;
	c->nodes[c->n_nodes] = (struct node){NODE_UNKNOWN, 0};
	c->branches[c->n_nodes] = (struct branches){.place = STEP_CACHE_NONE};
	return c->n_nodes++;
}

bool step_cache_init(struct step_cache *c)
{
	*c = (struct step_cache){0};
	return new_node(c) == STEP_CACHE_ROOT;
}

void step_cache_free(struct step_cache *c)
{
	free(c->nodes);
	free(c->leaves);
	free(c->writes);
	free(c->questions);
	free(c->branches);
	free(c->rows);
	map_free(&c->edges);
	*c = (struct step_cache){0};
}

size_t step_cache_memory(const struct step_cache *c)
{
	return c->nodes_capacity * sizeof(*c->nodes) + c->leaves_capacity * sizeof(*c->leaves) +
	       c->branches_capacity * sizeof(*c->branches) + c->rows_capacity * sizeof(*c->rows) +
	       c->writes_capacity * sizeof(*c->writes) + c->questions_capacity * sizeof(*c->questions) +
	       map_memory(&c->edges);
}

struct branch step_cache_branch(const struct step_cache *c, uint32_t node)
{
	const struct branches *b = &c->branches[node];
	struct node n = c->nodes[node];
	struct branch branch = {
	        .head = (uint32_t)n.kind | n.what << BRANCH_WHAT_SHIFT, .first = b->first, .node = node};

	if (b->size != 0)
		branch.head |= (uint32_t)(__builtin_ctz(b->size) + 1) << BRANCH_SIZE_SHIFT;
	if (n.kind == NODE_LEAF)
		branch.first = c->leaves[n.what].writes - 1;
	return branch;
}

/* What walks see of a node follows it. */
static void update(struct step_cache *c, uint32_t node)
{
	if (c->branches[node].place != STEP_CACHE_NONE)
		c->rows[c->branches[node].place] = step_cache_branch(c, node);
}

bool step_cache_define(struct step_cache *c, uint32_t node, enum node_kind kind, uint32_t what)
{
	if (what > UINT32_MAX >> BRANCH_WHAT_SHIFT)
		return false;
	c->nodes[node] = (struct node){kind, what};
	update(c, node);
	return true;
}

/* Room in the node's row for a value: rows only grow at the end, so the node moves to a longer one there. */
static bool lengthen(struct step_cache *c, uint32_t node, uint32_t value)
{
	struct branches *b = &c->branches[node];
	uint32_t size = b->size != 0 ? b->size : 4;
	void *rows = c->rows;

	if (value < b->size)
		return true;
	while (size <= value)
		size *= 2;
	if (!reserve(&rows, sizeof(*c->rows), c->n_rows, size, &c->rows_capacity))
		return false;
	c->rows = rows;
	memset(c->rows + c->n_rows, 0, size * sizeof(*c->rows));
	memcpy(c->rows + c->n_rows, c->rows + b->first, b->size * sizeof(*c->rows));
	for (uint32_t i = 0; i < b->size; i++) {
		if (c->rows[c->n_rows + i].node != STEP_CACHE_ROOT)
			c->branches[c->rows[c->n_rows + i].node].place = c->n_rows + i;
	}
	b->first = c->n_rows;
	b->size = size;
	c->n_rows += size;
	update(c, node);
	return true;
}

uint32_t step_cache_extend(struct step_cache *c, uint32_t node, uint32_t value)
{
	uint32_t next = step_cache_next(c, node, value);

	if (next != STEP_CACHE_NONE)
		return next;
	next = new_node(c);
	if (next == STEP_CACHE_NONE)
		return STEP_CACHE_NONE;
	if (value >= STEP_CACHE_ROW_MAX)
		return map_put(&c->edges, ((uint64_t)node + 1) << 32 | value, next) ? next : STEP_CACHE_NONE;
	if (!lengthen(c, node, value))
		return STEP_CACHE_NONE;
	c->branches[next].place = c->branches[node].first + value;
	update(c, next);
	return next;
}

uint32_t step_cache_leaf(struct step_cache *c, const struct leaf *leaf, const struct slot_write *writes)
{
	void *leaves = c->leaves, *all = c->writes;
	bool more;

	if (!reserve(&leaves, sizeof(*c->leaves), c->n_leaves, 1, &c->leaves_capacity))
		return STEP_CACHE_NONE;
	c->leaves = leaves;
	if (leaf->n_writes >= LEAF_IS_MORE ||
	    !reserve(&all, sizeof(*c->writes), c->n_writes, leaf->n_writes + 1, &c->writes_capacity))
		return STEP_CACHE_NONE;
	c->writes = all;
	more = leaf->violated != 0 || leaf->wrote >= 0 || leaf->ended || leaf->disabled;
	c->writes[c->n_writes++] =
	        (struct slot_write){leaf->n_writes | (more ? LEAF_IS_MORE : 0), c->n_leaves};
	c->leaves[c->n_leaves] = *leaf;
	c->leaves[c->n_leaves].writes = c->n_writes;
	if (leaf->n_writes > 0)
		memcpy(c->writes + c->n_writes, writes, leaf->n_writes * sizeof(*writes));
	c->n_writes += leaf->n_writes;
	return c->n_leaves++;
}

uint32_t step_cache_question(struct step_cache *c, uint32_t asked, const uint32_t *meanings,
                             uint32_t alternatives)
{
	struct question question = {.asked = asked, .alternatives = alternatives};
	void *questions = c->questions;
	uint32_t i;

	for (i = 0; i < alternatives; i++)
		question.meaning[i] = meanings ? meanings[i] : i;
	for (i = 0; i < c->n_questions; i++) {
		if (memcmp(&c->questions[i], &question, sizeof(question)) == 0)
			return i << 8 | alternatives;
	}
	if (i >= UINT32_MAX >> 9 ||
	    !reserve(&questions, sizeof(question), c->n_questions, 1, &c->questions_capacity))
		return STEP_CACHE_NONE;
	c->questions = questions;
	c->questions[c->n_questions++] = question;
	return i << 8 | alternatives;
}
