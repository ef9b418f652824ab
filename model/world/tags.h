/* SPDX-License-Identifier: MIT */
/*
 * The contents of FP registers. FP data is only ever copied, so it is enough to
 * know whose it is (docs/theory.md, data independence). A tag is a 32-bit word that
 * says: half `half` of register `reg` of context `owner`, in the one newest version
 * or in an older one. It lives wherever data can live, in D registers, in core
 * registers and in memory, and moves as data moves.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_TAGS_H
#define LAZYSWITCH_MODEL_WORLD_TAGS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	TAG_FPSCR = 32,  /* register number of FPSCR, behind D0-D31 */
	OWNER_NEON = 62, /* kernel-mode NEON sections */
	OWNER_JUNK = 63, /* nobody: what a register holds after reset */
};

#define TAG_MARK      0xfd000000u
#define TAG_MARK_MASK 0xff00000fu
#define TAG_STALE     (1u << 4)

static inline uint32_t tag(unsigned owner, unsigned reg, unsigned half)
{
	return TAG_MARK | owner << 16 | reg << 8 | half << 7;
}

static inline bool is_tag(uint32_t word)
{
	return (word & TAG_MARK_MASK) == TAG_MARK;
}

static inline unsigned tag_owner(uint32_t word)
{
	return word >> 16 & 63;
}

static inline bool tag_stale(uint32_t word)
{
	return (word & TAG_STALE) != 0;
}

/* The value of D register `reg` that belongs to `owner`. */
static inline uint64_t tag_d(unsigned owner, unsigned reg)
{
	return (uint64_t)tag(owner, reg, 1) << 32 | tag(owner, reg, 0);
}

#endif
