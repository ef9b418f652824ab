/* SPDX-License-Identifier: MIT */
#include "symmetry_reader.h"

#include <stdlib.h>
#include <string.h>

#include "../apart.h"

/*
 * Slots are compared in the symmetry's order, and those of CPUs' registers come first: their contents alone decide which
 * permutations are left after them. What was left is kept for contents that were met lately.
 */
enum { MEMO_BITS = 11, MEMO_LEFT_MAX = 24 };

struct memo {
	uint32_t cores[NR_CPUS]; /* the contents */
	uint16_t n;              /* 0: nothing is kept here */
	uint16_t left[MEMO_LEFT_MAX];
};

struct symmetry_reader {
	unsigned generation; /* of the symmetry, when it was asked last */
	uint16_t candidates[SYMMETRY_ELEMENTS_MAX];
	uint32_t values[SYMMETRY_ELEMENTS_MAX];
	struct memo memos[1 << MEMO_BITS];
};

struct symmetry_reader *symmetry_reader_new(void)
{
	return apart_new(1, sizeof(struct symmetry_reader));
}

void symmetry_reader_free(struct symmetry_reader *reader)
{
	free(reader);
}

/* What a permutation makes of a state, slot by slot. */
struct view {
	const uint32_t *state;
	const uint16_t *from;    /* of the permutation */
	const uint8_t *class_of; /* of slots */
	uint32_t *const *renamed;
	const uint32_t *renamed_size;
	unsigned n, element;
};

static inline struct view view_of(const struct symmetry *s, unsigned element, const uint32_t *state)
{
	return (struct view){
	        .state = state,
	        .from = s->from + (size_t)element * s->world->n_slots,
	        .class_of = s->class_of,
	        .renamed = s->renamed,
	        .renamed_size = s->renamed_size,
	        .n = s->n,
	        .element = element,
	};
}

/* What it brings to a slot, plus 1; 0 if that is not known. */
static inline uint32_t value_at(const struct view *view, unsigned slot)
{
	uint32_t number = view->state[view->from[slot]];
	unsigned class = view->class_of[slot];

	return number < view->renamed_size[class]
	               ? view->renamed[class][(size_t)number * view->n + view->element]
	               : 0;
}

/* The candidates that bring the least to a slot stay. Returns how many; 0: it is not known. */
static unsigned keep_least(const struct symmetry *s, struct symmetry_reader *r, unsigned n,
                           const uint32_t *state, unsigned slot)
{
	uint32_t least = UINT32_MAX;
	unsigned kept = 0;

	for (unsigned k = 0; k < n; k++) {
		const struct view view = view_of(s, r->candidates[k], state);

		r->values[k] = value_at(&view, slot);
		least = r->values[k] < least ? r->values[k] : least;
	}
	for (unsigned k = 0; k < n; k++) {
		r->candidates[kept] = r->candidates[k];
		kept += r->values[k] == least;
	}
	return least == 0 ? 0 : kept;
}

static unsigned compare_cores(const struct symmetry *s, struct symmetry_reader *r, const uint32_t *state)
{
	unsigned n = s->n;

	for (unsigned e = 0; e < n; e++)
		r->candidates[e] = (uint16_t)e;
	for (unsigned i = 0; n > 1 && i < s->world->config.cpus; i++)
		n = keep_least(s, r, n, state, s->order[i]);
	return n;
}

static struct memo *memo_of(const struct symmetry *s, struct symmetry_reader *r, const uint32_t *state,
                            uint32_t cores[NR_CPUS])
{
	uint32_t hash = 0;

	for (unsigned i = 0; i < s->world->config.cpus; i++) {
		cores[i] = state[s->order[i]];
		hash = (hash ^ cores[i]) * 0x9e3779b1;
	}
	return &r->memos[hash >> (32 - MEMO_BITS)];
}

/* The permutations that are left after the CPUs' registers become candidates. Returns how many; 0: it is not known. */
static unsigned left_by_cores(const struct symmetry *s, struct symmetry_reader *r, const uint32_t *state)
{
	uint32_t cores[NR_CPUS] = {0};
	struct memo *memo = memo_of(s, r, state, cores);
	unsigned n;

	if (memo->n > 0 && memcmp(memo->cores, cores, sizeof(cores)) == 0) {
		memcpy(r->candidates, memo->left, sizeof(memo->left));
		return memo->n;
	}
	n = compare_cores(s, r, state);
	if (n > 0 && n <= MEMO_LEFT_MAX) {
		memcpy(memo->cores, cores, sizeof(cores));
		memcpy(memo->left, r->candidates, n * sizeof(*memo->left));
		memo->n = (uint16_t)n;
	}
	return n;
}

/* Writes an image. Returns false if it is not known. */
static bool make_image(const struct symmetry *s, struct view view, uint32_t *restrict image)
{
	uint32_t unknown = 0;

	for (unsigned slot = 0; slot < s->world->n_slots; slot++) {
		uint32_t value = value_at(&view, slot);

		unknown |= value == 0;
		image[slot] = value - 1;
	}
	return unknown == 0;
}

/* The permutation that makes less of a state, of two that make the same of the CPUs' registers; -1: it is not known. */
static int lesser(const struct symmetry *s, unsigned a, unsigned b, const uint32_t *state)
{
	const struct view x = view_of(s, a, state), y = view_of(s, b, state);

	for (unsigned i = s->world->config.cpus; i < s->world->n_slots; i++) {
		unsigned slot = s->order[i];
		uint32_t in_x = value_at(&x, slot), in_y = value_at(&y, slot);

		if (in_x != in_y)
			return in_x == 0 || in_y == 0 ? -1 : (int)(in_x < in_y ? a : b);
	}
	return (int)a;
}

/* One after the other, without keeping lists: quick, but it may ask for what symmetry_representative() did not. */
static int least_one_by_one(const struct symmetry *s, const struct symmetry_reader *r, unsigned n,
                            const uint32_t *state)
{
	int least = r->candidates[0];

	for (unsigned k = 1; least >= 0 && k < n; k++)
		least = lesser(s, (unsigned)least, r->candidates[k], state);
	return least;
}

/* Which permutation makes the least of a state; -1: it is not known. */
static int find_least(const struct symmetry *s, struct symmetry_reader *r, const uint32_t *state)
{
	unsigned n_slots = s->world->n_slots, n;
	int least;

	if (s->n == 1)
		return 0;
	if (r->generation != s->generation) {
		memset(r->memos, 0, sizeof(r->memos));
		r->generation = s->generation;
	}
	n = left_by_cores(s, r, state);
	if (n == 0)
		return -1;
	least = least_one_by_one(s, r, n, state);
	for (unsigned i = s->world->config.cpus; least < 0 && n > 1 && i < n_slots; i++)
		n = keep_least(s, r, n, state, s->order[i]);
	return least < 0 && n > 0 ? r->candidates[0] : least;
}

enum model_status symmetry_recall(const struct symmetry *s, struct symmetry_reader *r, const uint32_t *state,
                                  uint32_t *representative)
{
	int least = find_least(s, r, state);

	if (least == 0) { /* the identity */
		memcpy(representative, state, s->world->n_slots * sizeof(*representative));
		return MODEL_ITSELF;
	}
	if (least < 0 || !make_image(s, view_of(s, (unsigned)least, state), representative))
		return MODEL_UNKNOWN;
	return MODEL_OK;
}
