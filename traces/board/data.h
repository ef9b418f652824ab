/* SPDX-License-Identifier: MIT */
/*
 * FP data as bits. The machine moves tags, which say whose a word is and whether it is the newest; on the board every
 * version of a context's data is a pattern of its own, so that what is read there says the same.
 */
#ifndef LAZYSWITCH_TRACES_BOARD_DATA_H
#define LAZYSWITCH_TRACES_BOARD_DATA_H

#include "model/world/tags.h"

enum { BOARD_OWNERS = 64 };

/* A version of a context's data: whose it was when it was written, and the how manieth of theirs; or all zero. */
struct board_version {
	uint8_t owner, number;
	bool zero;
};

/*
 * A D register with a pattern is a quiet NaN: users' VADD D0, D0, D0, which stands for any computation, leaves it as it is, unless
 * FPSCR.DN is set.
 */
#define BOARD_MARK      0xfff80000u
#define BOARD_MARK_MASK 0xfff80000u
#define BOARD_OWNER_AT  13
#define BOARD_REG_AT    7

/* The bits of one word of a register file. Of FPSCR those are used that a VFP keeps and that NaNs do not heed: flags, QC, AHP, RMode. */
static inline uint32_t board_word(struct board_version v, unsigned reg, unsigned half)
{
	if (v.zero)
		return 0;
	if (reg == TAG_FPSCR)
		return (v.owner + 1u) << 26 | (v.number & 3u) << 22; /* what the last owner has, junk, is 0 */
	return (half != 0 ? BOARD_MARK : BOARD_MARK & ~(1u << 30)) | (uint32_t)v.owner << BOARD_OWNER_AT |
	       reg << BOARD_REG_AT | (v.number & 127u);
}

/* The same for a tag of the machine that is its owner's newest; anything else is what it is. */
static inline uint32_t board_value(const struct board_version newest[BOARD_OWNERS], uint32_t word)
{
	return is_tag(word) ? board_word(newest[tag_owner(word)], word >> 8 & 63, word >> 7 & 1) : word;
}

/* Whose are these bits of a D register? -1: nobody's. */
static inline int board_owner(uint32_t bits)
{
	return ((bits | 1u << 30) & BOARD_MARK_MASK) == BOARD_MARK ? (int)(bits >> BOARD_OWNER_AT & 63) : -1;
}

/* Does the board hold what the machine holds? An old version is some version of that register. */
static inline bool board_agrees(const struct board_version newest[BOARD_OWNERS], uint32_t word, uint32_t bits)
{
	unsigned reg = word >> 8 & 63;

	if (!is_tag(word) || !tag_stale(word))
		return bits == board_value(newest, word);
	return reg == TAG_FPSCR || bits == 0 ||
	       (board_owner(bits) >= 0 && (bits >> BOARD_REG_AT & 63) == reg);
}

#endif
