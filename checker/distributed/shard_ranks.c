/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "checker/distributed/distributed.h"
#include "checker/distributed/shard.h"

/* Of several reasons the first in this list is given. */
static const char *const reasons[] = {
        CHECK_REASON_RANK_LOST, CHECK_REASON_NO_MEMORY, CHECK_REASON_MEMORY, CHECK_REASON_INTERRUPTED,
        CHECK_REASON_TIME,      CHECK_REASON_FINDINGS,  CHECK_REASON_STATES, CHECK_REASON_DEPTH,
};
enum { REASONS = sizeof(reasons) / sizeof(reasons[0]) };

static uint32_t number_of(const char *reason)
{
	uint32_t i = 0;

	while (i + 1 < REASONS && strcmp(reasons[i], reason) != 0)
		i++;
	return i;
}

static bool lose(struct shard *x)
{
	x->lost = true;
	(void)search_limited(&x->local, CHECK_REASON_RANK_LOST);
	return false;
}

bool shard_give_up(struct shard *x)
{
	x->lost = true;
	(void)search_limited(&x->local, CHECK_REASON_NO_MEMORY);
	return false;
}

bool shard_gather(struct shard *x, const void *mine, size_t n, void *all)
{
	struct error e;

	if (x->lost)
		return false;
	return x->ranks->gather(x->ranks->self, mine, n, all, &e) == 0 || lose(x);
}

bool shard_exchange(struct shard *x, unsigned pieces)
{
	struct error e;

	if (x->lost)
		return false;
	for (unsigned i = 0; i < x->ranks->count * pieces; i++)
		x->sent += i / pieces != x->ranks->number ? x->out[i].n : 0;
	return x->ranks->exchange(x->ranks->self, x->out, pieces, x->in, &e) == 0 || lose(x);
}

bool shard_send_all(struct shard *x, const void *bytes, size_t n)
{
	for (unsigned i = 0; i < x->ranks->count; i++)
		x->out[i] = (struct ranks_part){bytes, n};
	return shard_exchange(x, 1);
}

/* Which of two ends of a search prevails. */
static unsigned weight(enum outcome outcome)
{
	switch (outcome) {
	case FAILED:
		return 3;
	case LIMITED:
		return 2;
	case REFINED:
		return 1;
	default:
		return 0;
	}
}

static void add(struct shard_word *sum, const struct shard_word *word)
{
	if (weight(word->outcome) > weight(sum->outcome)) {
		sum->outcome = word->outcome;
		sum->reason = word->reason;
	} else if (word->outcome == sum->outcome && word->reason < sum->reason) {
		sum->reason = word->reason;
	}
	sum->unknown += word->unknown;
	sum->winners += word->winners;
	sum->n_sightings += word->n_sightings;
	sum->expanded += word->expanded;
	sum->transitions += word->transitions;
	sum->memory += word->memory;
	sum->save_now |= word->save_now;
	if (word->first.claim < sum->first.claim)
		sum->first = word->first;
}

/* The first rank that has failed says why. */
static void learn_why(struct shard *x, const struct shard_word *words)
{
	unsigned failed = 0;

	while (words[failed].outcome != FAILED)
		failed++;
	if (!shard_send_all(x, x->local.error, failed == x->ranks->number ? sizeof(*x->local.error) : 0))
		return;
	if (failed != x->ranks->number && x->in[failed].n == sizeof(*x->local.error))
		memcpy(x->local.error, x->in[failed].bytes, sizeof(*x->local.error));
}

bool shard_agree(struct shard *x, const struct shard_word *mine, struct shard_word *sum)
{
	struct search *s = &x->local;
	struct shard_word word = *mine, *words = calloc(x->ranks->count, sizeof(*words));

	*sum = (struct shard_word){.outcome = GO_ON, .first = {.claim = CLAIM_NONE}};
	if (!words && s->outcome == GO_ON)
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
	word.outcome = s->outcome;
	word.reason = s->outcome == LIMITED ? number_of(s->result->reason) : 0;
	/* Without memory even for this nobody can be told: to the others this rank is lost. */
	if (!words || !shard_gather(x, &word, sizeof(word), words)) {
		if (!words)
			(void)lose(x);
		free(words);
		return false;
	}
	for (unsigned i = 0; i < x->ranks->count; i++)
		add(sum, &words[i]);
	s->outcome = sum->outcome;
	if (sum->outcome == LIMITED)
		s->result->reason = reasons[sum->reason];
	if (sum->outcome == FAILED)
		learn_why(x, words);
	free(words);
	return s->outcome == GO_ON;
}

bool shard_all_well(struct shard *x, enum outcome mine)
{
	const struct shard_word word = {.first = {.claim = CLAIM_NONE}};
	enum outcome before = x->local.outcome;
	struct shard_word sum;

	x->local.outcome = mine;
	if (!shard_agree(x, &word, &sum))
		return false;
	x->local.outcome = before;
	return true;
}
