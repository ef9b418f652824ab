/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <ck_pr.h>

#include "checker/search.h"
#include "checker/sync.h"

/* A flag for all workers, which is looked at again and again, and acted upon when the phase has ended. */
static void need(struct search *s, unsigned what)
{
	ck_pr_or_uint(&s->need, what);
}

/* Room for one more element. */
static bool reserve(void **array, size_t element, size_t n, size_t *size)
{
	size_t larger = *size ? 2 * *size : 64;
	void *memory;

	if (n < *size)
		return true;
	memory = realloc(*array, larger * element);
	if (!memory)
		return false;
	*array = memory;
	*size = larger;
	return true;
}

static bool sight(struct worker *w, uint64_t claim, uint32_t violated, uint32_t cause)
{
	void *sightings = w->sightings;
	bool room = reserve(&sightings, sizeof(*w->sightings), w->n_sightings, &w->sightings_size);

	w->sightings = sightings;
	if (!room) {
		need(w->search, NEED_MEMORY);
		return false;
	}
	w->sightings[w->n_sightings++] = (struct sighting){claim, violated, cause};
	return true;
}

/* Claims a state, if that is of use. Returns what must be done first, or 0. */
static unsigned claim(struct worker *w, uint64_t root, uint64_t claim)
{
	struct search *s = w->search;
	int64_t slot = claims_add(&s->claims, root, claim);
	void *candidates = w->candidates;
	bool room;

	if (slot == CLAIMS_LOST)
		return 0;
	if (slot == CLAIMS_FULL)
		return NEED_CLAIMS;
	room = reserve(&candidates, sizeof(*w->candidates), w->n_candidates, &w->candidates_size);
	w->candidates = candidates;
	if (!room)
		return NEED_MEMORY;
	w->candidates[w->n_candidates++] = (struct candidate){root, claim, (uint32_t)slot};
	return 0;
}

/* Which states of the batch, whose roots are known, have not been visited. Returns how many. */
static unsigned find_new(struct worker *w, unsigned *new)
{
	const struct search *s = w->search;
	const uint64_t *roots = w->batch.roots;
	uint64_t fetched[TREE_BATCH];
	unsigned n = w->batch.n, n_new = 0;

	if (!s->bits.words) {
		for (unsigned i = 0; i < n; i++)
			fetched[i] = keyset_fetch(&s->set, roots[i]);
		return keyset_missing(&s->set, roots, fetched, n, new);
	}
	for (unsigned i = 0; i < n; i++)
		bitstate_prefetch(&s->bits, w->keys[i]);
	for (unsigned i = 0; i < n; i++) {
		if (!bitstate_contains(&s->bits, w->keys[i]))
			new[n_new++] = i;
	}
	return n_new;
}

void search_look_up(struct worker *w)
{
	struct search *s = w->search;
	struct tree_batch *batch = &w->batch;
	unsigned new[TREE_BATCH], n_new = 0, what = 0;
	uint64_t bits = 0;

	if (!tree_batch_roots(&s->tree, batch))
		what = NEED_TREE;
	for (unsigned i = 0; i < batch->n; i++)
		bits |= batch->roots[i];
	if (what == 0 && !s->bits.words && !keyset_fits(&s->set, bits))
		what = NEED_KEYS;
	if (what == 0)
		n_new = find_new(w, new);
	for (unsigned i = 0; i < n_new; i++)
		claims_fetch(&s->claims, batch->roots[new[i]]);
	for (unsigned i = 0; what == 0 && i < n_new; i++)
		what = claim(w, batch->roots[new[i]], w->claims[new[i]]);
	if (what != 0)
		need(s, what);
	tree_batch_clear(&s->tree, batch);
}

int search_batch(struct worker *w, const uint32_t *state, const uint16_t *changed, size_t n_changed,
                 uint64_t claim)
{
	struct search *s = w->search;
	const struct model *model = s->model;

	w->claims[w->batch.n] = claim;
	if (s->bits.words)
		w->keys[w->batch.n] = bitstate_key(state, model->words);
	if (!tree_batch_add(&s->tree, &w->cursor, &w->batch, state, changed, n_changed)) {
		for (size_t i = 0; i < model->words; i++)
			w->greatest[i] = state[i] > w->greatest[i] ? state[i] : w->greatest[i];
		need(s, NEED_LAYOUT);
		return 1;
	}
	if (w->batch.n == TREE_BATCH)
		search_look_up(w);
	return 0;
}

/* What becomes of a successor, or the one that stands for it. Non-zero if the enumeration is to stop. */
static int visit(struct worker *w, const struct model_transition *t, uint64_t claim)
{
	struct search *s = w->search;
	const struct model *model = s->model;
	const uint32_t *state = t->next;
	const uint16_t *changed = t->changed;

	if (model->representative) {
		w->status = w->learning
		                    ? model->representative(model->self, state, w->representative, s->error)
		                    : model->recall_representative(w->reader, state, w->representative);
		if (w->status == MODEL_ITSELF) {
			w->status = MODEL_OK;
		} else if (w->status == MODEL_OK) {
			state = w->representative;
			changed = NULL;
		} else {
			return 1;
		}
	}
	return s->deliver ? s->deliver(w, state, claim)
	                  : search_batch(w, state, changed, t->n_changed, claim);
}

static int on_step(void *arg, const struct model_transition *t)
{
	struct worker *w = arg;
	const struct check_options *options = w->search->options;
	uint32_t violated = t->violated & options->properties;
	uint64_t claim;

	if (w->step == CLAIM_STEPS_MAX) {
		w->status = MODEL_ERROR;
		if (w->learning)
			error_set(w->search->error, "a state has more than %d steps", CLAIM_STEPS_MAX);
		return 1;
	}
	claim = claim_make(w->place, w->step++);
	w->has_successor |= !t->stutters;
	if (violated != 0) {
		if (!sight(w, claim, violated, t->cause))
			return 1;
		if (!options->all) {
			w->stopped = true;
			return 1;
		}
	}
	return t->next ? visit(w, t, claim) : 0;
}

static bool deadlock_is_searched(const struct search *s)
{
	int property = s->model->deadlock_property;

	return property >= 0 && (s->options->properties >> property & 1) != 0;
}

enum model_status search_ask(struct worker *w, const uint32_t *state, uint64_t place, bool learning)
{
	struct search *s = w->search;
	const struct model *model = s->model;
	size_t sightings = w->n_sightings;
	enum model_status status;

	w->place = place;
	w->step = 0;
	w->learning = learning;
	w->has_successor = w->stopped = false;
	w->status = MODEL_OK;
	status = learning ? model->successors(model->self, state, on_step, w, s->error)
	                  : model->recall(w->reader, state, on_step, w);
	if (status == MODEL_STOPPED && w->status != MODEL_OK)
		status = w->status;
	if (!learning && (status == MODEL_UNKNOWN || status == MODEL_ERROR)) {
		w->n_sightings = sightings;
		return MODEL_UNKNOWN;
	}
	if (status == MODEL_OK && !w->has_successor && deadlock_is_searched(s))
		(void)sight(w, claim_make(place, CLAIM_STEPS_MAX + 1),
		            UINT32_C(1) << model->deadlock_property, 0);
	return status;
}

/* Expands the state at a place. Returns what the model says. */
static enum model_status expand(struct worker *w, uint32_t at, bool learning)
{
	struct search *s = w->search;
	enum model_status status;

	tree_go(&s->tree, &w->cursor, *queue_at(&s->queue, s->expanded + at));
	status = search_ask(w, w->cursor.state, at, learning);
	s->places[at].transitions = w->step;
	if (status == MODEL_UNKNOWN && !learning)
		s->places[at].unknown = w->has_unknown = true;
	return status;
}

/* The candidates from number `first` on belong to these places; not to those where the model must learn first. */
static void hand_over(struct worker *w, size_t first)
{
	struct place *places = w->search->places;
	size_t kept = first;

	for (size_t i = first; i < w->n_candidates; i++) {
		struct place *p = &places[claim_place(w->candidates[i].claim)];

		if (p->unknown)
			continue;
		if (p->candidates++ == 0) {
			p->worker = (uint16_t)w->number;
			p->first = (uint32_t)kept;
		}
		w->candidates[kept++] = w->candidates[i];
	}
	w->n_candidates = kept;
}

/*
 * So many states ahead the pieces of one are fetched, perhaps from another CPU's cache; and twice as many ahead its place in
 * the chunk, which another has written to: stores reach the cache in order, and one that has to wait for its line holds
 * up all that come after it.
 */
enum { AHEAD = 4 };

/* What the model knows, block by block. */
static void recall_blocks(void *arg, unsigned number)
{
	struct search *s = arg;
	struct worker *w = &s->workers[number];

	for (;;) {
		/* Only a counter: which worker takes which block does not matter. */
		unsigned block = ck_pr_faa_uint(&s->next_block, 1);
		uint32_t at = block * BLOCK_STATES, end = at + BLOCK_STATES;
		size_t first = w->n_candidates;

		if (at >= s->n_places)
			return;
		w->blocks[w->n_blocks++] = (uint8_t)block;
		team_pause(s->team, number);
		for (; at < end && at < s->n_places; at++) {
			if (ck_pr_load_uint(&s->need) != 0)
				return;
			SYNC_FETCH(&s->places[at + 2 * AHEAD]);
			if (at + AHEAD < s->n_places)
				tree_prefetch(&s->tree, *queue_at(&s->queue, s->expanded + at + AHEAD));
			s->places[at] = (struct place){0};
			(void)expand(w, at, false);
		}
		search_look_up(w);
		hand_over(w, first);
	}
}

/* The first violation so far, if it ends the search: what comes later does not matter any more. */
static void find_first_sighting(struct search *s)
{
	for (unsigned i = 0; !s->options->all && i < s->n_workers; i++) {
		const struct worker *w = &s->workers[i];

		for (size_t k = 0; k < w->n_sightings; k++) {
			if (w->sightings[k].claim < s->first_sighting)
				s->first_sighting = w->sightings[k].claim;
		}
	}
}

static bool has_unknown(const struct search *s)
{
	bool unknown = !s->model->recall;

	for (unsigned i = 0; i < s->n_workers; i++)
		unknown |= s->workers[i].has_unknown;
	return unknown;
}

bool search_may_go_on(struct worker *w, enum model_status status)
{
	struct search *s = w->search;

	switch (status) {
	case MODEL_OK:
		return true;
	case MODEL_STOPPED:
		if (w->stopped || s->need != 0)
			return true;
		error_set(s->error, "the model stopped an enumeration that nobody asked it to stop");
		break;
	case MODEL_REFINED:
		/* A refinement or a failure makes void whatever was emitted before it. */
		s->outcome = REFINED;
		return false;
	case MODEL_UNKNOWN:
	case MODEL_ITSELF:
		error_set(s->error, "the model does not know its own steps");
		break;
	case MODEL_ERROR:
		break;
	}
	s->outcome = FAILED;
	return false;
}

/* What the model does not know yet, in order. */
static void ask_the_model(struct search *s)
{
	struct worker *w = &s->workers[0];

	if (!has_unknown(s))
		return;
	for (uint32_t at = 0; at < s->n_places && s->need == 0; at++) {
		struct place *p = &s->places[at];
		size_t first = w->n_candidates;

		if (!p->unknown)
			continue;
		find_first_sighting(s);
		if (at > claim_place(s->first_sighting))
			return;
		p->unknown = false;
		s->asked++;
		if (!search_may_go_on(w, expand(w, at, true)))
			return;
		search_look_up(w);
		hand_over(w, first);
	}
}

static void begin(struct search *s)
{
	s->next_block = 0;
	s->need = s->asked = 0;
	s->first_sighting = CLAIM_NONE;
	/* Otherwise whoever expands a place sets it up. */
	for (uint32_t i = 0; !s->model->recall && i < s->n_places; i++)
		s->places[i] = (struct place){.unknown = true};
	for (unsigned i = 0; i < s->n_workers; i++) {
		struct worker *w = &s->workers[i];

		tree_batch_clear(&s->tree, &w->batch);
		w->n_blocks = 0;
		w->has_unknown = false;
		w->n_winners = 0;
		w->n_candidates = 0;
		w->n_sightings = w->n_exceptions = w->n_homeless = 0;
	}
}

void search_expand(struct search *s)
{
	do {
		begin(s);
		if (s->model->recall && s->n_places > BLOCK_STATES)
			team_do(s->team, recall_blocks, s);
		else if (s->model->recall)
			recall_blocks(s, 0); /* not worth waking anybody */
		if (s->need == 0)
			ask_the_model(s);
		find_first_sighting(s);
		if (s->outcome != GO_ON || s->need == 0)
			return;
		claims_clear_all(&s->claims);
	} while (search_grow(s) == 0);
}
