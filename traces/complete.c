/* SPDX-License-Identifier: MIT */
/*
 * Open steps: looks for what could stand in their place. Breadth first over what they leave open: a node is a machine
 * before an open step; everything between two of them follows from the trace. So the completion that is found has the
 * fewest steps in open places, and of those with as many it is the first in the order of possibilities.
 */
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "follow_private.h"

/* What is remembered of the states of a search, in bytes. */
enum { BYTES_MAX = 1 << 29 };

/* A machine is what has changed in it since boot: pairs of index and word. */
struct node {
	size_t line;    /* the open step that it stands before */
	unsigned taken; /* steps already made in its place */
	uint32_t parent;
	uint32_t n_labels, n_changes;
	struct model_label *labels; /* from the parent to here; then the changes, in the same allocation */
	uint32_t *changes;
	uint64_t hash;
};

/* How a completion ended that is not the one wanted. */
struct ending {
	bool there;
	struct followed run; /* labels: a copy */
};

struct search {
	struct follower *f;
	size_t n; /* lines of the trace to follow */
	struct node *nodes;
	size_t n_nodes, bytes;
	uint32_t *table; /* numbers of nodes, from 1, by hash */
	uint32_t *here, *after;
	struct ending other, none, diverged;
	bool full;
};

enum settled { SETTLED, FOUND, LEARNT, NO_MEMORY };

enum { TABLE_SIZE = 1 << 19 };
_Static_assert(OPEN_STATES_MAX < TABLE_SIZE / 2, "the table has room");

/* Keeps the run in the result as an ending. */
static enum settled keep(struct search *s, struct ending *ending)
{
	struct followed *r = s->f->result;
	size_t bytes = (r->steps + 1) * sizeof(*r->labels);
	struct model_label *labels = malloc(bytes);

	if (!labels)
		return NO_MEMORY;
	memcpy(labels, r->labels, r->steps * sizeof(*labels));
	free(ending->run.labels);
	ending->there = true;
	ending->run = *r;
	ending->run.labels = labels;
	return SETTLED;
}

static void restore(struct search *s, const struct ending *ending)
{
	struct followed *r = s->f->result, now = *r;

	memcpy(now.labels, ending->run.labels, ending->run.steps * sizeof(*now.labels));
	*r = ending->run;
	r->labels = now.labels;
	r->learnt = now.learnt;
}

static enum settled keep_divergence(struct search *s)
{
	if (s->diverged.there && s->diverged.run.lines >= s->f->result->lines)
		return SETTLED;
	return keep(s, &s->diverged);
}

/* Where in the table the node is, or belongs. */
static uint32_t *place(struct search *s, const struct node *node)
{
	for (size_t i = (size_t)node->hash % TABLE_SIZE;; i = (i + 1) % TABLE_SIZE) {
		const struct node *there;

		if (s->table[i] == 0)
			return &s->table[i];
		there = &s->nodes[s->table[i] - 1];
		if (there->hash == node->hash && there->line == node->line && there->taken == node->taken &&
		    there->n_changes == node->n_changes &&
		    memcmp(there->changes, node->changes, 2 * sizeof(uint32_t) * node->n_changes) == 0)
			return &s->table[i];
	}
}

/* The machine is at f->before, `node` says before which step: to be expanded, unless it has been. */
static enum settled add_node(struct search *s, struct node node, size_t from)
{
	struct follower *f = s->f;
	struct followed *r = f->result;
	uint32_t words = f->machine->world->words, *at;
	size_t bytes;

	if (s->n_nodes == f->max_states || s->bytes > BYTES_MAX || r->steps + 1 >= f->room) {
		s->full = true;
		return SETTLED;
	}
	for (uint32_t i = 0; i < words; i++)
		node.n_changes += f->before[i] != f->booted[i];
	node.n_labels = (uint32_t)(r->steps - from);
	bytes = node.n_labels * sizeof(*node.labels) + 2 * sizeof(uint32_t) * node.n_changes;
	node.changes = malloc(bytes + 1);
	if (!node.changes)
		return NO_MEMORY;
	node.labels = (struct model_label *)(void *)(node.changes + 2 * node.n_changes);
	for (uint32_t i = 0, k = 0; i < words; i++) {
		if (f->before[i] == f->booted[i])
			continue;
		node.changes[k++] = i;
		node.changes[k++] = f->before[i];
	}
	memcpy(node.labels, r->labels + from, node.n_labels * sizeof(*node.labels));
	node.hash = XXH3_64bits(node.changes, 2 * sizeof(uint32_t) * node.n_changes) + node.line * 131 +
	            node.taken;
	at = place(s, &node);
	if (*at != 0) {
		free(node.changes);
		return SETTLED;
	}
	s->nodes[s->n_nodes++] = node;
	s->bytes += bytes;
	*at = (uint32_t)s->n_nodes;
	return SETTLED;
}

/* The lines behind an open step have been followed, up to the next one or to the end. */
static enum settled settle(struct search *s, enum step_end end, uint32_t parent, size_t from)
{
	struct follower *f = s->f;
	struct followed *r = f->result;

	if (end == STEP_LEARNT)
		return LEARNT;
	if (end == STEP_DIVERGED)
		return keep_divergence(s);
	if (r->property < 0 && r->lines < s->n)
		return add_node(s, (struct node){.line = r->lines, .parent = parent}, from);
	if (r->property < 0)
		follow_look_for_stuck(f);
	if (r->property >= 0 && (f->trace->property < 0 || r->property == f->trace->property))
		return FOUND;
	if (r->property >= 0)
		return s->other.there ? SETTLED : keep(s, &s->other);
	return s->none.there ? SETTLED : keep(s, &s->none);
}

/* Puts the run that leads to a node into the result, and its machine into s->here. */
static size_t go_to(struct search *s, size_t i)
{
	struct follower *f = s->f;
	const struct node *node = &s->nodes[i];
	size_t steps = 0, at;

	memcpy(s->here, f->booted, f->machine->world->words * sizeof(*s->here));
	for (uint32_t k = 0; k < node->n_changes; k++)
		s->here[node->changes[2 * k]] = node->changes[2 * k + 1];
	for (const struct node *n = node;; n = &s->nodes[n->parent]) {
		steps += n->n_labels;
		if (n->parent == UINT32_MAX)
			break;
	}
	at = steps;
	for (const struct node *n = node;; n = &s->nodes[n->parent]) {
		at -= n->n_labels;
		memcpy(f->result->labels + at, n->labels, n->n_labels * sizeof(*n->labels));
		if (n->parent == UINT32_MAX)
			break;
	}
	return steps;
}

/* The machine has just made a step that fits. */
static enum settled go_on(struct search *s, const struct node *node, uint32_t number,
                          const struct model_label *label)
{
	struct follower *f = s->f;
	struct followed *r = f->result;
	const struct trace_step *step = &f->trace->steps[node->line];
	size_t bytes = f->machine->world->words * sizeof(*s->after), from = r->steps;
	bool last = node->line + 1 == f->trace->n_steps;
	bool again = node->taken + 1 < step->open;
	enum settled settled;

	again = !follow_append(f, label, last) && again && !f->ended;
	if (again)
		memcpy(s->after, f->before, bytes);
	r->lines = node->line + 1;
	settled = settle(s, r->property < 0 ? follow_lines(f, s->n) : STEP_MADE, number, from);
	if (settled != SETTLED || !again)
		return settled;
	r->steps = from + 1;
	r->labels[from] = *label;
	memcpy(f->before, s->after, bytes);
	return add_node(s, (struct node){.line = node->line, .taken = node->taken + 1, .parent = number},
	                from);
}

/* All steps that fit, in order. */
static enum settled expand(struct search *s, size_t i)
{
	struct follower *f = s->f;
	struct followed *r = f->result;
	const struct node node = s->nodes[i];
	const struct trace_step *step = &f->trace->steps[node.line];
	size_t bytes = f->machine->world->words * sizeof(*s->here), steps = go_to(s, i);
	struct model_label label = {0}, made;
	bool fits = false, more = true;
	char who[32];

	if (step->cpu < f->machine->world->config.cpus)
		label = (struct model_label){.length = 1, .choice = {(uint8_t)step->cpu}};
	while (more) {
		enum settled settled;
		bool good;

		memcpy(f->before, s->here, bytes);
		r->steps = steps;
		r->lines = node.line;
		r->property = -1;
		r->standstill = r->livelock = f->ended = false;
		good = !step->who || strcmp(step->who, follow_who(f, label.choice[0], who, sizeof(who))) == 0;
		good &= follow_attempt(f, &label) == 0;
		if (f->learning->refined)
			return follow_learn(f, step) == STEP_LEARNT ? LEARNT : NO_MEMORY;
		machine_label(f->machine, &made);
		more = machine_next_label(f->machine, &label) &&
		       (step->cpu == TRACE_CPU_ANY || label.choice[0] == step->cpu);
		if (!good || !follow_fits(f, step))
			continue;
		fits = true;
		settled = go_on(s, &node, (uint32_t)i, &made);
		if (settled != SETTLED)
			return settled;
	}
	if (fits)
		return SETTLED;
	r->steps = steps;
	r->lines = node.line;
	(void)follow_diverge(f, step, 1, "no step that is possible here is like this");
	return keep_divergence(s);
}

static enum settled search_all(struct search *s)
{
	enum settled settled;

	follow_restart(s->f);
	settled = settle(s, follow_lines(s->f, s->n), UINT32_MAX, 0);
	for (size_t i = 0; i < s->n_nodes && settled == SETTLED; i++)
		settled = expand(s, i);
	return settled;
}

/* None is as it should be: what comes closest. */
static enum step_end closest(struct search *s)
{
	struct follower *f = s->f;
	const struct trace_step *step = f->trace->steps;

	if (s->full) {
		follow_restart(f);
		while (step->open == 0)
			step++;
		(void)follow_diverge(
		        f, step, 1,
		        "not finished: among %zu states there is no completion that ends as it should, and "
		        "there are more; say more of the open steps, or leave fewer open",
		        s->n_nodes);
		f->result->outcome = TRACE_INCOMPLETE;
		return STEP_DIVERGED;
	}
	if (s->other.there)
		restore(s, &s->other);
	else if (s->none.there)
		restore(s, &s->none);
	else if (s->diverged.there)
		restore(s, &s->diverged);
	return s->other.there || s->none.there ? STEP_MADE : STEP_DIVERGED;
}

enum step_end follow_completing(struct follower *f, size_t n, int *status, struct error *e)
{
	uint32_t words = f->machine->world->words;
	struct search s = {
	        .f = f,
	        .n = n,
	        .nodes = calloc(f->max_states, sizeof(*s.nodes)),
	        .table = calloc(TABLE_SIZE, sizeof(*s.table)),
	        .here = calloc(2 * (size_t)words, sizeof(*s.here)),
	};
	enum settled settled = NO_MEMORY;
	enum step_end end = STEP_MADE;

	if (s.nodes && s.table && s.here) {
		s.after = s.here + words;
		settled = search_all(&s);
	}
	if (settled == NO_MEMORY)
		*status = error_set(e, "out of memory");
	else if (settled == LEARNT)
		end = STEP_LEARNT;
	else if (settled == SETTLED)
		end = closest(&s);
	f->result->states = s.n_nodes;
	for (size_t i = 0; i < s.n_nodes; i++)
		free(s.nodes[i].changes);
	free(s.other.run.labels);
	free(s.none.run.labels);
	free(s.diverged.run.labels);
	free(s.nodes);
	free(s.table);
	free(s.here);
	return end;
}
