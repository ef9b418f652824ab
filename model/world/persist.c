/* SPDX-License-Identifier: MIT */
/*
 * In order: the shape of the world, `learnt`, the members of the symmetry's parts, the naming, the dictionaries,
 * each contents behind its length; what was covered. Words of the machine at hand.
 */
#include "persist.h"

#include <stdlib.h>
#include <string.h>

enum { FORMAT = 2 };

/* What must agree, lest the rest be read as something that it is not. */
struct shape {
	uint32_t format, slots, insns, guesses, closing, name_kinds;
	uint32_t words[SLOT_CLASSES];
};

struct learnt_words {
	uint32_t shared, anonymous, wrong_guesses;
};

static struct shape shape_of(const struct steps *steps, const struct symmetry *symmetry)
{
	struct shape shape = {
	        .format = FORMAT,
	        .slots = steps->world->n_slots,
	        .insns = symmetry->naming.insns,
	        .guesses = LEARNT_GUESSES,
	        .closing = LEARNT_INSNS,
	        .name_kinds = NAME_KINDS,
	};

	memcpy(shape.words, symmetry->naming.words, sizeof(shape.words));
	return shape;
}

static int save_learnt(const struct learnt *learnt, const struct sink *out, struct error *e)
{
	const struct learnt_words words = {learnt->shared, learnt->anonymous, learnt->wrong_guesses};

	return sink_write(out, &words, sizeof(words), e) ||
	                       sink_write(out, learnt->wrong, sizeof(learnt->wrong), e) ||
	                       sink_write(out, learnt->closing, sizeof(learnt->closing), e)
	               ? -1
	               : 0;
}

static int save_naming(const struct naming *n, const struct sink *out, struct error *e)
{
	if (sink_write(out, n->numbers_end, sizeof(n->numbers_end), e))
		return -1;
	for (unsigned c = 0; c < SLOT_CLASSES; c++) {
		if (sink_write(out, n->kinds[c], n->words[c], e))
			return -1;
	}
	return sink_write(out, n->registers, (size_t)n->insns * 16, e);
}

static int save_dictionary(const struct dictionary *d, const struct sink *out, struct error *e)
{
	if (sink_write(out, &d->n, sizeof(d->n), e))
		return -1;
	for (uint32_t i = 0; i < d->n; i++) {
		uint32_t count;
		const uint32_t *words = dictionary_words(d, i, &count);

		if (sink_write(out, &count, sizeof(count), e) ||
		    sink_write(out, words, count * sizeof(*words), e))
			return -1;
	}
	return 0;
}

/* What was seen, not how often: steps are made once more. */
static int save_coverage(const struct coverage *c, const struct sink *out, struct error *e)
{
	return sink_write(out, &c->looks, sizeof(c->looks), e) || sink_write(out, c->seen, c->insns, e) ? -1
	                                                                                                : 0;
}

int persist_save(const struct steps *steps, const struct symmetry *symmetry, const struct sink *out,
                 struct error *e)
{
	const struct shape shape = shape_of(steps, symmetry);

	if (sink_write(out, &shape, sizeof(shape), e) || save_learnt(&steps->learnt, out, e) ||
	    sink_write(out, symmetry->part, sizeof(symmetry->part), e) ||
	    save_naming(&symmetry->naming, out, e))
		return -1;
	for (unsigned c = 0; c < SLOT_CLASSES; c++) {
		if (save_dictionary(&steps->dictionary[c], out, e))
			return -1;
	}
	return save_coverage(steps->machine->coverage, out, e);
}

static int bad(const char *what, struct error *e)
{
	return error_set(e, "what was saved of the model makes no sense: %s", what);
}

static int restore_learnt(struct learnt *learnt, const struct source *in, struct error *e)
{
	struct learnt_words words;

	if (source_read(in, &words, sizeof(words), e) ||
	    source_read(in, learnt->wrong, sizeof(learnt->wrong), e) ||
	    source_read(in, learnt->closing, sizeof(learnt->closing), e))
		return -1;
	if (words.shared >> SLOT_CLASSES != 0 || words.anonymous > 1)
		return bad("what it has learnt about steps", e);
	learnt->shared = words.shared;
	learnt->anonymous = words.anonymous != 0;
	learnt->wrong_guesses = words.wrong_guesses;
	learnt->refined = false;
	return 0;
}

static int restore_kinds(uint8_t *kinds, size_t n, const struct source *in, struct error *e)
{
	if (source_read(in, kinds, n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (kinds[i] >= NAME_KINDS)
			return bad("what words name", e);
	}
	return 0;
}

static int restore_naming(struct naming *n, const struct source *in, struct error *e)
{
	uint32_t ends[SLOT_CLASSES];

	if (source_read(in, ends, sizeof(ends), e))
		return -1;
	for (unsigned c = 0; c < SLOT_CLASSES; c++) {
		/* It only grows. */
		if (ends[c] < n->numbers_end[c] || (ends[c] > n->words[c] && ends[c] > n->numbers_end[c]))
			return bad("where words name something", e);
		n->numbers_end[c] = ends[c];
		if (restore_kinds(n->kinds[c], n->words[c], in, e))
			return -1;
	}
	return restore_kinds(n->registers, (size_t)n->insns * 16, in, e);
}

/* Code cannot write whom a CPU runs, so nobody looks twice at what is there. */
static bool runs_somebody(const struct world *w, enum slot_class class, const uint32_t *words, uint32_t count,
                          uint32_t size)
{
	return class != SLOT_CORE || count < size || world_has_task(&w->config, words[size - 1]);
}

static int restore_dictionary(struct steps *s, enum slot_class class, uint32_t size, const struct source *in,
                              struct error *e)
{
	struct dictionary *d = &s->dictionary[class];
	uint32_t n, count, number;

	if (source_read(in, &n, sizeof(n), e))
		return -1;
	/* Nothing is allocated for contents that have not been read. */
	for (uint32_t i = 0; i < n; i++) {
		if (source_read(in, &count, sizeof(count), e))
			return -1;
		if (count > size)
			return bad("contents larger than their slot", e);
		if (source_read(in, s->scratch, count * sizeof(*s->scratch), e))
			return -1;
		if ((count > 0 && s->scratch[count - 1] == 0) ||
		    !runs_somebody(s->world, class, s->scratch, count, size))
			return bad("contents", e);
		number = dictionary_intern(d, s->scratch, count);
		if (number == UINT32_MAX)
			return error_set(e, "out of memory");
		if (number != i)
			return bad("the same contents twice", e);
	}
	return 0;
}

static int restore_coverage(struct coverage *c, const struct source *in, struct error *e)
{
	return source_read(in, &c->looks, sizeof(c->looks), e) || source_read(in, c->seen, c->insns, e) ? -1
	                                                                                                : 0;
}

/* Fills in what of the machine is constant after boot. An initial state that is not known is another system's. */
static int boot(struct steps *steps, struct error *e)
{
	uint32_t *state = calloc((size_t)steps->world->n_slots + 1, sizeof(*state)), known[SLOT_CLASSES];
	int status = 0;

	if (!state)
		return error_set(e, "out of memory");
	for (unsigned c = 0; c < SLOT_CLASSES; c++)
		known[c] = steps->dictionary[c].n;
	if (steps_boot(steps, state, e) != MODEL_OK)
		status = -1;
	for (unsigned c = 0; status == 0 && c < SLOT_CLASSES; c++) {
		if (steps->dictionary[c].n != known[c])
			status = bad("it does not have the initial state", e);
	}
	free(state);
	return status;
}

int persist_restore(struct steps *steps, struct symmetry *symmetry, const struct source *in, struct error *e)
{
	const struct shape shape = shape_of(steps, symmetry);
	struct symmetry_members part[SYMMETRY_PARTS];
	struct shape there;

	if (source_read(in, &there, sizeof(there), e))
		return -1;
	if (memcmp(&there, &shape, sizeof(shape)) != 0)
		return error_set(e, "what was saved of the model belongs to another system");
	if (restore_learnt(&steps->learnt, in, e) || source_read(in, part, sizeof(part), e) ||
	    symmetry_restrict(symmetry, part, e) || restore_naming(&symmetry->naming, in, e))
		return -1;
	for (unsigned c = 0; c < SLOT_CLASSES; c++) {
		if (restore_dictionary(steps, (enum slot_class)c, shape.words[c], in, e))
			return -1;
	}
	if (restore_coverage(steps->machine->coverage, in, e))
		return -1;
	if (in->left(in->arg) != 0)
		return bad("there is more than expected", e);
	return boot(steps, e);
}
