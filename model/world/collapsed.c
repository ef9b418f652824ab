/* SPDX-License-Identifier: MIT */
#include "collapsed.h"

#include <stdlib.h>
#include <string.h>

#include "commute.h"
#include "learn.h"
#include "steps.h"
#include "symmetry.h"

struct collapsed {
	const struct world *world;
	struct model model;
	struct steps steps;
	struct symmetry symmetry;
	uint32_t *next;        /* a successor */
	const uint32_t *state; /* whose steps are being made */
	uint64_t recalled;
	bool began;             /* a search has */
	unsigned wrong_guesses; /* known when the last one began */
};

static enum model_status out_of_memory(struct error *e)
{
	error_set(e, "out of memory");
	return MODEL_ERROR;
}

/* Makes the step from c->state that begins with the choices in `label`. */
static enum model_status run_step(struct collapsed *c, const struct model_label *label, struct error *e)
{
	enum model_status status = steps_run(&c->steps, c->state, label, NULL, 0, e);

	if ((c->steps.learnt.faults & FAULT_SYMMETRY) != 0)
		return status;
	return status == MODEL_OK ? commute_check(&c->steps, &c->symmetry, e) : status;
}

static enum model_status emit_leaf(struct collapsed *c, uint32_t index, model_emit *emit, void *arg,
                                   struct error *e)
{
	const struct leaf *leaf = &c->steps.cache.leaves[index];
	struct model_transition t = {.label = leaf->label, .violated = leaf->violated, .cause = leaf->cause};

	if (leaf->disabled)
		return MODEL_OK;
	if (!leaf->ended) {
		memcpy(c->next, c->state, c->model.words * sizeof(*c->next));
		for (uint32_t i = 0; i < leaf->n_writes; i++) {
			const struct slot_write *w = &c->steps.cache.writes[leaf->writes + i];

			c->next[w->slot] = w->number;
		}
		if (leaf->wrote >= 0) {
			for (unsigned s = 0; s < c->world->n_slots; s++) {
				if (s == leaf->fresh)
					continue;
				c->next[s] = dictionary_stale(steps_dictionary(&c->steps, s), c->next[s],
				                              (unsigned)leaf->wrote);
				if (c->next[s] == UINT32_MAX)
					return out_of_memory(e);
			}
		}
		t.next = c->next;
		t.stutters = (leaf->n_writes == 0 ||
		              memcmp(c->next, c->state, c->model.words * sizeof(*c->next)) == 0) &&
		             leaf->wrote < 0;
	}
	return emit(arg, &t) ? MODEL_STOPPED : MODEL_OK;
}

/* All steps below a node of the cache; `label` holds the choices on the way to it. */
static enum model_status walk(struct collapsed *c, uint32_t node, struct model_label *label, model_emit *emit,
                              void *arg, struct error *e)
{
	enum model_status status;

	for (;;) {
		struct node at = c->steps.cache.nodes[node];
		uint32_t next;

		switch (at.kind) {
		case NODE_UNKNOWN:
			status = run_step(c, label, e);
			if (status != MODEL_OK)
				return status;
			break;
		case NODE_READ:
			next = step_cache_next(&c->steps.cache, node, c->state[at.what]);
			if (next != STEP_CACHE_NONE) {
				node = next;
				break;
			}
			status = run_step(c, label, e);
			if (status != MODEL_OK)
				return status;
			break;
		case NODE_CHOICE:
			for (uint32_t i = 0; i < node_alternatives(at); i++) {
				unsigned length = label->length;

				label->choice[label->length++] = (uint8_t)i;
				next = step_cache_next(&c->steps.cache, node, i);
				if (next == STEP_CACHE_NONE) {
					status = run_step(c, label, e);
					if (status != MODEL_OK)
						return status;
					next = step_cache_next(&c->steps.cache, node, i);
				}
				status = walk(c, next, label, emit, arg, e);
				if (status != MODEL_OK)
					return status;
				label->length = (uint8_t)length;
			}
			return MODEL_OK;
		case NODE_LEAF:
			c->recalled++;
			return emit_leaf(c, at.what, emit, arg, e);
		}
	}
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	struct collapsed *c = self;
	struct model_label label = {0};

	c->state = state;
	return walk(c, STEP_CACHE_ROOT, &label, emit, arg, e);
}

static enum model_status boot(void *self, uint32_t *state, struct error *e)
{
	struct collapsed *c = self;

	return steps_boot(&c->steps, state, e);
}

/*
 * The engine begins, perhaps again. It searches with anonymous poison, unless a use of that cannot be
 * explained by a walk: then once with named poison, which finds the guess that is wrong.
 */
static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	struct collapsed *c = self;

	if (!c->steps.learnt.anonymous) {
		struct model booting = c->model;
		enum model_status status;

		booting.initial = boot;
		status = learn_by_walking(&booting, e);

		if (status != MODEL_OK)
			return status;
		c->steps.learnt.anonymous = !c->began || c->steps.learnt.wrong_guesses > c->wrong_guesses;
		c->began = true;
		c->wrong_guesses = c->steps.learnt.wrong_guesses;
	}
	symmetry_forget(&c->symmetry);
	return steps_forget(&c->steps, true, e) ? MODEL_ERROR : boot(c, state, e);
}

static enum model_status representative(void *self, const uint32_t *state, uint32_t *out, struct error *e)
{
	struct collapsed *c = self;

	return symmetry_representative(&c->symmetry, state, out) ? MODEL_OK : out_of_memory(e);
}

static size_t memory(void *self)
{
	const struct collapsed *c = self;

	return steps_memory(&c->steps) + symmetry_memory(&c->symmetry);
}

struct collapsed *collapsed_new(const struct world *w, const struct collapsed_options *options,
                                struct error *e)
{
	struct collapsed *c = calloc(1, sizeof(*c));

	if (c)
		c->next = calloc(w->n_slots + 1, sizeof(*c->next));
	if (!c || !c->next || steps_init(&c->steps, w, e) ||
	    symmetry_init(&c->symmetry, w, c->steps.dictionary, options->symmetry, e)) {
		collapsed_free(c);
		error_set(e, "out of memory");
		return NULL;
	}
	c->world = w;
	c->steps.learnt.faults = options->faults;
	c->model = (struct model){
	        .self = c,
	        .words = w->n_slots,
	        .properties = PROPERTIES,
	        .property_names = world_property_names,
	        .deadlock_property = PROPERTY_STUCK,
	        .initial = initial,
	        .successors = successors,
	        .representative = representative,
	        .memory = memory,
	};
	return c;
}

void collapsed_free(struct collapsed *c)
{
	if (!c)
		return;
	symmetry_free(&c->symmetry);
	steps_free(&c->steps);
	free(c->next);
	free(c);
}

const struct model *collapsed_model(struct collapsed *c)
{
	return &c->model;
}

const struct learnt *collapsed_learnt(const struct collapsed *c)
{
	return &c->steps.learnt;
}

struct symmetry *collapsed_symmetry(struct collapsed *c)
{
	return &c->symmetry;
}

const uint32_t *collapsed_contents(const struct collapsed *c, unsigned slot, uint32_t number, uint32_t *count)
{
	return dictionary_words(&c->steps.dictionary[c->world->slots[slot].class], number, count);
}

void collapsed_counts(const struct collapsed *c, struct collapsed_counts *counts)
{
	*counts = (struct collapsed_counts){
	        .steps_run = c->steps.run,
	        .steps_recalled = c->recalled,
	        .cache_nodes = c->steps.cache.n_nodes,
	        .cache_leaves = c->steps.cache.n_leaves,
	        .shared = c->steps.learnt.shared,
	        .permutations = c->symmetry.n,
	};
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		counts->contents[i] = c->steps.dictionary[i].n;
}
