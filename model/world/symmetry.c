/* SPDX-License-Identifier: MIT */
#include "symmetry.h"

#include <stdlib.h>
#include <string.h>

static const unsigned factorial[] = {1, 1, 2, 6, 24, 120, 720};

enum { MEMBERS_MAX = 6 };

/* Fewer members until the group is small enough. */
static unsigned group_size(struct symmetry *s)
{
	for (;;) {
		unsigned size = 1, largest = 0;

		for (unsigned p = 0; p < SYMMETRY_PARTS; p++) {
			if (s->part[p].members > MEMBERS_MAX)
				s->part[p].members = MEMBERS_MAX;
			size *= factorial[s->part[p].members];
			if (s->part[p].members > s->part[largest].members)
				largest = p;
		}
		if (size <= SYMMETRY_ELEMENTS_MAX)
			return size;
		s->part[largest].members--;
	}
}

/* Member `from` of a part takes the place of member `to`. */
static void put(struct renaming *r, const struct world *w, enum symmetry_part part, unsigned from,
                unsigned to)
{
	unsigned first = NR_CPUS + (part == SYMMETRY_VMMS ? w->config.threads : 0);

	if (part == SYMMETRY_CPUS) {
		r->of[DOMAIN_CPU][from] = (uint8_t)to;
		r->of[DOMAIN_TASK][from] = (uint8_t)to; /* its idle task */
		return;
	}
	r->of[DOMAIN_TASK][first + from] = (uint8_t)(first + to);
	if (part == SYMMETRY_VMMS)
		r->of[DOMAIN_VCPU][from] = (uint8_t)to;
}

/* Permutation number `k` of a part's members, in the factorial number system: 0 is the identity. */
static void permute(struct renaming *r, const struct symmetry *s, enum symmetry_part part, unsigned k)
{
	unsigned first = s->part[part].first, members = s->part[part].members, left[MEMBERS_MAX];

	for (unsigned i = 0; i < members; i++)
		left[i] = i;
	for (unsigned i = 0; i < members; i++) {
		unsigned rest = factorial[members - 1 - i], at = k / rest;

		k %= rest;
		put(r, s->world, part, first + i, first + left[at]);
		memmove(left + at, left + at + 1, (members - 1 - i - at) * sizeof(*left));
	}
}

static unsigned slot_number(const struct world *w, enum slot_class class, unsigned index)
{
	unsigned s = 0;

	while (w->slots[s].class != class || w->slots[s].index != index)
		s++;
	return s;
}

/* What differs most often from CPU to CPU and task to task comes first; idle tasks hardly ever do. */
static unsigned rank_of(const struct slot *slot)
{
	switch (slot->class) {
	case SLOT_CORE:
		return 0;
	case SLOT_TASK:
		return slot->index < NR_CPUS ? 5 : 1;
	case SLOT_VCPU:
		return 2;
	case SLOT_HW_STATE:
		return 3;
	case SLOT_BANK:
		return 4;
	default:
		return 5;
	}
}

static void make_order(struct symmetry *s)
{
	unsigned n = 0;

	for (unsigned rank = 0; rank <= 5; rank++) {
		for (unsigned slot = 0; slot < s->world->n_slots; slot++) {
			if (rank_of(&s->world->slots[slot]) == rank)
				s->order[n++] = (uint16_t)slot;
		}
	}
}

static void make_generators(struct symmetry *s)
{
	unsigned n_slots = s->world->n_slots;

	s->n_generators = 0;
	for (unsigned p = 0; p < SYMMETRY_PARTS; p++) {
		for (unsigned i = 0; i + 1 < s->part[p].members; i++) {
			struct renaming wanted = renaming_identity();
			unsigned element = 0, pair = s->part[p].first + i;

			put(&wanted, s->world, p, pair, pair + 1);
			put(&wanted, s->world, p, pair + 1, pair);
			while (memcmp(&s->elements[element], &wanted, sizeof(wanted)) != 0)
				element++;
			s->generators[s->n_generators].element = element;
			s->generators[s->n_generators].pair = i;
			s->generators[s->n_generators++].part = p;
		}
	}
	for (unsigned e = 0; e < s->n; e++) {
		for (unsigned i = 0; i < n_slots; i++) {
			const struct slot *slot = &s->world->slots[i];
			unsigned to = slot_number(s->world, slot->class,
			                          renaming_index(&s->elements[e], slot->class, slot->index));

			s->from[e * n_slots + to] = (uint16_t)i;
		}
	}
}

static void release(struct symmetry *s)
{
	symmetry_forget(s);
	free(s->elements);
	free(s->from);
	free(s->candidates);
	s->elements = NULL;
	s->from = s->candidates = NULL;
}

/* Makes the group anew. */
static int make_group(struct symmetry *s, struct error *e)
{
	unsigned size = group_size(s);

	release(s);
	s->n = size;
	s->elements = calloc(size, sizeof(*s->elements));
	s->from = calloc((size_t)size * s->world->n_slots, sizeof(*s->from));
	s->candidates = calloc(size, sizeof(*s->candidates));
	if (!s->elements || !s->from || !s->candidates)
		return error_set(e, "out of memory");
	for (unsigned i = 0; i < size; i++) {
		unsigned k = i;

		s->elements[i] = renaming_identity();
		for (unsigned p = 0; p < SYMMETRY_PARTS; p++) {
			permute(&s->elements[i], s, p, k % factorial[s->part[p].members]);
			k /= factorial[s->part[p].members];
		}
	}
	make_generators(s);
	return 0;
}

int symmetry_init(struct symmetry *s, const struct world *w, struct dictionary *dictionaries, bool on,
                  struct error *e)
{
	uint32_t largest = 1;

	*s = (struct symmetry){.world = w, .dictionaries = dictionaries};
	s->part[SYMMETRY_CPUS].members = on ? w->config.cpus : 0;
	s->part[SYMMETRY_THREADS].members = on ? w->config.threads : 0;
	s->part[SYMMETRY_VMMS].members = on ? world_vcpus(&w->config) : 0;
	for (unsigned i = 0; i < w->n_slots; i++)
		largest = w->slots[i].words > largest ? w->slots[i].words : largest;
	s->order = calloc((size_t)w->n_slots + 1, sizeof(*s->order));
	s->in = calloc(largest, sizeof(*s->in));
	s->out = calloc(largest, sizeof(*s->out));
	s->class_of = calloc((size_t)w->n_slots + 1, sizeof(*s->class_of));
	for (unsigned i = 0; s->class_of && i < w->n_slots; i++)
		s->class_of[i] = (uint8_t)w->slots[i].class;
	if (s->order)
		make_order(s);
	if (!s->order || !s->class_of || !s->in || !s->out || naming_init(&s->naming, w, e) ||
	    make_group(s, e)) {
		symmetry_free(s);
		return error_set(e, "out of memory");
	}
	return 0;
}

void symmetry_free(struct symmetry *s)
{
	release(s);
	naming_free(&s->naming);
	free(s->order);
	free(s->class_of);
	free(s->in);
	free(s->out);
	*s = (struct symmetry){0};
}

size_t symmetry_memory(const struct symmetry *s)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		bytes += (size_t)s->renamed_size[i] * s->n * sizeof(*s->renamed[i]);
	return bytes;
}

void symmetry_forget(struct symmetry *s)
{
	for (unsigned i = 0; i < SLOT_CLASSES; i++) {
		free(s->renamed[i]);
		s->renamed[i] = NULL;
		s->renamed_size[i] = 0;
	}
	s->generation++;
}

int symmetry_give_up(struct symmetry *s, unsigned generator, struct error *e)
{
	enum symmetry_part p = s->generators[generator].part;
	unsigned pair = s->generators[generator].pair;

	if (pair == 0)
		s->part[p].first++;
	if (pair == 0 || pair + 2 == s->part[p].members)
		s->part[p].members--;
	else
		s->part[p].members = 0;
	return make_group(s, e);
}

int symmetry_restrict(struct symmetry *s, const struct symmetry_members part[SYMMETRY_PARTS], struct error *e)
{
	for (unsigned p = 0; p < SYMMETRY_PARTS; p++) {
		unsigned first = s->part[p].first, end = first + s->part[p].members;

		if (part[p].first < first || part[p].first > end || part[p].members > end - part[p].first)
			return error_set(e, "there is no such symmetry");
	}
	memcpy(s->part, part, sizeof(s->part));
	return make_group(s, e);
}

/* Room for what permutations make of contents; what the identity makes of them is known. */
static bool make_row(struct symmetry *s, enum slot_class class, uint32_t number)
{
	uint32_t size = number * 2 + 2, *table;

	if (number < s->renamed_size[class])
		return true;
	table = realloc(s->renamed[class], ((size_t)size * s->n + 1) * sizeof(*table));
	if (!table)
		return false;
	memset(table + (size_t)s->renamed_size[class] * s->n, 0,
	       (size_t)(size - s->renamed_size[class]) * s->n * sizeof(*table));
	for (uint32_t i = s->renamed_size[class]; i < size; i++)
		table[(size_t)i * s->n] = i + 1;
	s->renamed[class] = table;
	s->renamed_size[class] = size;
	return true;
}

/* Renames contents for the first time. Returns UINT32_MAX when out of memory. */
static uint32_t rename_contents(struct symmetry *s, enum slot_class class, uint32_t number, unsigned element)
{
	struct dictionary *d = &s->dictionaries[class];
	uint32_t count, renamed;
	const uint32_t *words = dictionary_words(d, number, &count);

	if (count > 0) /* there may be no words then */
		memcpy(s->in, words, count * sizeof(*words));
	memset(s->in + count, 0, (s->naming.words[class] - count) * sizeof(*words));
	count = renaming_contents(&s->elements[element], &s->naming, class, s->in, count, s->out);
	renamed = dictionary_intern(d, s->out, count);
	if (renamed == UINT32_MAX)
		return renamed;
	if (!make_row(s, class, number))
		return UINT32_MAX;
	s->renamed[class][(size_t)number * s->n + element] = renamed + 1;
	return renamed;
}

uint32_t symmetry_rename(struct symmetry *s, enum slot_class class, uint32_t number, unsigned element)
{
	if (element == 0)
		return number;
	if (number < s->renamed_size[class]) {
		uint32_t known = s->renamed[class][(size_t)number * s->n + element];

		if (known != 0)
			return known - 1;
	}
	return rename_contents(s, class, number, element);
}

/* What comes to a slot. Returns UINT32_MAX when out of memory. */
static uint32_t value_at(struct symmetry *s, unsigned element, const uint32_t *state, unsigned slot)
{
	unsigned from = s->from[element * s->world->n_slots + slot];

	return symmetry_rename(s, (enum slot_class)s->class_of[slot], state[from], element);
}

bool symmetry_representative(struct symmetry *s, const uint32_t *state, uint32_t *representative)
{
	unsigned n = s->n;

	for (unsigned e = 0; e < n; e++)
		s->candidates[e] = (uint16_t)e;
	for (unsigned i = 0; n > 1 && i < s->world->n_slots; i++) {
		unsigned slot = s->order[i], kept = 0;
		uint32_t least = UINT32_MAX;

		for (unsigned k = 0; k < n; k++) {
			uint32_t value = value_at(s, s->candidates[k], state, slot);

			if (value == UINT32_MAX)
				return false;
			if (value < least) {
				least = value;
				kept = 0;
			}
			if (value == least)
				s->candidates[kept++] = s->candidates[k];
		}
		n = kept;
	}
	for (unsigned i = 0; i < s->world->n_slots; i++) {
		representative[i] = value_at(s, s->candidates[0], state, i);
		if (representative[i] == UINT32_MAX)
			return false;
	}
	return true;
}
