/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "checker/distributed/shard.h"
#include "checker/trace.h"

/* What the rank that has a state says of it. */
struct answer {
	uint64_t has, parent;
	uint64_t step;
};

/* From a state to its parent. Returns false if the outcome says why not. */
static bool to_parent(struct shard *x, struct answer *all, uint64_t *state, uint32_t *step)
{
	struct lineage_entry entry = {.number = *state};
	struct answer mine = {0};

	for (size_t i = 0; mine.has == 0 && i < x->n_lineages; i++) {
		if (lineage_find(&x->lineages[i], &entry))
			mine = (struct answer){.has = 1, .parent = entry.parent, .step = entry.step};
	}
	if (!shard_gather(x, &mine, sizeof(mine), all))
		return false;
	for (unsigned r = 0; r < x->ranks->count; r++) {
		if (all[r].has != 0 && all[r].parent < *state) {
			*state = all[r].parent;
			*step = (uint32_t)all[r].step;
			return true;
		}
	}
	error_set(x->local.error, "internal fault: no rank has state %llu", (unsigned long long)*state);
	x->local.outcome = FAILED;
	return false;
}

/* The steps that lead to a state, the last one first. */
struct steps {
	uint32_t *list;
	size_t n, size;
	bool failed; /* out of memory */
};

static void push(struct steps *steps, uint32_t step)
{
	if (steps->n == steps->size && !steps->failed) {
		size_t more = steps->size ? 2 * steps->size : 64;
		uint32_t *larger = realloc(steps->list, more * sizeof(*larger));

		steps->failed = !larger;
		steps->list = larger ? larger : steps->list;
		steps->size = larger ? more : steps->size;
	}
	if (!steps->failed)
		steps->list[steps->n++] = step;
}

/* Every rank learns them; one that has no memory for them must not leave the others waiting. Returns false as to_parent() does. */
static bool trace_back(struct shard *x, uint64_t state, struct steps *steps)
{
	struct answer *all = calloc(x->ranks->count, sizeof(*all));
	bool there = all != NULL || shard_give_up(x);
	uint32_t step;

	while (there && state != 0) {
		there = to_parent(x, all, &state, &step);
		if (there)
			push(steps, step);
	}
	free(all);
	return there;
}

static void reverse(struct steps *steps)
{
	for (size_t i = 0; i < steps->n / 2; i++) {
		uint32_t step = steps->list[i];

		steps->list[i] = steps->list[steps->n - 1 - i];
		steps->list[steps->n - 1 - i] = step;
	}
}

/* All ranks, so that all models learn the same. */
static enum outcome follow(struct shard *x, const struct steps *steps, const struct finding *finding,
                           struct model_label **trace, size_t *length)
{
	struct search *s = &x->local;

	if (steps->failed) {
		error_set(s->error, "out of memory for a trace of more than %zu steps", steps->n);
		return FAILED;
	}
	switch (trace_by_steps(s->model, s->initial, steps->list, steps->n, finding, trace, length,
	                       s->error)) {
	case MODEL_OK:
		return GO_ON;
	case MODEL_REFINED:
		return REFINED;
	default:
		return FAILED;
	}
}

int shard_trace(struct shard *x, const struct finding *finding, struct model_label **trace, size_t *length)
{
	struct steps steps = {0};
	bool well;

	*trace = NULL;
	*length = 0;
	well = trace_back(x, finding->state, &steps);
	if (well) {
		reverse(&steps);
		well = shard_all_well(x, follow(x, &steps, finding, trace, length));
	}
	free(steps.list);
	if (well)
		return 0;
	free(*trace);
	*trace = NULL;
	*length = 0;
	return -1;
}
