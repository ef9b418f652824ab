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

static bool push(struct shard *x, uint32_t **steps, size_t *size, size_t n, uint32_t step)
{
	if (n == *size) {
		size_t more = *size ? 2 * *size : 64;
		uint32_t *larger = realloc(*steps, more * sizeof(*larger));

		if (!larger) {
			error_set(x->local.error, "out of memory for a trace of more than %zu steps", n);
			x->local.outcome = FAILED;
			return false;
		}
		*steps = larger;
		*size = more;
	}
	(*steps)[n] = step;
	return true;
}

/* The steps that lead to a state, the last one first: every rank learns them. */
static uint32_t *trace_back(struct shard *x, uint64_t state, size_t *n)
{
	struct answer *all = calloc(x->ranks->count, sizeof(*all));
	uint32_t *steps = NULL, step;
	bool there = all != NULL;
	size_t size = 0;

	*n = 0;
	if (!all) {
		error_set(x->local.error, "out of memory for a trace");
		x->local.outcome = FAILED;
	}
	while (there && state != 0) {
		there = to_parent(x, all, &state, &step) && push(x, &steps, &size, *n, step);
		*n += there;
	}
	/* So that NULL means that there is none. */
	there = there && push(x, &steps, &size, *n, 0);
	free(all);
	if (there)
		return steps;
	free(steps);
	return NULL;
}

int shard_trace(struct shard *x, const struct finding *finding, struct model_label **trace, size_t *length)
{
	struct search *s = &x->local;
	uint32_t *steps;
	size_t n;
	enum model_status status = MODEL_ERROR;

	steps = trace_back(x, finding->state, &n);
	if (!steps)
		return -1;
	for (size_t i = 0; i < n / 2; i++) {
		uint32_t step = steps[i];

		steps[i] = steps[n - 1 - i];
		steps[n - 1 - i] = step;
	}
	/* All ranks, so that all models learn the same. */
	status = trace_by_steps(s->model, s->initial, steps, n, finding, trace, length, s->error);
	free(steps);
	if (status == MODEL_OK)
		return 0;
	s->outcome = status == MODEL_REFINED ? REFINED : FAILED;
	return -1;
}
