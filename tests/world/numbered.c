/* SPDX-License-Identifier: MIT */
#include "numbered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/world/slots.h"

static void to_numbers(struct numbered *n, const uint32_t *words, uint32_t *numbers)
{
	/* slot_gather() wants a machine, and looks at its words only. */
	// NOLINTNEXTLINE(performance-no-int-to-ptr): the way to drop const that the compiler accepts
	const struct machine machine = {.words = (uint32_t *)(uintptr_t)words};

	for (unsigned s = 0; s < n->world->n_slots; s++) {
		uint32_t count = slot_gather(&machine, &n->world->slots[s], n->scratch);

		numbers[s] = dictionary_intern(&n->dictionary[s], n->scratch, count);
		assert_int_not_equal(numbers[s], UINT32_MAX);
	}
}

static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	struct numbered *n = self;
	const struct model *plain = plain_model(n->plain);
	enum model_status status = plain->initial(plain->self, n->first, e);

	if (status != MODEL_OK)
		return status;
	to_numbers(n, n->first, state);
	memcpy(n->machine->words, n->first, n->world->words * sizeof(*n->first));
	return MODEL_OK;
}

static int pass_on(void *arg, const struct model_transition *t)
{
	struct numbered *n = arg;
	struct model_transition mine = *t;

	if (t->next) {
		to_numbers(n, t->next, n->next);
		mine.next = n->next;
	}
	return n->emit(n->arg, &mine);
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	struct numbered *n = self;
	const struct model *plain = plain_model(n->plain);

	for (unsigned s = 0; s < n->world->n_slots; s++) {
		uint32_t count;
		const uint32_t *contents = dictionary_words(&n->dictionary[s], state[s], &count);

		slot_scatter(n->machine, &n->world->slots[s], contents, count);
	}
	n->emit = emit;
	n->arg = arg;
	return plain->successors(plain->self, n->machine->words, pass_on, n, e);
}

static size_t memory(void *self)
{
	struct numbered *n = self;
	size_t bytes = 0;

	for (unsigned s = 0; s < n->world->n_slots; s++)
		bytes += dictionary_memory(&n->dictionary[s]);
	return bytes;
}

void numbered_open(struct numbered *n, const struct world *world, const struct learnt *learnt)
{
	struct error e = {0};

	*n = (struct numbered){.world = world};
	n->plain = plain_new(world, learnt, &e);
	assert_non_null(n->plain);
	n->machine = machine_new(world);
	n->dictionary = calloc(world->n_slots, sizeof(*n->dictionary));
	n->first = calloc(world->words, sizeof(*n->first));
	n->next = calloc(world->n_slots, sizeof(*n->next));
	n->scratch = calloc(world->words, sizeof(*n->scratch));
	assert_true(n->machine && n->dictionary && n->first && n->next && n->scratch);
	n->model = *plain_model(n->plain);
	n->model.self = n;
	n->model.words = world->n_slots;
	n->model.initial = initial;
	n->model.successors = successors;
	n->model.memory = memory;
}

void numbered_close(struct numbered *n)
{
	for (unsigned s = 0; s < n->world->n_slots; s++)
		dictionary_free(&n->dictionary[s]);
	plain_free(n->plain);
	machine_free(n->machine);
	free(n->dictionary);
	free(n->first);
	free(n->next);
	free(n->scratch);
}
