/* SPDX-License-Identifier: MIT */
/*
 * Symmetry reduction. CPUs are alike, and so are plain threads, and VMM threads with their vCPUs: of all
 * states that differ only in who is who, a search needs one. What such a permutation makes of a state is
 * renaming.h's; that steps do not care is checked as they are made (commute.h), and a permutation that does
 * matter is given up.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_SYMMETRY_H
#define LAZYSWITCH_MODEL_WORLD_SYMMETRY_H

#include "dictionary.h"
#include "renaming.h"

/* Who may change places with whom. */
enum symmetry_part { SYMMETRY_CPUS, SYMMETRY_THREADS, SYMMETRY_VMMS, SYMMETRY_PARTS };

/* More permutations than this are not tried for one state: some of the CPUs or threads keep their places. */
enum { SYMMETRY_ELEMENTS_MAX = 1152 };

/* Who of a part change places; 0 and 1 members: nobody does. */
struct symmetry_members {
	unsigned first, members;
};

struct symmetry {
	const struct world *world;
	struct dictionary *dictionaries; /* [SLOT_CLASSES], borrowed: what state vectors are made of */
	struct naming naming;
	struct symmetry_members part[SYMMETRY_PARTS];

	struct renaming *elements; /* the group; number 0 is the identity */
	unsigned n;
	struct {
		unsigned element;
		enum symmetry_part part;
		unsigned pair;              /* the first of the two, in the part */
	} generators[NR_CPUS + NR_THREADS]; /* transpositions of neighbours: all others are made of these */
	unsigned n_generators;

	uint16_t *from; /* [n * n_slots]: whose contents, renamed, come to a slot */
	uint16_t *
	        order; /* [n_slots]: the slots that tell most come first, CPUs' SLOT_CORE before all others */
	uint8_t *class_of;               /* [n_slots] */
	uint16_t *candidates;            /* [n] */
	uint32_t *renamed[SLOT_CLASSES]; /* [numbers * n]: number of the contents, renamed, plus 1; 0: unknown
	                                  */
	uint32_t renamed_size[SLOT_CLASSES]; /* numbers */
	uint32_t *in, *out;                  /* one slot's words */
	unsigned generation;                 /* how often it was forgotten */
};

/*
 * All permutations of a world's, or only the identity if not `on`. The dictionaries must outlive it. Returns
 * 0, or -1 with `e` filled in when out of memory; then there is nothing to be freed.
 */
int symmetry_init(struct symmetry *s, const struct world *world, struct dictionary *dictionaries, bool on,
                  struct error *e);
void symmetry_free(struct symmetry *s);
size_t symmetry_memory(const struct symmetry *s);

/* Forgets what contents become under the permutations: dictionaries or names have changed. */
void symmetry_forget(struct symmetry *s);

/*
 * Generator number `generator` is none: takes out the first or the last member of its part, if it is of that
 * one, or the whole part. Returns 0, or -1 with `e` filled in when out of memory.
 */
int symmetry_give_up(struct symmetry *s, unsigned generator, struct error *e);

/*
 * Makes the group anew, of these members alone. Returns 0, or -1 with `e` filled in if they are no part of those that
 * there were, or when out of memory.
 */
int symmetry_restrict(struct symmetry *s, const struct symmetry_members part[SYMMETRY_PARTS],
                      struct error *e);

/* The number of what permutation number `element` makes of contents. Returns UINT32_MAX when out of memory. */
uint32_t symmetry_rename(struct symmetry *s, enum slot_class class, uint32_t number, unsigned element);

/*
 * The state that stands for all those that the permutations make of this one: the least, slots compared in
 * `order`. It does not depend on when it is asked for. Returns false when out of memory.
 */
bool symmetry_representative(struct symmetry *s, const uint32_t *state, uint32_t *representative);

#endif
