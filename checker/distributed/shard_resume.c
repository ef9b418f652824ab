/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "checker/distributed/shard_parts.h"

/* Says of a tag that it is the number of a state that waits. */
#define WAITING SHARD_LEARNT

/* The states of a section go to their owners. */
static int send_section(struct reading *r, size_t n, int64_t states, bool waiting)
{
	struct shard *x = r->x;
	size_t words = x->local.model->words;
	const uint8_t *bytes = r->bytes;
	uint32_t *state = x->workers[0].state;
	struct wire_segment segment;
	int status, more;
	uint64_t tag;

	while ((status = wire_next(&bytes, &n, &segment)) > 0) {
		memset(state, 0, words * sizeof(*state));
		while ((more = wire_get(&segment, &tag, state, words)) > 0) {
			if (waiting && (tag < x->expanded || tag >= x->count))
				return parts_wrong(r, "a number in the queue");
			if (!wire_put(&x->workers[0].out[shard_owner(x, state)],
			              waiting ? tag | WAITING : claim_make(r->claim++, 0) | SHARD_LEARNT,
			              state))
				return parts_no_memory(r);
			states--;
		}
		if (more < 0)
			return parts_wrong(r, "a stream of states");
	}
	return status < 0 || states != 0 ? parts_wrong(r, "a stream of states") : 0;
}

/* One more section of this rank's parts, if there is one, goes on its way. */
static int send_more(struct reading *r, const char *name, bool waiting)
{
	while (r->at < r->n) {
		struct part *p = &r->parts[r->at];
		size_t n = 0;
		int64_t states = parts_section(r, p, name, &n);

		if (states < 0)
			return -1;
		if (states > 0)
			return send_section(r, n, states, waiting);
		r->at++;
	}
	return 0;
}

/* All candidates are winners: no state comes twice. */
static void add_states(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	size_t n = 0;

	for (unsigned i = 0; i < s->n_workers; i++)
		n += s->workers[i].n_candidates;
	if (!shard_reserve_winners(x, n)) {
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		return;
	}
	x->n_won = 0;
	for (unsigned i = 0; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->workers[i].n_candidates; k++) {
			const struct candidate *c = &s->workers[i].candidates[k];

			if (claims_winner(&s->claims, c->slot) == c->claim)
				x->won[x->n_won++] = *c;
		}
	}
	if (search_grow_set(s, x->n_won) != 0)
		return;
	s->expanded += x->n_won; /* nothing waits yet */
	s->count += x->n_won;
	shard_add_winners(x);
}

/* The root of a state that was visited. Returns 0, or -1 with the outcome set. */
static int find_root(struct reading *r, const uint32_t *state, uint64_t *root)
{
	struct search *s = &r->x->local;
	struct worker *w = &s->workers[0];
	uint64_t fetched;
	unsigned missing;

	for (;;) {
		s->need = 0;
		tree_go_nowhere(&s->tree, &w->cursor);
		tree_batch_clear(&s->tree, &w->batch);
		/* Whatever it takes to have a state, its owner has: it was visited. */
		if (!tree_batch_add(&s->tree, &w->cursor, &w->batch, state, NULL, 0))
			break;
		if (tree_batch_roots(&s->tree, &w->batch)) {
			*root = w->batch.roots[0];
			if (!keyset_fits(&s->set, *root))
				break;
			fetched = keyset_fetch(&s->set, *root);
			if (keyset_missing(&s->set, root, &fetched, 1, &missing) == 0)
				return 0;
			break;
		}
		s->need = NEED_TREE;
		if (search_grow(s) != 0)
			return -1;
	}
	s->outcome = FAILED;
	return parts_wrong(r, "a state in the queue that was not visited");
}

static int add_waiting(struct reading *r, struct wire_segment segment)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	uint32_t *state = x->workers[0].state;
	uint64_t tag, root;
	int more;

	memset(state, 0, s->model->words * sizeof(*state));
	while ((more = wire_get(&segment, &tag, state, s->model->words)) > 0) {
		if (!s->model->plausible(s->model->self, state)) {
			s->outcome = FAILED;
			return parts_wrong(r, "a state in the queue");
		}
		if (find_root(r, state, &root))
			return -1;
		if (!queue_reserve(&s->queue, s->count + 1) || !queue_reserve(&x->numbers, s->count + 1))
			return search_limited(s, CHECK_REASON_NO_MEMORY);
		*queue_at(&s->queue, s->count) = root;
		*queue_at(&x->numbers, s->count) = tag & ~WAITING;
		s->count++;
	}
	return more;
}

static void add_all_waiting(struct reading *r)
{
	struct shard *x = r->x;

	for (size_t i = 0; i < x->n_segments && x->local.outcome == GO_ON; i++)
		(void)add_waiting(r, x->segments[i]);
}

/* All sections of one kind, of all parts: one of each rank at a time. */
static bool move_all(struct reading *r, const char *name, bool waiting)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	struct shard_word mine = {.first = {.claim = CLAIM_NONE}}, sum;

	r->at = 0;
	if (waiting) /* states that do not wait are in front, and take no room */
		s->queue.gone = x->numbers.gone = (size_t)(s->count >> QUEUE_SEGMENT_BITS);
	do {
		for (unsigned k = 0; k < x->ranks->count; k++)
			wire_clear(&x->workers[0].out[k]);
		if (s->outcome == GO_ON && send_more(r, name, waiting))
			s->outcome = FAILED;
		if (!shard_exchange_states(x))
			return false;
		if (s->outcome == GO_ON && waiting) {
			add_all_waiting(r);
		} else if (s->outcome == GO_ON) {
			shard_claim(x);
			if (s->outcome == GO_ON)
				add_states(r);
		}
		s->beside = shard_bytes_beside(x);
		if (s->outcome == GO_ON && search_exceeds(s, 0))
			(void)search_limited(s, CHECK_REASON_MEMORY);
		mine.unknown = r->at < r->n;
		if (!shard_agree(x, &mine, &sum))
			return false;
	} while (sum.unknown != 0);
	return true;
}

struct waiting {
	uint64_t number, root;
};

static int by_number(const void *a, const void *b)
{
	const struct waiting *p = a, *q = b;

	return p->number < q->number ? -1 : p->number > q->number;
}

/* They came from several parts: here they are put in order, behind the states that do not wait. */
static int sort_waiting(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	size_t n = (size_t)(s->count - s->expanded);
	struct waiting *all = calloc(n + 1, sizeof(*all));

	if (!all)
		return parts_no_memory(r);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct waiting){*queue_at(&x->numbers, s->expanded + i),
		                          *queue_at(&s->queue, s->expanded + i)};
	qsort(all, n, sizeof(*all), by_number);
	queue_free(&s->queue);
	queue_free(&x->numbers);
	s->count = s->set.count;
	s->expanded = n <= s->count ? s->count - n : 0;
	s->queue.gone = x->numbers.gone = (size_t)(s->expanded >> QUEUE_SEGMENT_BITS);
	if (n > s->count || !queue_reserve(&s->queue, s->count) || !queue_reserve(&x->numbers, s->count)) {
		free(all);
		return n > s->count ? parts_wrong(r, "more states wait than there are") : parts_no_memory(r);
	}
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && all[i].number == all[i - 1].number) {
			free(all);
			return parts_wrong(r, "a number in the queue twice");
		}
		*queue_at(&s->queue, s->expanded + i) = all[i].root;
		*queue_at(&x->numbers, s->expanded + i) = all[i].number;
	}
	free(all);
	return 0;
}

/* Is everything there, over all ranks? */
static bool is_whole(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	struct shard_word mine = {.first = {.claim = CLAIM_NONE}}, sum;

	if (s->outcome == GO_ON && (sort_waiting(r) || parts_lineages(r)))
		s->outcome = FAILED;
	mine.winners = s->set.count;
	mine.unknown = s->count - s->expanded;
	for (size_t i = 0; i < x->n_lineages; i++)
		mine.n_sightings += x->lineages[i].count;
	if (!shard_agree(x, &mine, &sum))
		return false;
	if (sum.winners == x->count && sum.unknown == x->count - x->expanded && sum.n_sightings == x->count)
		return true;
	(void)parts_wrong(r, "the number of its states");
	s->outcome = FAILED;
	return false;
}

bool shard_resume(struct shard *x, double *seconds)
{
	const struct shard_word mine = {.first = {.claim = CLAIM_NONE}};
	struct reading r = {.x = x, .path = x->local.options->resume};
	struct shard_word sum;
	bool resumed;

	x->places = UINT64_MAX;
	if (parts_open(&r))
		x->local.outcome = FAILED;
	resumed = shard_agree(x, &mine, &sum) && parts_alike(&r);
	*seconds = resumed ? r.parts[0].counts.seconds : 0;
	resumed = resumed && move_all(&r, "states", false) && move_all(&r, "queue", true) && is_whole(&r);
	parts_close(&r);
	x->places = 0;
	return resumed;
}
