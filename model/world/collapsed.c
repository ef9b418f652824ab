/* SPDX-License-Identifier: MIT */
#include "collapsed.h"

#include <stdlib.h>
#include <string.h>

#include "../apart.h"

#include "commute.h"
#include "learn.h"
#include "persist.h"
#include "steps.h"
#include "symmetry.h"
#include "symmetry_reader.h"

/*
 * A walk through the steps that are remembered, from one state. The model's own may find out what is not; those of readers
 * may not, and there are many at a time.
 */
struct walker {
	struct collapsed *of;
	bool learning;
	uint32_t *next;        /* a successor; between the steps of a reader, the state itself */
	uint16_t *changed;     /* the slots that a reader's step has written */
	const uint32_t *state; /* whose steps are being made */
	model_emit *emit;
	void *arg;
	struct error *error;              /* if learning */
	uint64_t recalled;                /* steps */
	struct symmetry_reader *symmetry; /* if not learning */
};

struct collapsed {
	const struct world *world;
	struct model model;
	struct steps steps;
	struct symmetry symmetry;
	struct walker walker;
	uint64_t recalled;      /* steps, by readers that are gone */
	bool began;             /* a search has */
	unsigned wrong_guesses; /* known when the last one began */
};

static enum model_status out_of_memory(struct error *e)
{
	error_set(e, "out of memory");
	return MODEL_ERROR;
}

/* Makes the step that begins with the choices in `label`. */
static enum model_status run_step(struct walker *w, const struct model_label *label)
{
	struct collapsed *c = w->of;
	enum model_status status;

	status = steps_run(&c->steps, w->state, label, NULL, 0, w->error);
	if ((c->steps.learnt.faults & FAULT_SYMMETRY) != 0)
		return status;
	return status == MODEL_OK ? commute_check(&c->steps, &c->symmetry, w->error) : status;
}

/* The owner has new data in slot `fresh`: all else that it has is old now. */
static enum model_status make_stale(struct walker *w, unsigned owner, unsigned fresh)
{
	struct collapsed *c = w->of;

	for (unsigned s = 0; s < c->world->n_slots; s++) {
		struct dictionary *d = steps_dictionary(&c->steps, s);

		if (s == fresh)
			continue;
		w->next[s] = w->learning ? dictionary_stale(d, w->next[s], owner)
		                         : dictionary_known_stale(d, w->next[s], owner);
		if (w->next[s] == UINT32_MAX)
			return w->learning ? out_of_memory(w->error) : MODEL_UNKNOWN;
	}
	return MODEL_OK;
}

static enum model_status emit_leaf(struct walker *w, uint32_t index)
{
	struct collapsed *c = w->of;
	const struct leaf *leaf = &c->steps.cache.leaves[index];
	struct model_transition t = {.label = leaf->label,
	                             .violated = leaf->violated,
	                             .cause = leaf->cause,
	                             .progress = leaf->progress,
	                             .process = leaf->process};

	w->recalled++;
	if (leaf->disabled)
		return MODEL_OK;
	if (!leaf->ended) {
		const struct slot_write *writes = c->steps.cache.writes + leaf->writes;

		memcpy(w->next, w->state, c->model.words * sizeof(*w->next));
		t.stutters = leaf->wrote < 0;
		for (uint32_t i = 0; i < leaf->n_writes; i++) {
			t.stutters &= w->next[writes[i].slot] == writes[i].number;
			w->next[writes[i].slot] = writes[i].number;
		}
		if (leaf->wrote >= 0) {
			enum model_status status = make_stale(w, (unsigned)leaf->wrote, leaf->fresh);

			if (status != MODEL_OK)
				return status;
		}
		t.next = w->next;
	}
	return w->emit(w->arg, &t) ? MODEL_STOPPED : MODEL_OK;
}

/* All steps below a node of the cache; `label` holds the choices on the way to it. */
static enum model_status walk(struct walker *w, uint32_t node, struct model_label *label)
{
	const struct step_cache *cache = &w->of->steps.cache;
	enum model_status status;

	for (;;) {
		struct node at = cache->nodes[node];
		uint32_t next;

		switch (at.kind) {
		case NODE_UNKNOWN:
			status = run_step(w, label);
			if (status != MODEL_OK)
				return status;
			break;
		case NODE_READ:
			next = step_cache_next(cache, node, w->state[at.what]);
			if (next != STEP_CACHE_NONE) {
				node = next;
				break;
			}
			status = run_step(w, label);
			if (status != MODEL_OK)
				return status;
			break;
		case NODE_CHOICE:
			for (uint32_t i = 0; i < node_alternatives(at); i++) {
				unsigned length = label->length;

				label->choice[label->length++] = (uint8_t)i;
				next = step_cache_next(cache, node, i);
				if (next == STEP_CACHE_NONE) {
					status = run_step(w, label);
					if (status != MODEL_OK)
						return status;
					next = step_cache_next(cache, node, i);
				}
				status = walk(w, next, label);
				if (status != MODEL_OK)
					return status;
				label->length = (uint8_t)length;
			}
			return MODEL_OK;
		case NODE_LEAF:
			return emit_leaf(w, at.what);
		}
	}
}

/* The leaf whose header is writes[header]. */
static enum model_status recall_leaf(struct walker *w, uint32_t header)
{
	const struct step_cache *cache = &w->of->steps.cache;
	const struct slot_write *writes = cache->writes + header + 1;
	const struct slot_write head = writes[-1];
	struct model_transition t = {.next = w->next, .stutters = true, .changed = w->changed};
	enum model_status status;

	if ((head.slot & LEAF_IS_MORE) != 0) {
		status = emit_leaf(w, head.number);
		memcpy(w->next, w->state, w->of->model.words * sizeof(*w->next));
		return status;
	}
	w->recalled++;
	for (uint32_t i = 0; i < head.slot; i++) {
		const struct slot_write to = writes[i];

		if (w->next[to.slot] == to.number)
			continue;
		w->next[to.slot] = to.number;
		w->changed[t.n_changed++] = (uint16_t)to.slot;
	}
	t.stutters = t.n_changed == 0;
	status = w->emit(w->arg, &t) ? MODEL_STOPPED : MODEL_OK;
	for (size_t i = 0; i < t.n_changed; i++)
		w->next[w->changed[i]] = w->state[w->changed[i]];
	return status;
}

/* walk() without learning, and without the labels of most steps: what a search spends its time with. */
static enum model_status recall_from(struct walker *w, struct branch at)
{
	const struct step_cache *cache = &w->of->steps.cache;

	while (branch_kind(at) == NODE_READ)
		at = step_cache_walk(cache, at, w->state[branch_what(at)]);
	switch (branch_kind(at)) {
	case NODE_LEAF:
		return recall_leaf(w, at.first);
	case NODE_CHOICE:
		for (uint32_t i = 0; i < (branch_what(at) & UINT8_MAX); i++) {
			enum model_status status = recall_from(w, step_cache_walk(cache, at, i));

			if (status != MODEL_OK)
				return status;
		}
		return MODEL_OK;
	default:
		return MODEL_UNKNOWN;
	}
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	struct collapsed *c = self;
	struct model_label label = {0};

	c->walker.state = state;
	c->walker.emit = emit;
	c->walker.arg = arg;
	c->walker.error = e;
	return walk(&c->walker, STEP_CACHE_ROOT, &label);
}

static void reader_free(void *reader)
{
	struct walker *w = reader;

	if (!w)
		return;
	w->of->recalled += w->recalled;
	free(w->next);
	free(w->changed);
	symmetry_reader_free(w->symmetry);
	free(w);
}

static void *reader_new(void *self)
{
	struct collapsed *c = self;
	struct walker *w = apart_new(1, sizeof(*w));

	if (!w)
		return NULL;
	w->of = c;
	w->next = apart_new(c->world->n_slots + 1, sizeof(*w->next));
	w->changed = apart_new(c->world->n_slots + 1, sizeof(*w->changed));
	w->symmetry = symmetry_reader_new();
	if (w->next && w->changed && w->symmetry)
		return w;
	reader_free(w);
	return NULL;
}

static enum model_status recall(void *reader, const uint32_t *state, model_emit *emit, void *arg)
{
	struct walker *w = reader;

	w->state = state;
	w->emit = emit;
	w->arg = arg;
	memcpy(w->next, state, w->of->model.words * sizeof(*w->next));
	return recall_from(w, step_cache_branch(&w->of->steps.cache, STEP_CACHE_ROOT));
}

static enum model_status recall_representative(void *reader, const uint32_t *state, uint32_t *out)
{
	struct walker *w = reader;

	return symmetry_recall(&w->of->symmetry, w->symmetry, state, out);
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
	coverage_forget(c->steps.machine->coverage);
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

static int save(void *self, const struct sink *sink, struct error *e)
{
	const struct collapsed *c = self;
	const uint32_t begun[2] = {c->began, c->wrong_guesses};

	return sink_write(sink, begun, sizeof(begun), e) || persist_save(&c->steps, &c->symmetry, sink, e)
	               ? -1
	               : 0;
}

static int restore(void *self, const struct source *source, struct error *e)
{
	struct collapsed *c = self;
	uint32_t begun[2];

	if (source_read(source, begun, sizeof(begun), e))
		return -1;
	c->began = begun[0] != 0;
	c->wrong_guesses = begun[1];
	return persist_restore(&c->steps, &c->symmetry, source, e);
}

static bool plausible(void *self, const uint32_t *state)
{
	struct collapsed *c = self;

	for (unsigned s = 0; s < c->world->n_slots; s++) {
		if (state[s] >= steps_dictionary(&c->steps, s)->n)
			return false;
	}
	return true;
}

struct collapsed *collapsed_new(const struct world *w, const struct collapsed_options *options,
                                struct error *e)
{
	struct collapsed *c = calloc(1, sizeof(*c));

	if (c)
		c->walker = (struct walker){
		        .of = c, .learning = true, .next = calloc(w->n_slots + 1, sizeof(*c->walker.next))};
	if (!c || !c->walker.next || steps_init(&c->steps, w, e) ||
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
	        .processes = w->config.cpus,
	        .initial = initial,
	        .successors = successors,
	        .representative = representative,
	        .reader_new = reader_new,
	        .reader_free = reader_free,
	        .recall = recall,
	        .recall_representative = recall_representative,
	        .save = save,
	        .restore = restore,
	        .plausible = plausible,
	        .memory = memory,
	};
	/* Where nothing is like anything else every state is its own, and an engine learns what a step has changed. */
	if (c->symmetry.n == 1)
		c->model.representative = NULL;
	return c;
}

void collapsed_free(struct collapsed *c)
{
	if (!c)
		return;
	symmetry_free(&c->symmetry);
	steps_free(&c->steps);
	free(c->walker.next);
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

const struct coverage *collapsed_coverage(const struct collapsed *c)
{
	return c->steps.machine->coverage;
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
	        .steps_recalled = c->recalled + c->walker.recalled,
	        .cache_nodes = c->steps.cache.n_nodes,
	        .cache_leaves = c->steps.cache.n_leaves,
	        .shared = c->steps.learnt.shared,
	        .words = c->model.words,
	        .permutations = c->symmetry.n,
	        .wrong_guesses = c->steps.learnt.wrong_guesses,
	};
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		counts->contents[i] = c->steps.dictionary[i].n;
}
