/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <ck_pr.h>

#include "checker/search.h"

static struct candidate *candidates_of(const struct search *s, const struct place *p)
{
	return s->workers[p->worker].candidates + p->first;
}

typedef void visit_place(struct worker *w, struct place *p);

typedef void visit_block(struct worker *w, struct place *first, struct place *end);

/* No order: whoever takes a block has it for itself, and what was done in the phase before is seen anyway. */
static void take(struct worker *w, unsigned block, visit_block *visit)
{
	struct search *s = w->search;
	struct place *first = s->places + (size_t)block * BLOCK_STATES, *end = first + BLOCK_STATES;

	if (ck_pr_load_uint(&s->taken[block]) == s->phase ||
	    ck_pr_fas_uint(&s->taken[block], s->phase) == s->phase)
		return;
	team_pause(s->team, w->number);
	visit(w, first, end < s->places + s->n_places ? end : s->places + s->n_places);
}

/*
 * Calls a function for all places, block by block. A worker begins with the blocks that it has expanded: what is needed for
 * them is in its cache, and to have it from another's takes longer than from memory.
 */
static void each_block(struct search *s, unsigned number, visit_block *visit)
{
	struct worker *w = &s->workers[number];

	for (unsigned i = 0; i < w->n_blocks; i++)
		take(w, w->blocks[i], visit);
	for (unsigned block = 0; block * BLOCK_STATES < s->n_places; block++)
		take(w, block, visit);
}

static void by_all(struct search *s, team_task *task)
{
	s->phase++;
	if (s->n_places > BLOCK_STATES)
		team_do(s->team, task, s);
	else
		task(s, 0);
}

/* What a state is known by in s->bits. */
static struct bitstate_key key_of(struct worker *w, uint64_t root)
{
	tree_go(&w->search->tree, &w->cursor, root);
	return bitstate_key(w->cursor.state, w->search->model->words);
}

/* Adds a state to the visited set. Returns false if there is no place for it. */
static bool add(struct worker *w, uint64_t root)
{
	struct search *s = w->search;

	if (!s->bits.words)
		return keyset_add(&s->set, root);
	bitstate_add(&s->bits, key_of(w, root));
	return true;
}

/* Keeps the claims that have won, in order; none behind the violation that ends the search. */
static void filter_place(struct worker *w, struct place *p)
{
	struct search *s = w->search;
	struct candidate *all = candidates_of(s, p);

	for (uint32_t i = 0; i < p->candidates; i++) {
		if (claims_winner(&s->claims, all[i].slot) != all[i].claim ||
		    all[i].claim >= s->first_sighting)
			continue;
		if (s->bits.words)
			p->confusion += bitstate_confusion(&s->bits, key_of(w, all[i].root));
		all[p->children++] = all[i];
	}
	w->n_winners += p->children;
}

static void filter_block(struct worker *w, struct place *first, struct place *end)
{
	for (struct place *p = first; p < end; p++)
		filter_place(w, p);
}

static void filter(void *arg, unsigned number)
{
	each_block(arg, number, filter_block);
}

static bool keep_exception(struct worker *w, uint64_t child, uint32_t step)
{
	if (w->n_exceptions == w->exceptions_size) {
		size_t size = w->exceptions_size ? 2 * w->exceptions_size : 16;
		struct ancestry_exception *larger = realloc(w->exceptions, size * sizeof(*larger));

		if (!larger)
			return false;
		w->exceptions = larger;
		w->exceptions_size = size;
	}
	w->exceptions[w->n_exceptions++] = (struct ancestry_exception){child, step};
	return true;
}

bool search_keep_homeless(struct worker *w, uint64_t root)
{
	if (w->n_homeless == w->homeless_size) {
		size_t size = w->homeless_size ? 2 * w->homeless_size : 16;
		uint64_t *larger = realloc(w->homeless, size * sizeof(*larger));

		if (!larger)
			return false;
		w->homeless = larger;
		w->homeless_size = size;
	}
	w->homeless[w->n_homeless++] = root;
	return true;
}

/* Into the visited set. */
static void add_place(struct worker *w, const struct place *p)
{
	const struct candidate *winners = candidates_of(w->search, p);

	for (uint32_t i = 0; i < p->children; i++) {
		if (!add(w, winners[i].root) && !search_keep_homeless(w, winners[i].root))
			ck_pr_or_uint(&w->search->need, NEED_MEMORY);
	}
}

/* Into the queue and the ancestry. */
static void number_place(struct worker *w, const struct place *p)
{
	struct search *s = w->search;
	const struct candidate *winners = candidates_of(s, p);

	for (uint32_t i = 0; i < p->children; i++) {
		const struct candidate *c = &winners[i];
		uint64_t number = p->number + i;
		uint32_t step = claim_step(c->claim);

		*queue_at(&s->queue, number) = c->root;
		claims_clear(&s->claims, c->slot);
		if (!ancestry_step(&s->ancestry, number, step) && !keep_exception(w, number, step))
			ck_pr_or_uint(&s->need, NEED_MEMORY);
	}
}

static void fetch_place(struct worker *w, const struct place *p)
{
	struct search *s = w->search;
	const struct candidate *winners = candidates_of(s, p);

	for (uint32_t i = 0; !s->bits.words && i < p->children; i++)
		keyset_fetch_to_add(&s->set, winners[i].root);
}

/*
 * An atomic operation waits until what was stored before it has reached the cache: nothing else is stored between those
 * that add to the set.
 */
static void store_block(struct worker *w, struct place *first, struct place *end)
{
	for (const struct place *p = first; p < end; p++)
		fetch_place(w, p);
	for (const struct place *p = first; p < end; p++)
		add_place(w, p);
	for (const struct place *p = first; p < end; p++)
		number_place(w, p);
}

static void store(void *arg, unsigned number)
{
	each_block(arg, number, store_block);
}

static int by_child(const void *a, const void *b)
{
	const struct ancestry_exception *x = a, *y = b;

	return x->child < y->child ? -1 : x->child > y->child;
}

int search_store_homeless(struct search *s)
{
	for (unsigned i = 0; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->workers[i].n_homeless; k++) {
			while (!keyset_add(&s->set, s->workers[i].homeless[k])) {
				if (search_grow_set(s, keyset_comfort(&s->set)) != 0)
					return 1;
			}
		}
	}
	return 0;
}

/* What no worker could do alone. */
static int store_rest(struct search *s)
{
	struct worker *first = &s->workers[0];

	for (unsigned i = 1; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->workers[i].n_exceptions; k++) {
			const struct ancestry_exception x = s->workers[i].exceptions[k];

			if (!keep_exception(first, x.child, x.step))
				return search_limited(s, CHECK_REASON_NO_MEMORY);
		}
	}
	if (first->n_exceptions > 1)
		qsort(first->exceptions, first->n_exceptions, sizeof(*first->exceptions), by_child);
	for (size_t k = 0; k < first->n_exceptions; k++) {
		if (!ancestry_exception(&s->ancestry, first->exceptions[k].child, first->exceptions[k].step))
			return search_limited(s, CHECK_REASON_NO_MEMORY);
	}
	return search_store_homeless(s);
}

static int by_claim(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;

	return x->claim < y->claim ? -1 : x->claim > y->claim;
}

void search_note(struct search *s, struct sighting *all, size_t n, uint64_t first, uint64_t last)
{
	qsort(all, n, sizeof(*all), by_claim);
	for (size_t i = 0; s->outcome == GO_ON && i < n && all[i].claim <= last; i++) {
		for (uint32_t violated = all[i].violated; violated != 0; violated &= violated - 1) {
			const struct finding finding = {
			        .property = __builtin_ctz(violated),
			        .cause = all[i].cause,
			        .state = first + claim_place(all[i].claim),
			        .by_step = claim_step(all[i].claim) <= CLAIM_STEPS_MAX,
			};
			enum findings_status status = findings_add(&s->findings, &finding);

			if (status == FINDINGS_FULL)
				(void)search_limited(s, CHECK_REASON_FINDINGS);
			else if (status == FINDINGS_NO_MEMORY)
				(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		}
	}
}

static int note_sightings(struct search *s, uint64_t last)
{
	struct sighting *all;
	size_t n = 0;

	for (unsigned i = 0; i < s->n_workers; i++)
		n += s->workers[i].n_sightings;
	if (n == 0)
		return 0;
	all = calloc(n, sizeof(*all));
	if (!all)
		return search_limited(s, CHECK_REASON_NO_MEMORY);
	n = 0;
	for (unsigned i = 0; i < s->n_workers; i++) {
		const struct worker *w = &s->workers[i];

		if (w->n_sightings > 0)
			memcpy(all + n, w->sightings, w->n_sightings * sizeof(*all));
		n += w->n_sightings;
	}
	search_note(s, all, n, s->expanded, last);
	free(all);
	return s->outcome != GO_ON;
}

/* The steps before and including that of a claim. */
static uint64_t transitions_until(const struct search *s, uint64_t claim)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < claim_place(claim); i++)
		n += s->places[i].transitions;
	if (claim_step(claim) > CLAIM_STEPS_MAX)
		return n + s->places[claim_place(claim)].transitions;
	return n + claim_step(claim) + 1;
}

/* The claim of winner number n, counted from 0. */
static uint64_t claim_of(const struct search *s, uint64_t n)
{
	const struct place *p = s->places;

	for (; n >= p->children; p++)
		n -= p->children;
	return candidates_of(s, p)[n].claim;
}

/* The violation with the least claim ends the search. */
static void end_by_violation(struct search *s)
{
	for (unsigned i = 0; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->workers[i].n_sightings; k++) {
			const struct sighting *x = &s->workers[i].sightings[k];

			if (x->claim != s->first_sighting)
				continue;
			s->violation = (struct finding){.property = __builtin_ctz(x->violated),
			                                .state = s->expanded + claim_place(x->claim),
			                                .by_step = claim_step(x->claim) <= CLAIM_STEPS_MAX};
		}
	}
	s->outcome = VIOLATED;
}

/*
 * If the search ends inside the chunk the result's counts are what they would be at that moment of a sequential search. The
 * search's own stay: it could go on from here.
 */
static bool ends(struct search *s, uint64_t winners)
{
	uint64_t max = s->options->max_states;
	uint64_t last = s->first_sighting;

	if (max != 0 && s->count + winners > max) {
		last = claim_of(s, max - s->count);
		(void)note_sightings(s, last);
		s->result->states = max;
		(void)search_limited(s, CHECK_REASON_STATES);
	} else if (last != CLAIM_NONE) {
		end_by_violation(s);
		s->result->states = s->count + winners;
	} else {
		return note_sightings(s, CLAIM_NONE) != 0;
	}
	s->result->transitions = s->transitions + transitions_until(s, last);
	return true;
}

void search_commit(struct search *s)
{
	uint64_t winners = 0, number = s->count, transitions = 0;

	by_all(s, filter);
	for (unsigned i = 0; i < s->n_workers; i++)
		winners += s->workers[i].n_winners;
	if (ends(s, winners))
		return;
	if (search_exceeds(s, queue_growth(&s->queue, s->count + winners) +
	                              ancestry_growth(&s->ancestry, s->n_places, winners))) {
		(void)search_limited(s, CHECK_REASON_MEMORY);
		return;
	}
	if (!queue_reserve(&s->queue, s->count + winners) ||
	    !ancestry_reserve(&s->ancestry, s->n_places, winners)) {
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		return;
	}
	if (search_grow_set(s, winners) != 0)
		return;
	s->torn = true;
	for (uint32_t i = 0; i < s->n_places; i++) {
		struct place *p = &s->places[i];

		p->number = number;
		number += p->children;
		transitions += p->transitions;
		s->confusion += p->confusion;
		ancestry_parent(&s->ancestry, p->children);
	}
	by_all(s, store);
	if (s->need != 0)
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
	else
		s->torn = store_rest(s) != 0;
	s->set.count += winners;
	s->count = number;
	s->transitions += transitions;
	s->expanded += s->n_places;
	queue_forget(&s->queue, s->expanded);
}
