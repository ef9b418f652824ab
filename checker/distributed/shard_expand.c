/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <ck_pr.h>
#include <xxhash.h>

#include "checker/distributed/shard.h"

unsigned shard_owner(const struct shard *x, const uint32_t *state)
{
	uint64_t hash = XXH3_64bits(state, x->local.model->words * sizeof(*state));

	return (unsigned)((hash >> 32) * x->ranks->count >> 32);
}

/* A successor goes to its owner. */
static int send(struct worker *w, const uint32_t *state, uint64_t claim)
{
	struct shard *x = shard_of(w);
	struct wire_writer *out;

	if (w->learning && !x->mine)
		return 0;
	out = w->learning ? x->learnt : x->workers[w->number].out;
	if (wire_put(&out[shard_owner(x, state)], w->learning ? claim | SHARD_LEARNT : claim, state))
		return 0;
	ck_pr_or_uint(&x->local.need, NEED_MEMORY);
	return 1;
}

/* So many states ahead the pieces of one are fetched. */
enum { AHEAD = 4 };

static void recall_place(struct shard *x, struct worker *w, uint32_t at)
{
	struct search *s = &x->local;
	struct place *p = &s->places[at];

	if (at + AHEAD < s->n_places)
		tree_prefetch(&s->tree, *queue_at(&s->queue, s->expanded + at + AHEAD));
	tree_go(&s->tree, &w->cursor, *queue_at(&s->queue, s->expanded + at));
	p->number = *queue_at(&x->numbers, s->expanded + at);
	p->unknown = search_ask(w, w->cursor.state, p->number - x->expanded, false) == MODEL_UNKNOWN;
	p->transitions = w->step;
}

static void recall_blocks(void *arg, unsigned number)
{
	struct shard *x = arg;
	struct search *s = &x->local;

	for (;;) {
		/* Only a counter: which worker takes which block does not matter. */
		unsigned block = ck_pr_faa_uint(&s->next_block, 1);
		uint32_t at = block * BLOCK_STATES, end = at + BLOCK_STATES;

		if (at >= s->n_places)
			return;
		team_pause(s->team, number);
		for (; at < end && at < s->n_places && ck_pr_load_uint(&s->need) == 0; at++)
			recall_place(x, &s->workers[number], at);
	}
}

/* Which of this rank's states are in the chunk: they are the next in its queue. */
static void choose_places(struct shard *x)
{
	struct search *s = &x->local;
	uint64_t rest = x->level_end - x->expanded, wanted;

	search_choose_chunk(s, x->asked, x->places);
	wanted = (uint64_t)s->chunk_states * x->ranks->count;
	x->places = rest < wanted ? rest : wanted;
	s->n_places = 0;
	while (s->expanded + s->n_places < s->count &&
	       *queue_at(&x->numbers, s->expanded + s->n_places) < x->expanded + x->places)
		s->n_places++;
	if (s->n_places > s->places_size) {
		struct place *places = realloc(s->places, s->n_places * sizeof(*places));

		if (!places) {
			(void)search_limited(s, CHECK_REASON_NO_MEMORY);
			s->n_places = 0;
			return;
		}
		s->places = places;
		s->places_size = s->n_places;
	}
}

static void begin(struct shard *x)
{
	struct search *s = &x->local;

	s->next_block = 0;
	s->need = 0;
	x->asked = 0;
	x->first = (struct sighting){.claim = CLAIM_NONE};
	wire_clear(&x->unknown);
	for (unsigned r = 0; r < x->ranks->count; r++)
		wire_clear(&x->learnt[r]);
	for (unsigned i = 0; i < s->n_workers; i++) {
		s->workers[i].n_sightings = 0;
		for (unsigned r = 0; r < x->ranks->count; r++)
			wire_clear(&x->workers[i].out[r]);
	}
}

/* A worker's sightings from number `from` on: is one of them the first so far? */
static void find_first(struct shard *x, const struct worker *w, size_t from)
{
	for (size_t k = from; !x->local.options->all && k < w->n_sightings; k++) {
		if (w->sightings[k].claim < x->first.claim)
			x->first = w->sightings[k];
	}
}

/* The states that this rank's model does not know. Returns their number. */
static uint64_t collect_unknown(struct shard *x)
{
	struct search *s = &x->local;
	struct worker *w = &s->workers[0];
	uint64_t n = 0;

	for (uint32_t at = 0; s->outcome == GO_ON && at < s->n_places; at++) {
		const struct place *p = &s->places[at];

		if (!p->unknown)
			continue;
		tree_go(&s->tree, &w->cursor, *queue_at(&s->queue, s->expanded + at));
		if (!wire_put(&x->unknown, p->number - x->expanded, w->cursor.state))
			(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		n++;
	}
	wire_close(&x->unknown);
	return n;
}

/* What this rank knows of the chunk, and what it does not. Returns whether the search goes on, and *unknown over all ranks. */
static bool recall(struct shard *x, uint64_t *unknown)
{
	struct search *s = &x->local;
	struct shard_word mine = {0}, sum;

	for (uint32_t at = 0; !s->model->recall && at < s->n_places; at++) {
		s->places[at] =
		        (struct place){.unknown = true, .number = *queue_at(&x->numbers, s->expanded + at)};
	}
	if (s->model->recall && s->n_places > BLOCK_STATES)
		team_do(s->team, recall_blocks, x);
	else if (s->model->recall)
		recall_blocks(x, 0);
	if (s->need != 0 && s->outcome == GO_ON)
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
	for (unsigned i = 0; i < s->n_workers; i++)
		find_first(x, &s->workers[i], 0);
	mine.unknown = collect_unknown(x);
	mine.first = x->first;
	mine.expanded = s->expanded;
	mine.transitions = s->transitions;
	mine.memory = search_bytes(s) + s->model->memory(s->model->self);
	mine.save_now = x->save_now;
	if (!shard_agree(x, &mine, &sum))
		return false;
	x->first = sum.first;
	x->memory = sum.memory;
	x->save_now = sum.save_now != 0;
	x->transitions = sum.transitions;
	*unknown = sum.unknown;
	return true;
}

/* A state of any rank that the models are asked about. */
struct question {
	uint64_t place;
	const uint32_t *state;
};

static int by_place(const void *a, const void *b)
{
	const struct question *p = a, *q = b;

	return p->place < q->place ? -1 : p->place > q->place;
}

/* All ranks' questions, from x->in. Returns how many. */
static uint64_t read_questions(struct shard *x, struct question *questions, uint32_t *states, uint64_t room)
{
	size_t words = x->local.model->words;
	struct wire_segment segment;
	uint32_t *last = x->workers[0].state;
	uint64_t n = 0, place;

	for (unsigned r = 0; r < x->ranks->count; r++) {
		const uint8_t *bytes = x->in[r].bytes;
		size_t left = x->in[r].n;

		while (wire_next(&bytes, &left, &segment) > 0) {
			memset(last, 0, words * sizeof(*last));
			while (n < room && wire_get(&segment, &place, last, words) > 0 && place < x->places) {
				memcpy(states + n * words, last, words * sizeof(*last));
				questions[n] = (struct question){place, states + n * words};
				n++;
			}
		}
	}
	qsort(questions, n, sizeof(*questions), by_place);
	return n;
}

/* Asks this rank's model about a state; if it is this rank's, its successors are sent. */
static bool ask(struct shard *x, const struct question *q, struct place *own)
{
	struct search *s = &x->local;
	struct worker *w = &s->workers[0];
	size_t sightings = w->n_sightings;

	x->mine = own != NULL;
	x->asked++;
	x->all_asked++;
	if (!search_may_go_on(w, search_ask(w, q->state, q->place, true)))
		return false;
	find_first(x, w, sightings);
	if (own)
		own->transitions = w->step;
	else
		w->n_sightings = sightings;
	return s->need == 0;
}

/* All ranks ask about the same states, in the same order. */
static void ask_all(struct shard *x, const struct question *questions, uint64_t n)
{
	struct search *s = &x->local;
	uint32_t at = 0;

	for (uint64_t i = 0; i < n; i++)
		x->is_unknown[questions[i].place / 64] |= UINT64_C(1) << questions[i].place % 64;
	for (uint64_t i = 0; i < n; i++) {
		struct place *own = NULL;

		if (questions[i].place > claim_place(x->first.claim))
			break;
		while (at < s->n_places && s->places[at].number - x->expanded < questions[i].place)
			at++;
		if (at < s->n_places && s->places[at].number - x->expanded == questions[i].place)
			own = &s->places[at];
		if (!ask(x, &questions[i], own))
			break;
	}
	if (s->need != 0 && s->outcome == GO_ON)
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
}

/* A bit for each place of the chunk, all zero. */
static bool clear_unknown(struct shard *x)
{
	size_t words = (size_t)(x->places / 64 + 1);

	if (words > x->is_unknown_words) {
		uint64_t *larger = realloc(x->is_unknown, words * sizeof(*larger));

		if (!larger)
			return false;
		x->is_unknown = larger;
		x->is_unknown_words = words;
	}
	memset(x->is_unknown, 0, words * sizeof(*x->is_unknown));
	return true;
}

static bool learn(struct shard *x, uint64_t unknown)
{
	size_t words = x->local.model->words;
	struct question *questions = calloc((size_t)unknown + 1, sizeof(*questions));
	uint32_t *states = calloc((size_t)unknown * words + 1, sizeof(*states));

	/* Whoever has no memory says so when the ranks agree next; until then it must not stay behind. */
	if (!questions || !states)
		(void)search_limited(&x->local, CHECK_REASON_NO_MEMORY);
	if (shard_send_all(x, x->unknown.bytes, x->unknown.n) && x->local.outcome == GO_ON)
		ask_all(x, questions, read_questions(x, questions, states, unknown));
	/* The others' models may know now what this one does not: they must not be saved beside each other. */
	if (x->local.outcome == LIMITED)
		x->local.torn = true;
	free(questions);
	free(states);
	return !x->lost;
}

bool shard_expand(struct shard *x)
{
	uint64_t unknown;

	x->rounds++;
	choose_places(x); /* by how much was asked about the last ones */
	begin(x);
	if (!clear_unknown(x))
		(void)search_limited(&x->local, CHECK_REASON_NO_MEMORY);
	return recall(x, &unknown) && (unknown == 0 || learn(x, unknown));
}

void shard_prepare(struct shard *x)
{
	x->local.deliver = send;
}
