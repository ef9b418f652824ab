/* SPDX-License-Identifier: MIT */
#include "plain.h"

#include <stdlib.h>
#include <string.h>

struct plain {
	struct machine *machine;
	struct learnt steps;
	struct model model;
};

static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	struct plain *p = self;
	struct machine *m = p->machine;

	if (machine_boot(m, e))
		return MODEL_ERROR;
	memcpy(state, m->words, p->model.words * sizeof(*state));
	return MODEL_OK;
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	struct plain *p = self;
	struct machine *m = p->machine;
	struct model_label label = {0};

	do {
		struct model_transition t = {0};

		memcpy(m->words, state, p->model.words * sizeof(*state));
		m->learnt = &p->steps;
		if (machine_step(m, &label, e))
			return MODEL_ERROR;
		if (p->steps.refined) {
			error_set(e, "a step touches what was taken for private");
			return MODEL_ERROR;
		}
		if (m->disabled)
			continue;
		machine_label(m, &t.label);
		t.violated = m->violated;
		t.cause = machine_cause(m);
		t.progress = m->progress;
		t.process = (uint8_t)machine_process(m);
		t.next = m->ended ? NULL : m->words;
		t.stutters = !m->ended && memcmp(m->words, state, p->model.words * sizeof(*state)) == 0;
		if (emit(arg, &t))
			return MODEL_STOPPED;
	} while (machine_next_label(m, &label));
	return MODEL_OK;
}

static size_t memory(void *self)
{
	const struct plain *p = self;

	return p->model.words * sizeof(uint32_t);
}

struct plain *plain_new(const struct world *w, const struct learnt *learnt, struct error *e)
{
	struct plain *p = calloc(1, sizeof(*p));

	if (p)
		p->machine = machine_new(w);
	if (!p || !p->machine) {
		plain_free(p);
		error_set(e, "out of memory");
		return NULL;
	}
	p->steps = *learnt;
	p->model = (struct model){
	        .self = p,
	        .words = w->words,
	        .properties = PROPERTIES,
	        .property_names = world_property_names,
	        .deadlock_property = PROPERTY_STUCK,
	        .processes = w->config.cpus,
	        .initial = initial,
	        .successors = successors,
	        .memory = memory,
	};
	return p;
}

void plain_free(struct plain *p)
{
	if (!p)
		return;
	machine_free(p->machine);
	free(p);
}

const struct model *plain_model(struct plain *p)
{
	return &p->model;
}
