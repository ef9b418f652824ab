/* SPDX-License-Identifier: MIT */
/*
 * Symmetry: the steps of a renamed state are the renamed steps, made on the machine; and all its renamings have one
 * representative.
 */
#include <string.h>

#include "commute.h"
#include "slots.h"
#include "verify_private.h"

/* With more permutations than these, the generators and some of the others. */
enum { PERMUTATIONS_ALL = 24, PERMUTATIONS_SOME = 8 };

/* A machine's words under a renaming. */
static void rename_words(struct verify *v, const struct renaming *r, const uint32_t *from, uint32_t *to)
{
	const struct world *w = v->world;
	const struct naming *naming = &collapsed_symmetry(v->collapsed)->naming;

	memcpy(to, v->boot, w->words * sizeof(*to));
	for (unsigned s = 0; s < w->n_slots; s++) {
		const struct slot *slot = &w->slots[s], *target = w->slots;
		unsigned index = renaming_index(r, slot->class, slot->index);
		uint32_t count;

		while (target->class != slot->class || target->index != index)
			target++;
		// NOLINTNEXTLINE(performance-no-int-to-ptr): the way to drop const that the compiler accepts
		v->view->words = (uint32_t *)(uintptr_t)from;
		slot_gather(v->view, slot, v->in);
		memset(v->out, 0, slot->words * sizeof(*v->out));
		count = renaming_contents(r, naming, slot->class, v->in, slot->words, v->out);
		v->view->words = to;
		slot_scatter(v->view, target, v->out, count);
	}
}

/* The step whose choices, renamed, are those that the machine has made; v->n: there is none. */
static unsigned find_original(const struct verify *v, const struct renaming *r)
{
	const struct machine *m = v->m;

	for (unsigned k = 0; k < v->n; k++) {
		const struct taken *t = &v->taken[k];
		unsigned i = 0;

		while (i < t->n_choices && t->n_choices == m->n_choices &&
		       t->choices[i].question == m->choices[i].question &&
		       t->choices[i].alternatives == m->choices[i].alternatives &&
		       renaming_word(r, v->world, commute_names(t->choices[i].question),
		                     t->choices[i].meaning) == m->choices[i].meaning)
			i++;
		if (i == t->n_choices && i == m->n_choices)
			return k;
	}
	return v->n;
}

static int compare_step(struct verify *v, unsigned element, const struct taken *t)
{
	const struct renaming *r = &collapsed_symmetry(v->collapsed)->elements[element];
	const struct machine *m = v->m;
	char place[64];
	uint32_t i;

	if (m->violated != t->t.violated || m->ended != t->ends)
		return verify_differs(
		        v, t, "permutation %u is no symmetry: the renamed step violates 0x%x, not 0x%x",
		        element, m->violated, t->t.violated);
	if (m->ended)
		return 0;
	rename_words(v, r, t->next, v->b);
	i = verify_difference(v, m->words, v->b, SLOT_NONE);
	return i == v->world->words
	               ? 0
	               : verify_differs(
	                         v, t,
	                         "permutation %u is no symmetry: %s becomes 0x%08x, which renamed is 0x%08x",
	                         element, verify_place(v, i, place, sizeof(place)), v->b[i], m->words[i]);
}

static int check_representative(struct verify *v, unsigned element)
{
	struct symmetry *s = collapsed_symmetry(v->collapsed);
	uint32_t *image = v->b, *one = v->b + v->world->n_slots, *other = one + v->world->n_slots;
	const struct model *model = v->searched;

	for (unsigned i = 0; i < v->world->n_slots; i++) {
		unsigned from = s->from[element * v->world->n_slots + i];

		image[i] = symmetry_rename(s, v->world->slots[i].class, v->numbers[from], element);
		if (image[i] == UINT32_MAX)
			return error_set(v->error, "out of memory");
	}
	if (model->representative(model->self, v->numbers, one, v->error) != MODEL_OK ||
	    model->representative(model->self, image, other, v->error) != MODEL_OK)
		return -1;
	if (memcmp(one, other, v->world->n_slots * sizeof(*one)) != 0)
		return verify_differs(
		        v, NULL, "the state and what permutation %u makes of it have two representatives",
		        element);
	return 0;
}

static int check_permutation(struct verify *v, unsigned element)
{
	const struct renaming *r = &collapsed_symmetry(v->collapsed)->elements[element];
	struct model_label label = {0};
	unsigned n = 0;

	rename_words(v, r, v->state, v->a);
	do {
		unsigned k;

		memcpy(v->m->words, v->a, v->world->words * sizeof(*v->a));
		if (verify_step(v, v->m, &label, NULL, 0))
			return -1;
		if (v->m->disabled)
			continue;
		k = find_original(v, r);
		if (k == v->n)
			return verify_differs(v, NULL,
			                      "permutation %u is no symmetry: the renamed state has a step "
			                      "that is none renamed",
			                      element);
		if (compare_step(v, element, &v->taken[k]))
			return -1;
		n++;
	} while (machine_next_label(v->m, &label));
	v->counts.permutations++;
	if (n != v->n)
		return verify_differs(
		        v, NULL,
		        "permutation %u is no symmetry: the renamed state has %u steps in place of %u",
		        element, n, v->n);
	return check_representative(v, element);
}

int verify_symmetry(struct verify *v)
{
	const struct symmetry *s = collapsed_symmetry(v->collapsed);

	if (s->n <= PERMUTATIONS_ALL) {
		for (unsigned e = 1; e < s->n; e++) {
			if (check_permutation(v, e))
				return -1;
		}
		return 0;
	}
	for (unsigned g = 0; g < s->n_generators; g++) {
		if (check_permutation(v, s->generators[g].element))
			return -1;
	}
	for (unsigned i = 0; i < PERMUTATIONS_SOME; i++) {
		if (check_permutation(v, 1 + (unsigned)(verify_random(v) % (s->n - 1))))
			return -1;
	}
	return 0;
}
