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
	if (b->direct)
		branch.head |= BRANCH_DIRECT;
	if (n.kind == NODE_LEAF)
		branch.first = c->leaves[n.what].writes - 1;
	if (b->place != STEP_CACHE_NONE)
		branch.value = c->rows[b->place].value;
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

/* A new row, empty, at the end of all: rows do not grow where they are. */
static bool new_row(struct step_cache *c, uint32_t size, uint32_t *first)
{
	void *rows = c->rows;

	if (!reserve(&rows, sizeof(*c->rows), c->n_rows, size, &c->rows_capacity))
		return false;
	c->rows = rows;
	memset(c->rows + c->n_rows, 0, size * sizeof(*c->rows));
	*first = c->n_rows;
	c->n_rows += size;
	return true;
}

static void put(struct step_cache *c, uint32_t place, uint32_t node, uint32_t value)
{
	c->rows[place].value = value;
	c->branches[node].place = place;
	update(c, node);
}

/* Moves a node to a row of another size, or kind. What has no place in a direct row goes to the map. */
static bool move(struct step_cache *c, uint32_t node, uint32_t size, bool direct)
{
	struct branches *b = &c->branches[node], old = *b;

	if (!new_row(c, size, &b->first))
		return false;
	b->size = size;
	b->direct = direct;
	update(c, node);
	for (uint32_t i = 0; i < old.size; i++) {
		const struct branch child = c->rows[old.first + i];

		if (child.node == STEP_CACHE_ROOT)
			continue;
		if (!direct) {
			put(c, b->first + i, child.node, child.value);
		} else if (child.value < size) {
			put(c, b->first + child.value, child.node, child.value);
		} else {
			c->branches[child.node].place = STEP_CACHE_NONE;
			if (!map_put(&c->edges, ((uint64_t)node + 1) << 32 | child.value, child.node))
				return false;
		}
	}
	return true;
}

/* Room in a direct row for a value, if it is not too far out. */
static bool widen(struct step_cache *c, uint32_t node, uint32_t value)
{
	uint32_t size = c->branches[node].size != 0 ? c->branches[node].size : 1;

	while (size <= value && size < STEP_CACHE_ROW_MAX)
		size *= 2;
	return size == c->branches[node].size || move(c, node, size, true);
}

/* A list that is full becomes longer or, when it is long enough, a direct row, as wide as what is in it. */
static bool lengthen(struct step_cache *c, uint32_t node)
{
	struct branches *b = &c->branches[node];
	uint32_t size = 1;

	if (b->size < STEP_CACHE_LIST_MAX)
		return move(c, node, b->size != 0 ? 2 * b->size : 1, false);
	for (uint32_t i = 0; i < b->size; i++) {
		while (size <= c->rows[b->first + i].value && size < STEP_CACHE_ROW_MAX)
			size *= 2;
	}
	return move(c, node, size, true);
}

static bool enter(struct step_cache *c, uint32_t node, uint32_t value, uint32_t next)
{
	struct branches *b = &c->branches[node];

	/* Alternatives come one after the other. */
	if (b->size == 0 && c->nodes[node].kind == NODE_CHOICE) {
		if (!move(c, node, 1, true))
			return false;
	}
	if (!b->direct && b->used == b->size && !lengthen(c, node))
		return false;
	if (!b->direct) {
		put(c, b->first + b->used++, next, value);
		return true;
	}
	if (value >= STEP_CACHE_ROW_MAX)
		return map_put(&c->edges, ((uint64_t)node + 1) << 32 | value, next);
	if (value >= b->size && !widen(c, node, value))
		return false;
	put(c, b->first + value, next, value);
	return true;
}

uint32_t step_cache_extend(struct step_cache *c, uint32_t node, uint32_t value)
{
	uint32_t next = step_cache_next(c, node, value);

	if (next != STEP_CACHE_NONE)
		return next;
	next = new_node(c);
	return next != STEP_CACHE_NONE && enter(c, node, value, next) ? next : STEP_CACHE_NONE;
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
