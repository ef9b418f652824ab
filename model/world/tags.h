/* SPDX-License-Identifier: MIT */
/*
 * The contents of FP registers. FP data is only ever copied, so it is enough to
 * know whose it is (docs/explanation/theory.md, data independence). A tag is a 32-bit word that
 * says: half `half` of register `reg` of context `owner`, in the one newest version
 * or in an older one: in general there is only one older version, the oldest. It lives wherever data can live, in D registers, in core
 * registers and in memory, and moves as data moves.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_TAGS_H
#define LAZYSWITCH_MODEL_WORLD_TAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "../cpu/cpu.h"
#include "../linux/include/layout.h"

enum {
	TAG_FPSCR = 32,  /* register number of FPSCR, behind D0-D31 */
	OWNER_NEON = 62, /* kernel-mode NEON sections */
	OWNER_JUNK = 63, /* nobody: what a register holds after reset */
};

#define TAG_MARK        0xfd000000u
#define TAG_MARK_MASK   0xff00000fu
#define TAG_STALE       (1u << 4) /* the oldest version */
#define TAG_AGE_SHIFT   5
#define TAG_AGE         (3u << TAG_AGE_SHIFT) /* versions between the newest and the oldest: from 1 */
#define TAG_OWNER_SHIFT 16
#define TAG_OWNER       (63u << TAG_OWNER_SHIFT)

static inline uint32_t tag(unsigned owner, unsigned reg, unsigned half)
{
	return TAG_MARK | owner << TAG_OWNER_SHIFT | reg << 8 | half << 7;
}

static inline bool is_tag(uint32_t word)
{
	return (word & TAG_MARK_MASK) == TAG_MARK;
}

static inline unsigned tag_owner(uint32_t word)
{
	return word >> TAG_OWNER_SHIFT & 63;
}

static inline bool tag_stale(uint32_t word)
{
	return (word & (TAG_STALE | TAG_AGE)) != 0;
}

/* Is it as old as a version can be? */
static inline bool tag_oldest(uint32_t word)
{
	return (word & TAG_STALE) != 0;
}

/* The words of a struct vfp_hard_struct that hold FP data: word number i, i < AREA_WORDS, lies at
 * tags_area_word(i). */
enum { AREA_WORDS = 65 };

static inline uint32_t tags_area_word(uint32_t i)
{
	return i < 64 ? i : VFP_FPSCR / 4;
}

/* What belongs there if the data is `owner`'s newest. */
static inline uint32_t tags_area_tag(unsigned owner, uint32_t i, bool big_endian)
{
	if (i == 64)
		return tag(owner, TAG_FPSCR, 0);
	return tag(owner, i / 2, (i & 1) ^ (big_endian ? 1 : 0));
}

/* The value of D register `reg` that belongs to `owner`. */
static inline uint64_t tag_d(unsigned owner, unsigned reg)
{
	return (uint64_t)tag(owner, reg, 1) << 32 | tag(owner, reg, 0);
}

static inline void tags_fill_bank(struct cpu_bank_fp *fp, unsigned owner)
{
	for (unsigned reg = 0; reg < 32; reg++)
		fp->d[reg] = tag_d(owner, reg);
	fp->fpscr = tag(owner, TAG_FPSCR, 0);
}

#endif
