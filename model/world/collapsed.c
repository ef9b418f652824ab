/* SPDX-License-Identifier: MIT */
#include "collapsed.h"

#include <stdlib.h>
#include <string.h>

#include "dictionary.h"
#include "learn.h"
#include "memory.h"
#include "slots.h"
#include "step_cache.h"

enum { PATH_MAX_EVENTS = 256 };

/* One thing that a step did and the rest of it may depend on. */
struct path_event {
	struct node node;
	uint32_t value; /* what was read or chosen */
};

struct collapsed {
	const struct world *world;
	struct machine *machine;
	struct model model;
	struct learnt learnt;
	struct dictionary dictionary[SLOT_CLASSES];
	struct step_cache cache;
	uint32_t *scratch; /* one slot's words */
	uint32_t *next;    /* a successor */
	struct slot_write *writes;
	const uint32_t *state; /* whose steps are being made */
	struct path_event path[PATH_MAX_EVENTS];
	unsigned path_length;
	bool path_too_long, out_of_memory, inconsistent;
	uint64_t steps_run, steps_recalled;
	bool began;             /* a search has */
	unsigned wrong_guesses; /* known when the last one began */
};

static struct dictionary *dictionary_of(struct collapsed *c, unsigned slot)
{
	return &c->dictionary[c->world->slots[slot].class];
}

static void on_path(struct collapsed *c, enum node_kind kind, uint32_t what, uint32_t value)
{
	if (c->path_length == PATH_MAX_EVENTS) {
		c->path_too_long = true;
		return;
	}
	c->path[c->path_length++] = (struct path_event){{kind, what}, value};
}

static void load_slot(void *arg, struct machine *m, unsigned slot)
{
	struct collapsed *c = arg;
	uint32_t count;
	const uint32_t *words = dictionary_words(dictionary_of(c, slot), c->state[slot], &count);

	slot_scatter(m, &c->world->slots[slot], words, count);
	on_path(c, NODE_READ, slot, c->state[slot]);
}

static void choice_made(void *arg, struct machine *m, unsigned alternatives)
{
	on_path(arg, NODE_CHOICE, alternatives, m->choices[m->n_choices - 1].answer);
}

static uint32_t intern_slot(struct collapsed *c, unsigned slot)
{
	uint32_t n = slot_gather(c->machine, &c->world->slots[slot], c->scratch);
	uint32_t number = dictionary_intern(dictionary_of(c, slot), c->scratch, n);

	if (number == UINT32_MAX)
		c->out_of_memory = true;
	return number;
}

/* What the step that the machine has just made leaves behind. */
static struct leaf make_leaf(struct collapsed *c)
{
	struct machine *m = c->machine;
	struct leaf leaf = {
	        .violated = m->violated, .wrote = m->wrote, .ended = m->ended, .disabled = m->disabled};
	unsigned first = c->world->slot_cpu[m->cpu_number];

	machine_label(m, &leaf.label);
	leaf.fresh = (uint16_t)m->fresh;
	if (m->ended || m->disabled) {
		memory_forget_spent(m);
		return leaf;
	}
	machine_canonicalise(m);
	for (unsigned s = first; s < first + 4; s++)
		m->dirty[s] = m->loaded[s];
	for (unsigned s = 0; s < c->world->n_slots; s++) {
		uint32_t number;

		if (!m->dirty[s])
			continue;
		number = intern_slot(c, s);
		/* Writing what was read is no write, unless the read's value gets lost: new FP data. */
		if (number != c->state[s])
			c->writes[leaf.n_writes++] = (struct slot_write){s, number};
	}
	return leaf;
}

/* Enters the step just made into the cache. Returns the leaf's index, or STEP_CACHE_NONE when out of memory.
 */
static uint32_t remember(struct collapsed *c, const struct leaf *leaf)
{
	uint32_t node = STEP_CACHE_ROOT;

	for (unsigned i = 0; i < c->path_length; i++) {
		struct node *at = &c->cache.nodes[node];

		if (at->kind == NODE_UNKNOWN) {
			*at = c->path[i].node;
		} else if (at->kind != c->path[i].node.kind || at->what != c->path[i].node.what) {
			/* The step was no function of what it read: a bug in the model, not in the image. */
			c->inconsistent = true;
			return STEP_CACHE_NONE;
		}
		node = step_cache_extend(&c->cache, node, c->path[i].value);
		if (node == STEP_CACHE_NONE)
			return STEP_CACHE_NONE;
	}
	if (c->cache.nodes[node].kind == NODE_UNKNOWN) {
		uint32_t index = step_cache_leaf(&c->cache, leaf, c->writes);

		if (index == STEP_CACHE_NONE)
			return STEP_CACHE_NONE;
		c->cache.nodes[node] = (struct node){NODE_LEAF, index};
	}
	return c->cache.nodes[node].what;
}

static enum model_status out_of_memory(struct error *e)
{
	error_set(e, "out of memory");
	return MODEL_ERROR;
}

/* Steps have changed: what is remembered of them is void. */
static enum model_status forget_steps(struct collapsed *c, struct error *e)
{
	step_cache_free(&c->cache);
	return step_cache_init(&c->cache) ? MODEL_OK : out_of_memory(e);
}

/* Contents too: a new search is not to pay for those of the last one. */
static enum model_status forget_all(struct collapsed *c, struct error *e)
{
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		dictionary_free(&c->dictionary[i]);
	return forget_steps(c, e);
}

/* Makes the step from c->state that begins with the choices in `label`. */
static enum model_status run_step(struct collapsed *c, const struct model_label *label, struct error *e)
{
	struct machine *m = c->machine;
	struct leaf leaf;

	memset(m->loaded, 0, c->world->n_slots);
	memset(m->dirty, 0, c->world->n_slots);
	c->path_length = 0;
	c->steps_run++;
	if (machine_step(m, label, e))
		return MODEL_ERROR;
	if (c->learnt.refined) {
		c->learnt.refined = false;
		memory_forget_spent(m);
		return forget_steps(c, e) == MODEL_OK ? MODEL_REFINED : MODEL_ERROR;
	}
	if (c->path_too_long) {
		error_set(e, "a step reads more than %d parts of the state", PATH_MAX_EVENTS);
		return MODEL_ERROR;
	}
	leaf = make_leaf(c);
	if (!c->out_of_memory && remember(c, &leaf) != STEP_CACHE_NONE)
		return MODEL_OK;
	if (c->inconsistent) {
		error_set(e, "internal fault: a step depends on more than it reads");
		return MODEL_ERROR;
	}
	return out_of_memory(e);
}

static enum model_status emit_leaf(struct collapsed *c, uint32_t index, model_emit *emit, void *arg,
                                   struct error *e)
{
	const struct leaf *leaf = &c->cache.leaves[index];
	struct model_transition t = {.label = leaf->label, .violated = leaf->violated};

	if (leaf->disabled)
		return MODEL_OK;
	if (!leaf->ended) {
		memcpy(c->next, c->state, c->model.words * sizeof(*c->next));
		for (uint32_t i = 0; i < leaf->n_writes; i++) {
			const struct slot_write *w = &c->cache.writes[leaf->writes + i];

			c->next[w->slot] = w->number;
		}
		if (leaf->wrote >= 0) {
			for (unsigned s = 0; s < c->world->n_slots; s++) {
				if (s == leaf->fresh)
					continue;
				c->next[s] = dictionary_stale(dictionary_of(c, s), c->next[s],
				                              (unsigned)leaf->wrote);
				if (c->next[s] == UINT32_MAX)
					return out_of_memory(e);
			}
		}
		t.next = c->next;
	}
	return emit(arg, &t) ? MODEL_STOPPED : MODEL_OK;
}

/* All steps below a node of the cache; `label` holds the choices on the way to it. */
static enum model_status walk(struct collapsed *c, uint32_t node, struct model_label *label, model_emit *emit,
                              void *arg, struct error *e)
{
	enum model_status status;

	for (;;) {
		struct node at = c->cache.nodes[node];
		uint32_t next;

		switch (at.kind) {
		case NODE_UNKNOWN:
			status = run_step(c, label, e);
			if (status != MODEL_OK)
				return status;
			break;
		case NODE_READ:
			next = step_cache_next(&c->cache, node, c->state[at.what]);
			if (next != STEP_CACHE_NONE) {
				node = next;
				break;
			}
			status = run_step(c, label, e);
			if (status != MODEL_OK)
				return status;
			break;
		case NODE_CHOICE:
			for (uint32_t i = 0; i < at.what; i++) {
				unsigned length = label->length;

				label->choice[label->length++] = (uint8_t)i;
				next = step_cache_next(&c->cache, node, i);
				if (next == STEP_CACHE_NONE) {
					status = run_step(c, label, e);
					if (status != MODEL_OK)
						return status;
					next = step_cache_next(&c->cache, node, i);
				}
				status = walk(c, next, label, emit, arg, e);
				if (status != MODEL_OK)
					return status;
				label->length = (uint8_t)length;
			}
			return MODEL_OK;
		case NODE_LEAF:
			c->steps_recalled++;
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

/* The initial state. */
static enum model_status boot(void *self, uint32_t *state, struct error *e)
{
	struct collapsed *c = self;
	struct machine *m = c->machine;
	struct learnt *learnt = m->learnt;

	memset(m->loaded, 1, c->world->n_slots);
	m->learnt = NULL;
	if (machine_boot(m, e)) {
		m->learnt = learnt;
		return MODEL_ERROR;
	}
	m->learnt = learnt;
	memory_forget_spent(m);
	memory_never_stored(m);
	memset(m->dirty, 1, c->world->n_slots);
	for (unsigned i = 0; i < c->world->config.cpus; i++) {
		m->cpu_number = i;
		m->cpu = machine_cpu(m, i);
		machine_canonicalise(m);
	}
	for (unsigned s = 0; s < c->world->n_slots; s++)
		state[s] = intern_slot(c, s);
	return c->out_of_memory ? out_of_memory(e) : MODEL_OK;
}

/*
 * The engine begins, perhaps again. It searches with anonymous poison, unless a use of that cannot be
 * explained by a walk: then once with named poison, which finds the guess that is wrong.
 */
static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	struct collapsed *c = self;

	if (!c->learnt.anonymous) {
		struct model booting = c->model;
		enum model_status status;

		booting.initial = boot;
		status = learn_by_walking(&booting, e);

		if (status != MODEL_OK)
			return status;
		c->learnt.anonymous = !c->began || c->learnt.wrong_guesses > c->wrong_guesses;
		c->began = true;
		c->wrong_guesses = c->learnt.wrong_guesses;
	}
	return forget_all(c, e) == MODEL_OK ? boot(c, state, e) : MODEL_ERROR;
}

static size_t memory(void *self)
{
	const struct collapsed *c = self;
	size_t bytes = step_cache_memory(&c->cache);

	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		bytes += dictionary_memory(&c->dictionary[i]);
	return bytes;
}

struct collapsed *collapsed_new(const struct world *w, struct error *e)
{
	struct collapsed *c = calloc(1, sizeof(*c));
	uint32_t largest = 1;

	for (unsigned s = 0; s < w->n_slots; s++)
		largest = w->slots[s].words > largest ? w->slots[s].words : largest;
	if (c) {
		c->world = w;
		c->machine = machine_new(w);
		c->scratch = calloc(largest, sizeof(*c->scratch));
		c->next = calloc(w->n_slots + 1, sizeof(*c->next));
		c->writes = calloc(w->n_slots + 1, sizeof(*c->writes));
	}
	if (c && c->machine)
		c->machine->spent = calloc(w->ram_words, 1);
	if (!c || !c->machine || !c->machine->spent || !c->scratch || !c->next || !c->writes ||
	    !step_cache_init(&c->cache)) {
		collapsed_free(c);
		error_set(e, "out of memory");
		return NULL;
	}
	c->machine->learnt = &c->learnt;
	c->machine->load = load_slot;
	c->machine->load_arg = c;
	c->machine->chosen = choice_made;
	c->machine->chosen_arg = c;
	c->model = (struct model){
	        .self = c,
	        .words = w->n_slots,
	        .properties = PROPERTIES,
	        .property_names = world_property_names,
	        .deadlock_property = PROPERTY_STUCK,
	        .initial = initial,
	        .successors = successors,
	        .memory = memory,
	};
	return c;
}

void collapsed_free(struct collapsed *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		dictionary_free(&c->dictionary[i]);
	step_cache_free(&c->cache);
	machine_free(c->machine);
	free(c->scratch);
	free(c->next);
	free(c->writes);
	free(c);
}

const struct model *collapsed_model(struct collapsed *c)
{
	return &c->model;
}

const struct learnt *collapsed_learnt(const struct collapsed *c)
{
	return &c->learnt;
}

void collapsed_counts(const struct collapsed *c, struct collapsed_counts *counts)
{
	*counts = (struct collapsed_counts){
	        .steps_run = c->steps_run,
	        .steps_recalled = c->steps_recalled,
	        .cache_nodes = c->cache.n_nodes,
	        .cache_leaves = c->cache.n_leaves,
	        .shared = c->learnt.shared,
	};
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		counts->contents[i] = c->dictionary[i].n;
}
