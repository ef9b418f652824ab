/* SPDX-License-Identifier: MIT */
#include "checker/layout.h"

#include <stdlib.h>
#include <string.h>

/* A bit more than is needed: values grow, and packing anew costs time. */
static unsigned width_for(uint32_t greatest)
{
	unsigned width = 1;

	while (width < 32 && greatest >> (width - 1) != 0)
		width++;
	return width;
}

/*
 * How many bits to put into a lane: one lane if that is enough, otherwise two, or a multiple of four, all about as full. Two
 * lanes make a leaf of the tree, and the first half of the lanes its left half: the fewer halves there are of each kind the
 * better, about the root of the number of states, if the halves are equal.
 */
static unsigned lane_bits(const uint32_t *greatest, size_t words)
{
	size_t bits = 0, lanes;

	for (size_t i = 0; i < words; i++)
		bits += width_for(greatest[i]);
	lanes = (bits + LAYOUT_LANE_BITS - 1) / LAYOUT_LANE_BITS;
	if (lanes > 2)
		lanes = (lanes + 3) / 4 * 4;
	return (unsigned)((bits + lanes - 1) / lanes);
}

bool layout_init(struct layout *layout, const uint32_t *greatest, size_t words)
{
	unsigned lane = 0, used = 0, enough = lane_bits(greatest, words);

	*layout = (struct layout){.words = words, .fields = calloc(words, sizeof(*layout->fields))};
	if (!layout->fields)
		return false;
	for (size_t i = 0; i < words; i++) {
		unsigned width = width_for(greatest[i]);

		if (used >= enough || used + width > LAYOUT_LANE_BITS) {
			lane++;
			used = 0;
		}
		layout->fields[i] = (struct layout_field){
		        .lane = (uint16_t)lane, .shift = (uint8_t)used, .width = (uint8_t)width};
		used += width;
	}
	layout->lanes = lane + 1;
	return true;
}

void layout_free(struct layout *layout)
{
	free(layout->fields);
	*layout = (struct layout){0};
}

void layout_unpack(const struct layout *layout, const uint64_t *lanes, uint32_t *words)
{
	for (size_t i = 0; i < layout->words; i++) {
		const struct layout_field f = layout->fields[i];

		words[i] = (uint32_t)(lanes[f.lane] >> f.shift & ((UINT64_C(1) << f.width) - 1));
	}
}

static inline bool put(struct layout_field f, uint32_t old, uint32_t word, uint64_t *lanes)
{
	lanes[f.lane] ^= (uint64_t)(old ^ word) << f.shift;
	return (uint64_t)word >> f.width == 0;
}

bool layout_repack(const struct layout *layout, const uint32_t *old, const uint32_t *words, uint64_t *lanes)
{
	size_t i = 0;

	/* Most words are the same: look at eight at a time. */
	for (; i + 8 <= layout->words; i += 8) {
		uint64_t a[4], b[4];

		memcpy(a, old + i, sizeof(a));
		memcpy(b, words + i, sizeof(b));
		if (((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0)
			continue;
		for (size_t k = i; k < i + 8; k++) {
			if (old[k] != words[k] && !put(layout->fields[k], old[k], words[k], lanes))
				return false;
		}
	}
	for (; i < layout->words; i++) {
		if (old[i] != words[i] && !put(layout->fields[i], old[i], words[i], lanes))
			return false;
	}
	return true;
}
