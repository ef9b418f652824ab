/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <ck_pr.h>

#include "checker/distributed/shard.h"

/* Claims in order, each by how much it is more than the one before. */
static bool write_claims(struct shard *x)
{
	uint64_t last = 0;
	uint8_t *at;

	if (x->n_won * WIRE_NUMBER_MAX > x->claims_size) {
		uint8_t *claims = realloc(x->claims, x->n_won * WIRE_NUMBER_MAX);

		if (!claims)
			return false;
		x->claims = claims;
		x->claims_size = x->n_won * WIRE_NUMBER_MAX;
	}
	at = x->claims;
	for (size_t i = 0; i < x->n_won; i++) {
		at = wire_number(at, x->won[i].claim - last);
		last = x->won[i].claim;
	}
	x->claims_bytes = x->n_won == 0 ? 0 : (size_t)(at - x->claims);
	return true;
}

/* The claims of one rank's winners, one after the other. */
struct claim_reader {
	const uint8_t *at, *end;
	uint64_t claim;
};

static struct claim_reader read_claims(const struct ranks_part *part)
{
	const uint8_t *bytes = part->bytes;

	return (struct claim_reader){.at = bytes, .end = bytes + part->n};
}

static bool next_claim(struct claim_reader *r)
{
	uint64_t more;

	if (r->at == r->end)
		return false;
	r->at = wire_read_number(r->at, r->end, &more);
	if (!r->at) {
		r->at = r->end;
		return false;
	}
	r->claim += more;
	return true;
}

/* How many of all ranks' winners come before each of this rank's: both are in order. */
static void number_winners(struct shard *x)
{
	for (size_t i = 0; i < x->n_won; i++)
		x->won_numbers[i] = x->count + i;
	for (unsigned r = 0; r < x->ranks->count; r++) {
		struct claim_reader reader = read_claims(&x->in[r]);
		uint64_t before = 0;
		bool more;

		if (r == x->ranks->number)
			continue;
		more = next_claim(&reader);
		for (size_t i = 0; i < x->n_won; i++) {
			for (; more && reader.claim < x->won[i].claim; more = next_claim(&reader))
				before++;
			x->won_numbers[i] += before;
		}
	}
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The claim of winner number n of all ranks, counted from 0. CLAIM_NONE when out of memory. */
static uint64_t claim_of(const struct shard *x, uint64_t n)
{
	uint64_t *all = calloc((size_t)x->winners + 1, sizeof(*all)), claim = CLAIM_NONE;
	size_t k = 0;

	if (!all)
		return CLAIM_NONE;
	for (unsigned r = 0; r < x->ranks->count; r++) {
		struct claim_reader reader = read_claims(&x->in[r]);

		while (k < x->winners && next_claim(&reader))
			all[k++] = reader.claim;
	}
	qsort(all, k, sizeof(*all), by_value);
	if (n < k)
		claim = all[n];
	free(all);
	return claim;
}

/* This rank's steps before and including that of a claim, in the chunk. */
static uint64_t transitions_until(const struct shard *x, uint64_t claim)
{
	const struct search *s = &x->local;
	uint64_t n = 0;

	for (uint32_t i = 0; i < s->n_places; i++) {
		const struct place *p = &s->places[i];
		uint64_t place = p->number - x->expanded;

		if (place < claim_place(claim) ||
		    (place == claim_place(claim) && claim_step(claim) > CLAIM_STEPS_MAX))
			n += p->transitions;
		else if (place == claim_place(claim))
			n += claim_step(claim) + 1;
	}
	return n;
}

/* The result's counts are what they would be at that moment of a sequential search. */
static bool end_at(struct shard *x, uint64_t claim, uint64_t states)
{
	uint64_t mine = x->local.transitions + transitions_until(x, claim), *all, sum = 0;

	all = calloc(x->ranks->count, sizeof(*all));
	if (!all)
		return shard_give_up(x);
	if (!shard_gather(x, &mine, sizeof(mine), all)) {
		free(all);
		return false;
	}
	for (unsigned r = 0; r < x->ranks->count; r++)
		sum += all[r];
	free(all);
	x->local.result->states = states;
	x->local.result->transitions = sum;
	return true;
}

/* All ranks' violations, if the search goes on behind them. */
static bool gather_sightings(struct shard *x, uint64_t n)
{
	const struct search *s = &x->local;
	struct sighting *all;
	size_t k = 0, bytes = 0;
	bool told;

	x->n_sightings = 0;
	if (n == 0)
		return true;
	free(x->sightings);
	x->sightings = calloc((size_t)n, sizeof(*all));
	all = calloc((size_t)n, sizeof(*all));
	if (!all || !x->sightings) {
		free(all);
		return shard_give_up(x);
	}
	for (unsigned i = 0; i < s->n_workers; i++) {
		const struct worker *w = &s->workers[i];

		if (w->n_sightings > 0)
			memcpy(all + k, w->sightings, w->n_sightings * sizeof(*all));
		k += w->n_sightings;
	}
	told = shard_send_all(x, all, k * sizeof(*all));
	for (unsigned r = 0; told && r < x->ranks->count; r++) {
		if (x->in[r].n > 0 && x->in[r].n <= n * sizeof(*all) - bytes)
			memcpy((char *)x->sightings + bytes, x->in[r].bytes, x->in[r].n);
		bytes += x->in[r].n;
	}
	x->n_sightings = bytes / sizeof(*all);
	free(all);
	return told;
}

/* All ranks come to the same, memory apart. */
static void note_sightings(struct shard *x, uint64_t last)
{
	struct search *s = &x->local;

	if (x->n_sightings > 0)
		search_note(s, x->sightings, x->n_sightings, x->expanded, last);
	if (s->outcome == LIMITED && strcmp(s->result->reason, CHECK_REASON_NO_MEMORY) == 0)
		(void)shard_give_up(x);
}

/* Does the search end inside the chunk? What decides is the same on every rank. */
static bool ends(struct shard *x)
{
	struct search *s = &x->local;
	uint64_t max = s->options->max_states, last = x->first.claim;

	if (max != 0 && x->count + x->winners > max) {
		last = claim_of(x, max - x->count);
		if (last == CLAIM_NONE)
			return !shard_give_up(x);
		note_sightings(x, last);
		if (end_at(x, last, max))
			(void)search_limited(s, CHECK_REASON_STATES);
		return true;
	}
	if (last == CLAIM_NONE) {
		note_sightings(x, CLAIM_NONE);
		return s->outcome != GO_ON;
	}
	s->violation = (struct finding){.property = __builtin_ctz(x->first.violated),
	                                .state = x->expanded + claim_place(last),
	                                .by_step = claim_step(last) <= CLAIM_STEPS_MAX};
	if (end_at(x, last, x->count + x->winners))
		s->outcome = VIOLATED;
	return true;
}

/* One thread's share of the winners, into the visited set. */
static void store_share(void *arg, unsigned number)
{
	struct shard *x = arg;
	struct search *s = &x->local;
	struct worker *w = &s->workers[number];
	size_t from = x->n_won * number / s->n_workers, to = x->n_won * (number + 1) / s->n_workers;

	w->n_homeless = 0;
	for (size_t first = from; first < to; first += TREE_BATCH) {
		size_t end = first + TREE_BATCH < to ? first + TREE_BATCH : to;

		for (size_t i = first; i < end; i++)
			keyset_fetch_to_add(&s->set, x->won[i].root);
		for (size_t i = first; i < end; i++) {
			if (!keyset_add(&s->set, x->won[i].root) && !search_keep_homeless(w, x->won[i].root))
				ck_pr_or_uint(&s->need, NEED_MEMORY);
		}
		for (size_t i = first; i < end; i++)
			claims_clear(&s->claims, x->won[i].slot);
	}
}

void shard_store(struct shard *x, uint64_t root, const struct lineage_entry *entry)
{
	struct search *s = &x->local;

	*queue_at(&s->queue, s->count) = root;
	*queue_at(&x->numbers, s->count) = entry->number;
	lineage_add(shard_lineage(x), entry);
	s->count++;
}

void shard_add_winners(struct shard *x)
{
	struct search *s = &x->local;

	s->torn = true;
	s->need = 0;
	if (x->n_won > BLOCK_STATES)
		team_do(s->team, store_share, x);
	else
		for (unsigned i = 0; i < s->n_workers; i++)
			store_share(x, i);
	s->set.count += x->n_won;
	if (s->need != 0)
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
	else
		s->torn = search_store_homeless(s) != 0;
}

static void store(struct shard *x)
{
	struct search *s = &x->local;

	shard_add_winners(x);
	for (size_t i = 0; i < x->n_won; i++) {
		const struct lineage_entry entry = {x->won_numbers[i],
		                                    x->expanded + claim_place(x->won[i].claim),
		                                    claim_step(x->won[i].claim)};

		shard_store(x, x->won[i].root, &entry);
	}
	for (uint32_t i = 0; i < s->n_places; i++)
		s->transitions += s->places[i].transitions;
	s->expanded += s->n_places;
	queue_forget(&s->queue, s->expanded);
	queue_forget(&x->numbers, s->expanded);
}

bool shard_commit(struct shard *x)
{
	struct search *s = &x->local;
	struct shard_word mine = {.first = {.claim = CLAIM_NONE}}, sum;

	if (s->outcome == GO_ON && !write_claims(x))
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
	mine.winners = x->n_won;
	for (unsigned i = 0; s->options->all && i < s->n_workers; i++)
		mine.n_sightings += s->workers[i].n_sightings;
	if (!shard_agree(x, &mine, &sum))
		return false;
	x->winners = sum.winners;
	if (!gather_sightings(x, sum.n_sightings) || !shard_send_all(x, x->claims, x->claims_bytes) ||
	    ends(x))
		return false;
	number_winners(x);
	store(x);
	x->count += x->winners;
	x->expanded += x->places;
	return true;
}
