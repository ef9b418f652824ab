/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <ck_pr.h>

#include "checker/distributed/shard.h"

/* What every worker has for a rank, and what was learnt. */
static void gather_pieces(struct shard *x)
{
	unsigned pieces = x->local.n_workers + 1;

	for (unsigned r = 0; r < x->ranks->count; r++) {
		for (unsigned i = 0; i < pieces; i++) {
			struct wire_writer *w = i + 1 < pieces ? &x->workers[i].out[r] : &x->learnt[r];

			wire_close(w);
			x->out[r * pieces + i] = (struct ranks_part){w->bytes, w->n};
		}
	}
}

static bool add_segment(struct shard *x, const struct wire_segment *segment)
{
	if (x->n_segments == x->segments_size) {
		size_t size = x->segments_size ? 2 * x->segments_size : 64;
		struct wire_segment *larger = realloc(x->segments, size * sizeof(*larger));

		if (!larger)
			return false;
		x->segments = larger;
		x->segments_size = size;
	}
	x->segments[x->n_segments++] = *segment;
	return true;
}

static int bad_stream(struct shard *x)
{
	error_set(x->local.error, "internal fault: what another rank has sent is no stream of states");
	x->local.outcome = FAILED;
	return 1;
}

static int find_segments(struct shard *x)
{
	x->n_segments = 0;
	for (unsigned r = 0; r < x->ranks->count; r++) {
		const uint8_t *bytes = x->in[r].bytes;
		size_t left = x->in[r].n;
		struct wire_segment segment;
		int status;

		while ((status = wire_next(&bytes, &left, &segment)) > 0) {
			if (!add_segment(x, &segment))
				return search_limited(&x->local, CHECK_REASON_NO_MEMORY);
		}
		if (status < 0)
			return bad_stream(x);
	}
	return 0;
}

/* Is what recall said of the place void, since the model had to be asked? */
static bool is_void(const struct shard *x, uint64_t tag)
{
	uint64_t place = claim_place(tag & ~SHARD_LEARNT);

	return (tag & SHARD_LEARNT) == 0 && (x->is_unknown[place / 64] >> place % 64 & 1) != 0;
}

/* The states of a segment are looked up one after the other, each from what the last batch ended with. */
static void receive_segment(struct shard *x, struct worker *w, struct wire_segment segment)
{
	struct search *s = &x->local;
	struct shard_worker *sw = &x->workers[w->number];
	size_t words = s->model->words;
	uint64_t tag;
	int status;

	memset(sw->state, 0, words * sizeof(*sw->state));
	while ((status = wire_get(&segment, &tag, sw->state, words)) > 0) {
		if (claim_place(tag & ~SHARD_LEARNT) >= x->places) {
			status = -1;
			break;
		}
		if (is_void(x, tag))
			continue;
		if (search_batch(w, sw->state, NULL, 0, tag & ~SHARD_LEARNT) != 0 ||
		    ck_pr_load_uint(&s->need) != 0)
			return;
		if (w->batch.n == 0)
			tree_go(&s->tree, &w->cursor, w->batch.roots[TREE_BATCH - 1]);
	}
	sw->bad |= status < 0;
}

static void receive_segments(void *arg, unsigned number)
{
	struct shard *x = arg;
	struct search *s = &x->local;
	struct worker *w = &s->workers[number];

	tree_go_nowhere(&s->tree, &w->cursor);
	while (ck_pr_load_uint(&s->need) == 0) {
		/* Only a counter: which worker takes which segment does not matter. */
		uint64_t i = ck_pr_faa_64(&x->next_segment, 1);

		if (i >= x->n_segments)
			break;
		team_pause(s->team, number);
		receive_segment(x, w, x->segments[i]);
	}
	search_look_up(w);
}

static void begin(struct shard *x)
{
	struct search *s = &x->local;

	s->need = 0;
	x->next_segment = 0;
	for (unsigned i = 0; i < s->n_workers; i++) {
		x->workers[i].bad = false;
		tree_batch_clear(&s->tree, &s->workers[i].batch);
		s->workers[i].n_candidates = 0;
	}
}

void shard_claim(struct shard *x)
{
	struct search *s = &x->local;
	bool bad = false;

	do {
		begin(x);
		if (x->n_segments > 1)
			team_do(s->team, receive_segments, x);
		else
			receive_segments(x, 0);
		if (s->need == 0)
			break;
		claims_clear_all(&s->claims);
	} while (search_grow(s) == 0);
	for (unsigned i = 0; i < s->n_workers; i++)
		bad |= x->workers[i].bad;
	if (bad)
		(void)bad_stream(x);
}

static bool has_won(const struct shard *x, const struct candidate *c)
{
	return claims_winner(&x->local.claims, c->slot) == c->claim && c->claim < x->first.claim;
}

bool shard_reserve_winners(struct shard *x, size_t n)
{
	if (n > x->won_size) {
		struct candidate *won = realloc(x->won, n * sizeof(*won));
		uint64_t *numbers = won ? realloc(x->won_numbers, n * sizeof(*numbers)) : NULL;

		x->won = won ? won : x->won;
		if (!numbers)
			return false;
		x->won_numbers = numbers;
		x->won_size = n;
	}
	return true;
}

/* To count the winners of each place. */
static bool reserve_counting(struct shard *x)
{
	size_t places = (size_t)x->places + 1;

	if (places > x->counting_size) {
		uint32_t *counting = realloc(x->counting, places * sizeof(*counting));

		if (!counting)
			return false;
		x->counting = counting;
		x->counting_size = places;
	}
	memset(x->counting, 0, places * sizeof(*x->counting));
	return true;
}

static int by_claim(const void *a, const void *b)
{
	const struct candidate *c = a, *d = b;

	return c->claim < d->claim ? -1 : c->claim > d->claim;
}

/* Winners go to their places in the order of claims: by counting, then within each place, where they are few. */
static void sort_winners(struct shard *x)
{
	const struct search *s = &x->local;
	uint32_t *end = x->counting; /* of the winners of each place */
	uint32_t first = 0;

	for (unsigned i = 0; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->workers[i].n_candidates; k++) {
			const struct candidate *c = &s->workers[i].candidates[k];

			if (has_won(x, c))
				x->won[end[claim_place(c->claim)]++] = *c;
		}
	}
	for (uint64_t place = 0; place < x->places; place++) {
		if (end[place] - first > 1)
			qsort(x->won + first, end[place] - first, sizeof(*x->won), by_claim);
		first = end[place];
	}
}

static void find_winners(struct shard *x)
{
	const struct search *s = &x->local;
	size_t candidates = 0;
	uint32_t before = 0;

	x->n_won = 0;
	for (unsigned i = 0; i < s->n_workers; i++)
		candidates += s->workers[i].n_candidates;
	if (!shard_reserve_winners(x, candidates) || !reserve_counting(x)) {
		(void)search_limited(&x->local, CHECK_REASON_NO_MEMORY);
		return;
	}
	for (unsigned i = 0; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->workers[i].n_candidates; k++) {
			if (has_won(x, &s->workers[i].candidates[k]))
				x->counting[claim_place(s->workers[i].candidates[k].claim)]++;
		}
	}
	for (uint64_t place = 0; place < x->places; place++) {
		uint32_t n = x->counting[place];

		x->counting[place] = before;
		before += n;
	}
	x->n_won = before;
	sort_winners(x);
}

/* What storing the winners will take: from here on the ranks must not fail one by one. */
static void make_room(struct shard *x)
{
	struct search *s = &x->local;

	s->beside = shard_bytes_beside(x);
	if (search_exceeds(s, queue_growth(&s->queue, s->count + x->n_won) +
	                              queue_growth(&x->numbers, s->count + x->n_won) +
	                              lineage_growth(shard_lineage(x), x->n_won)))
		(void)search_limited(s, CHECK_REASON_MEMORY);
	else if (!queue_reserve(&s->queue, s->count + x->n_won) ||
	         !queue_reserve(&x->numbers, s->count + x->n_won) ||
	         !lineage_reserve(shard_lineage(x), x->n_won))
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
	else
		(void)search_grow_set(s, x->n_won);
}

bool shard_exchange_states(struct shard *x)
{
	gather_pieces(x);
	if (!shard_exchange(x, x->local.n_workers + 1))
		return false;
	if (x->local.outcome == GO_ON)
		(void)find_segments(x);
	return true;
}

bool shard_receive(struct shard *x)
{
	struct search *s = &x->local;

	if (!shard_exchange_states(x))
		return false;
	if (s->outcome == GO_ON)
		shard_claim(x);
	if (s->outcome == GO_ON)
		find_winners(x);
	if (s->outcome == GO_ON)
		make_room(x);
	return true;
}
