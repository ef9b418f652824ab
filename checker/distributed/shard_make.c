/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "checker/distributed/shard.h"
#include "model/apart.h"

static size_t stream_bytes(const struct wire_writer *w, unsigned n)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < n; i++)
		bytes += w[i].size + w[i].words * sizeof(*w[i].last);
	return bytes;
}

size_t shard_bytes_beside(const struct shard *x)
{
	unsigned ranks = x->ranks->count;
	size_t bytes = shard_lineage_bytes(x) + queue_bytes(&x->numbers) + stream_bytes(&x->unknown, 1) +
	               stream_bytes(x->learnt, ranks) + x->segments_size * sizeof(*x->segments) +
	               x->won_size * (sizeof(*x->won) + sizeof(*x->won_numbers)) + x->claims_size +
	               x->counting_size * sizeof(*x->counting);

	for (unsigned i = 0; i < x->n_workers; i++)
		bytes += stream_bytes(x->workers[i].out, ranks);
	return bytes;
}

bool shard_new_lineage(struct shard *x)
{
	struct lineage *larger = realloc(x->lineages, (x->n_lineages + 1) * sizeof(*larger));

	if (!larger)
		return false;
	x->lineages = larger;
	x->lineages[x->n_lineages++] = (struct lineage){0};
	return true;
}

size_t shard_lineage_bytes(const struct shard *x)
{
	size_t bytes = 0;

	for (size_t i = 0; i < x->n_lineages; i++)
		bytes += lineage_bytes(&x->lineages[i]);
	return bytes;
}

void shard_free_room(struct shard *x)
{
	search_free_room(&x->local);
	queue_free(&x->numbers);
	for (size_t i = 0; i < x->n_lineages; i++)
		lineage_free(&x->lineages[i]);
	free(x->lineages);
	x->lineages = NULL;
	x->n_lineages = 0;
}

static bool make_worker(struct shard *x, struct shard_worker *w)
{
	size_t words = x->local.model->words;

	w->state = apart_new(words, sizeof(*w->state));
	w->out = calloc(x->ranks->count, sizeof(*w->out));
	for (unsigned r = 0; w->out && r < x->ranks->count; r++) {
		if (!wire_init(&w->out[r], words))
			return false;
	}
	return w->state && w->out;
}

bool shard_make(struct shard *x)
{
	size_t words = x->local.model->words, ranks = x->ranks->count;
	struct search *s = &x->local;

	if (!search_make_workers(s))
		return false;
	x->workers = calloc(s->n_workers, sizeof(*x->workers));
	x->learnt = calloc(ranks, sizeof(*x->learnt));
	x->out = calloc(ranks * (s->n_workers + 1), sizeof(*x->out));
	x->in = calloc(ranks, sizeof(*x->in));
	if (!x->workers || !x->learnt || !x->out || !x->in || !wire_init(&x->unknown, words))
		return false;
	for (unsigned r = 0; r < ranks; r++) {
		if (!wire_init(&x->learnt[r], words))
			return false;
	}
	for (; x->n_workers < s->n_workers; x->n_workers++) {
		if (!make_worker(x, &x->workers[x->n_workers])) {
			x->n_workers++;
			return false;
		}
	}
	shard_prepare(x);
	return true;
}

void shard_free(struct shard *x)
{
	shard_free_room(x);
	for (unsigned i = 0; i < x->n_workers; i++) {
		for (unsigned r = 0; x->workers[i].out && r < x->ranks->count; r++)
			wire_free(&x->workers[i].out[r]);
		free(x->workers[i].out);
		free(x->workers[i].state);
	}
	for (unsigned r = 0; x->learnt && r < x->ranks->count; r++)
		wire_free(&x->learnt[r]);
	wire_free(&x->unknown);
	free(x->workers);
	free(x->learnt);
	free(x->out);
	free(x->in);
	free(x->is_unknown);
	free(x->sightings);
	free(x->segments);
	free(x->won);
	free(x->won_numbers);
	free(x->counting);
	free(x->claims);
	findings_free(&x->local.findings);
	free(x->local.places);
	search_free_workers(&x->local);
	free(x);
}
