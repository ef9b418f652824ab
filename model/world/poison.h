/* SPDX-License-Identifier: MIT */
/*
 * Dead values, found by trying. At the end of a step, values that are probably never
 * looked at again are replaced by poison, a value that says which guess it stands
 * for. Poison may be moved, stored and loaded like any other value. When something
 * depends on it (arithmetic, an address, a comparison, an observation) the guess was
 * wrong: it is remembered as such, and the search starts again without it. A search
 * that ends without such a use has shown that none of the values mattered.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_POISON_H
#define LAZYSWITCH_MODEL_WORLD_POISON_H

#include "machine.h"

#define POISON_MARK 0xfe000000u

#define POISON_ANONYMOUS (POISON_MARK | (LEARNT_GUESSES - 1u) << 2)

/* The two low bits stay clear: writing PC loses them. */
static inline bool is_poison(uint32_t word)
{
	return (word & ~((LEARNT_GUESSES - 1u) << 2)) == POISON_MARK;
}

static inline uint32_t poison_guess(uint32_t poison)
{
	return poison >> 2 & (LEARNT_GUESSES - 1);
}

/* The guess that register `reg` is dead where a step ends before the instruction number `insn` of the code.
 */
static inline uint32_t poison_register(uint32_t insn, unsigned reg)
{
	return POISON_MARK | (insn << 4 | reg) << 2;
}

/* The guess that word `offset` of slots of a class is dead; `phase` tells situations apart, see canonical.c.
 */
static inline uint32_t poison_memory(enum slot_class class, uint32_t offset, unsigned phase)
{
	return POISON_MARK | (LEARNT_GUESSES / 2 | (uint32_t) class << 11 | offset << 1 | phase) << 2;
}

/* May this guess still be made? */
static inline bool poison_holds(const struct learnt *learnt, uint32_t poison)
{
	uint32_t guess = poison_guess(poison);

	return (learnt->wrong[guess / 32] >> guess % 32 & 1) == 0;
}

/* Replaces *word by the poison of a guess, if the guess may still be made. */
static inline void poison(const struct learnt *learnt, uint32_t guess, uint32_t *word)
{
	if (poison_holds(learnt, guess))
		*word = learnt->anonymous ? POISON_ANONYMOUS : guess;
}

/* Something depends on `value`: if it is poison, its guess is wrong from now on. Returns whether it was. */
bool poison_used(struct machine *m, uint32_t value);

/* The same for all values that the instruction about to be executed depends on. */
bool poison_used_by(struct machine *m, const struct insn *insn);

#endif
