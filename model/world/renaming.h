/* SPDX-License-Identifier: MIT */
/*
 * Who is who: permutations of CPUs, tasks and vCPUs, and what they make of the words of a slot. A word can
 * name one of them in three ways: as a tag's owner, as an address inside an array with an element for each,
 * and as a number, which only its place tells from other numbers. Whether a renaming changes nothing that
 * matters is not known here: symmetry.h finds out.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_RENAMING_H
#define LAZYSWITCH_MODEL_WORLD_RENAMING_H

#include "machine.h"

/* What a number names. */
enum name_domain { DOMAIN_CPU, DOMAIN_TASK, DOMAIN_VCPU, DOMAINS };

/* How a word names it; NAME_NONE: it is no number, but may be a tag or an address. */
enum name_kind {
	NAME_NONE,
	NAME_CPU,
	NAME_TASK,
	NAME_VCPU,
	NAME_CPU_PLUS_1, /* on_cpu[] */
	NAME_VMID,       /* the upper word of VTTBR */
	NAME_MPIDR,
	NAME_THREAD,       /* a task's number, but not an idle one's */
	NAME_THREAD_INDEX, /* counted from 0 */
	NAME_END,          /* an address that may lie just behind an element: a stack's */
	NAME_PLAIN,        /* nobody, whatever it looks like: an array is where its first element is */
	NAME_KINDS,
};

/* A permutation: who takes whose place. Those that the configuration does not have stay. */
struct renaming {
	uint8_t of[DOMAINS][NR_TASKS];
};

/* What the words of slots are, where their place decides it. */
struct naming {
	const struct world *world;
	uint8_t *kinds[SLOT_CLASSES];       /* enum name_kind of each word of a slot */
	uint32_t words[SLOT_CLASSES];       /* of a slot of the class */
	uint32_t numbers_end[SLOT_CLASSES]; /* behind the last word that is a number */
	uint8_t *registers;                 /* [insns * 16]: enum name_kind of r0-r12, by PC */
	uint32_t insns;
	bool *stack[SLOT_CLASSES]; /* words that are zero when they are dead: no numbers are told apart there
	                            */
};

/* Returns 0, or -1 with `e` filled in when out of memory. */
int naming_init(struct naming *n, const struct world *world, struct error *e);
void naming_free(struct naming *n);

/* The kind of a word of a slot of a class, given all of them. */
enum name_kind naming_kind(const struct naming *n, enum slot_class class, const uint32_t *words, uint32_t i);

/*
 * A slot's `words` should have become `expected` under a renaming, and became `actual`. Makes numbers of
 * those words that this explains, and returns whether it explains them all; a word is never made what it was
 * before.
 */
bool naming_learn(struct naming *n, const struct renaming *r, enum slot_class class, const uint32_t *words,
                  const uint32_t *expected, const uint32_t *actual);

/* The permutation that changes nothing. */
struct renaming renaming_identity(void);

/* Who takes the place of the one that is called `index` in a slot of a class. */
unsigned renaming_index(const struct renaming *r, enum slot_class class, unsigned index);

/* A tag's owner, renamed. */
unsigned renaming_owner(const struct renaming *r, const struct world *world, unsigned owner);

/* A word of some kind, renamed. */
uint32_t renaming_word(const struct renaming *r, const struct world *world, enum name_kind kind,
                       uint32_t word);

/*
 * A slot's contents, renamed. `in` has the class's number of words (zeros at the end included), and so has
 * `out`. Returns how many of them count: the rest is zero.
 */
uint32_t renaming_contents(const struct renaming *r, const struct naming *n, enum slot_class class,
                           const uint32_t *in, uint32_t count, uint32_t *out);

#endif
