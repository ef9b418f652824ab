/* SPDX-License-Identifier: MIT */
#include "checker/trace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct wanted {
	const uint32_t *next;
	size_t words;
	struct model_label *label;
	bool found;
};

static int take_label_if_wanted(void *arg, const struct model_transition *t)
{
	struct wanted *wanted = arg;

	if (!t->next || memcmp(t->next, wanted->next, wanted->words * sizeof(*t->next)) != 0)
		return 0;
	*wanted->label = t->label;
	wanted->found = true;
	return 1;
}

static enum model_status label_of_step(const struct model *model, const uint32_t *from, const uint32_t *to,
                                       struct model_label *label, struct error *e)
{
	struct wanted wanted = {.next = to, .words = model->words, .label = label};
	enum model_status status = model->successors(model->self, from, take_label_if_wanted, &wanted, e);

	if (status == MODEL_ERROR || status == MODEL_REFINED)
		return status;
	if (!wanted.found) {
		error_set(e, "the model is not deterministic: a step that it made once is missing the second "
		             "time");
		return MODEL_ERROR;
	}
	return MODEL_OK;
}

enum model_status trace_recover(const struct model *model, const struct store *store, uint32_t state,
                                const struct model_label *final, struct model_label **trace, size_t *length,
                                struct error *e)
{
	size_t steps = 0;
	struct model_label *labels;

	*trace = NULL;
	*length = 0;
	for (uint32_t id = state; id != 0; id = store_parent(store, id))
		steps++;
	if (steps == 0 && !final)
		return MODEL_OK;

	labels = calloc(steps + 1, sizeof(*labels));
	if (!labels) {
		error_set(e, "out of memory for a trace of %zu steps", steps + 1);
		return MODEL_ERROR;
	}
	for (size_t i = steps; i-- > 0;) {
		uint32_t parent = store_parent(store, state);
		enum model_status status = label_of_step(model, store_vector(store, parent),
		                                         store_vector(store, state), &labels[i], e);

		if (status != MODEL_OK) {
			free(labels);
			return status;
		}
		state = parent;
	}
	if (final)
		labels[steps] = *final;
	*trace = labels;
	*length = steps + (final ? 1 : 0);
	return MODEL_OK;
}
