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
	uint16_t lane;
	uint8_t shift, width;
};

struct layout {
	size_t words;
	unsigned lanes;              /* 1, or an even number: some may stay zero */
	struct layout_field *fields; /* [words] */
};

/* For values up to greatest[i], and some more. Returns false when out of memory: then there is nothing to be
 * freed. */
bool layout_init(struct layout *layout, const uint32_t *greatest, size_t words);
void layout_free(struct layout *layout);

/* Lanes into words. */
void layout_unpack(const struct layout *layout, const uint64_t *lanes, uint32_t *words);

/* Changes the lanes of `old` into those of `words`. Returns false if a word has too many bits. */
bool layout_repack(const struct layout *layout, const uint32_t *old, const uint32_t *words, uint64_t *lanes);

#endif
