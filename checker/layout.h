/* SPDX-License-Identifier: MIT */
/*
 * How the words of a state vector are packed: each word gets as many bits as its greatest value needs, and
 * words fill lanes of up to 63 bits, in order.
 */
#ifndef LAZYSWITCH_CHECKER_LAYOUT_H
#define LAZYSWITCH_CHECKER_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One bit of a lane stays free, so that no lane is all ones: an empty place of a table can be. */
enum { LAYOUT_LANE_BITS = 63 };

struct layout_field {
	uint32_t mask; /* its greatest value */
	uint16_t lane;
	uint8_t shift, width;
};

struct layout {
	size_t words;
	unsigned lanes;              /* 1, or an even number: some may stay zero */
	struct layout_field *fields; /* [words], in the order of lanes */
	size_t *ends;                /* [lanes]: the first word behind each */
};

/* For values up to greatest[i], and some more. Returns false when out of memory: then there is nothing to be
 * freed. */
bool layout_init(struct layout *layout, const uint32_t *greatest, size_t words);
void layout_free(struct layout *layout);

/* Lanes into words. */
void layout_unpack(const struct layout *layout, const uint64_t *lanes, uint32_t *words);

/* Changes the lanes of `old` into those of `words`. Returns false if a word has too many bits. */
bool layout_repack(const struct layout *layout, const uint32_t *old, const uint32_t *words, uint64_t *lanes);

/* The same if it is known which words may differ: their numbers, in any order. */
static inline bool layout_repack_some(const struct layout *layout, const uint16_t *changed, size_t n,
                                      const uint32_t *words, uint64_t *lanes)
{
	uint32_t too_many = 0;

	for (size_t i = 0; i < n; i++) {
		const struct layout_field f = layout->fields[changed[i]];
		uint32_t word = words[changed[i]], old = (uint32_t)(lanes[f.lane] >> f.shift) & f.mask;

		lanes[f.lane] ^= (uint64_t)(word ^ old) << f.shift;
		too_many |= word & ~f.mask;
	}
	return too_many == 0;
}

#endif
