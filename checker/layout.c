/* SPDX-License-Identifier: MIT */
#include "checker/layout.h"

#include <stdlib.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#include <string.h>

/* Values grow, and packing anew costs time: `spare` bits more than are needed. */
static unsigned width_for(uint32_t greatest, unsigned spare)
{
	unsigned width = spare;

	while (width < 32 && greatest >> (width - spare) != 0)
		width++;
	return width < 32 ? width : 32;
}

/*
 * How many lanes: one if that is enough, otherwise two, or a multiple of four, all about as full. Two lanes make a leaf of
 * the tree, and the first half of the lanes its left half: the fewer halves there are of each kind the better, about the
 * root of the number of states, if the halves are equal.
 */
static size_t lanes_for(size_t bits)
{
	size_t lanes = (bits + LAYOUT_LANE_BITS - 1) / LAYOUT_LANE_BITS;

	return lanes <= 2 ? lanes : (lanes + 3) / 4 * 4;
}

/* Gives every word its place. Returns how many lanes they take: `lanes`, or some more, as no word is in two of them. */
static size_t place_words(struct layout *layout, const uint32_t *greatest, unsigned spare, size_t lanes)
{
	unsigned lane = 0, used = 0;
	size_t bits = 0, enough;

	for (size_t i = 0; i < layout->words; i++)
		bits += width_for(greatest[i], spare);
	enough = (bits + lanes - 1) / lanes;
	for (size_t i = 0; i < layout->words; i++) {
		unsigned width = width_for(greatest[i], spare);

		if (used >= enough || used + width > LAYOUT_LANE_BITS) {
			lane++;
			used = 0;
		}
		layout->fields[i] = (struct layout_field){
		        .mask = UINT32_MAX >> (32 - width),
		        .lane = (uint16_t)lane,
		        .shift = (uint8_t)used,
		        .width = (uint8_t)width,
		};
		used += width;
	}
	return lane + 1;
}

/* Lanes come in pairs, and two alone are in two pairs: the others stay zero. */
static void spread(struct layout *layout)
{
	if (layout->lanes == 2) {
		for (size_t i = 0; i < layout->words; i++)
			layout->fields[i].lane *= 2;
		layout->lanes = 4;
	}
	if (layout->lanes > 1)
		layout->lanes += layout->lanes % 2;
}

static bool find_ends(struct layout *layout)
{
	size_t i = 0;

	layout->ends = calloc(layout->lanes, sizeof(*layout->ends));
	for (unsigned lane = 0; layout->ends && lane < layout->lanes; lane++) {
		while (i < layout->words && layout->fields[i].lane == lane)
			i++;
		layout->ends[lane] = i;
	}
	return layout->ends;
}

bool layout_init(struct layout *layout, const uint32_t *greatest, size_t words)
{
	unsigned spare = 1;
	size_t bits = 1, lanes; /* at least one lane, whatever there is */

	*layout = (struct layout){.words = words, .fields = calloc(words, sizeof(*layout->fields))};
	if (!layout->fields)
		return false;
	for (size_t i = 0; i < words; i++)
		bits += width_for(greatest[i], spare);
	lanes = lanes_for(bits);
	/* Where there are several lanes, what would be left of them costs nothing: all that fits is spared. */
	while (lanes > 1 && spare < 32 && place_words(layout, greatest, spare + 1, lanes) <= lanes)
		spare++;
	layout->lanes = (unsigned)place_words(layout, greatest, spare, lanes);
	spread(layout);
	if (find_ends(layout))
		return true;
	layout_free(layout);
	return false;
}

void layout_free(struct layout *layout)
{
	free(layout->fields);
	free(layout->ends);
	*layout = (struct layout){0};
}

void layout_unpack(const struct layout *layout, const uint64_t *lanes, uint32_t *words)
{
	const struct layout_field *fields = layout->fields;
	size_t i = 0;

	for (unsigned k = 0; k < layout->lanes; k++) {
		uint64_t lane = lanes[k];

		for (size_t end = layout->ends[k]; i < end; i++)
			words[i] = (uint32_t)(lane >> fields[i].shift) & fields[i].mask;
	}
}

enum { AT_A_TIME = 16 };

/* Which of 16 words differ, a bit for each: most do not, so there is no branch for each. */
#if defined(__SSE2__)
static unsigned differing(const uint32_t *old, const uint32_t *words)
{
	__m128i same[4];

	for (unsigned i = 0; i < 4; i++)
		same[i] = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(const void *)(old + 4 * i)),
		                          _mm_loadu_si128((const __m128i *)(const void *)(words + 4 * i)));
	/* Narrowing keeps all ones and zeros what they are. */
	return 0xffffu ^ (unsigned)_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(same[0], same[1]),
	                                                             _mm_packs_epi32(same[2], same[3])));
}
#else
static unsigned differing(const uint32_t *old, const uint32_t *words)
{
	unsigned changed = 0;

	for (unsigned i = 0; i < AT_A_TIME; i++)
		changed |= (unsigned)(old[i] != words[i]) << i;
	return changed;
}
#endif

bool layout_repack(const struct layout *layout, const uint32_t *old, const uint32_t *words, uint64_t *lanes)
{
	uint32_t too_many = 0;

	for (size_t first = 0; first < layout->words; first += AT_A_TIME) {
		unsigned changed = 0;

		if (layout->words - first >= AT_A_TIME) {
			changed = differing(old + first, words + first);
		} else {
			for (size_t i = first; i < layout->words; i++)
				changed |= (unsigned)(old[i] != words[i]) << (i - first);
		}
		for (; changed != 0; changed &= changed - 1) {
			size_t i = first + (unsigned)__builtin_ctz(changed);
			const struct layout_field f = layout->fields[i];

			lanes[f.lane] ^= (uint64_t)(old[i] ^ words[i]) << f.shift;
			too_many |= words[i] & ~f.mask;
		}
	}
	return too_many == 0;
}
