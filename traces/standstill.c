/* SPDX-License-Identifier: MIT */
#include "standstill.h"

#include <stdlib.h>
#include <string.h>

/*
 * Does this step, made once more if it changed anything, change nothing? The first time round a loop may
 * leave something in a register that every later time leaves there, too.
 */
static bool leads_nowhere(struct machine *m, const struct model_label *label, uint32_t *before)
{
	size_t size = m->world->words * sizeof(*before);
	struct error e;

	for (unsigned i = 0; i < 2; i++) {
		memcpy(before, m->words, size);
		if (machine_step(m, label, &e) || m->ended || m->n_violations > 0)
			return false;
		if (m->learnt && m->learnt->refined) { /* nor was it made: a step that learns ends at once */
			m->learnt->refined = false;
			return false;
		}
		if (m->disabled || memcmp(before, m->words, size) == 0)
			return true;
	}
	return false;
}

bool standstill(struct machine *m)
{
	size_t words = m->world->words;
	uint32_t *end = calloc(2 * words, sizeof(*end));
	struct model_label label = {0};
	bool stands = end != NULL;

	if (end)
		memcpy(end, m->words, words * sizeof(*end));
	while (stands) {
		stands = leads_nowhere(m, &label, end + words);
		memcpy(m->words, end, words * sizeof(*end));
		if (!stands || !machine_next_label(m, &label))
			break;
	}
	m->n_violations = 0; /* what happened here is not part of the trace */
	free(end);
	return stands;
}
