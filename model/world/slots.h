/* SPDX-License-Identifier: MIT */
/* Slots in and out of a machine. */
#ifndef LAZYSWITCH_MODEL_WORLD_SLOTS_H
#define LAZYSWITCH_MODEL_WORLD_SLOTS_H

#include <string.h>

#include "machine.h"

/* Collects a slot's words; returns how many. */
static inline uint32_t slot_gather(const struct machine *m, const struct slot *slot, uint32_t *out)
{
	uint32_t n = 0;

	for (unsigned s = 0; s < slot->spans; s++) {
		const struct span *span = &slot->span[s];

		if (!span->reversed) {
			memcpy(out + n, m->words + span->first, span->count * sizeof(*out));
			n += span->count;
		} else {
			for (uint32_t i = span->count; i-- > 0;)
				out[n++] = m->words[span->first + i];
		}
	}
	return n;
}

/* Puts a slot's words back; those behind `count` are zero. */
static inline void slot_scatter(struct machine *m, const struct slot *slot, const uint32_t *in,
                                uint32_t count)
{
	uint32_t n = 0;

	for (unsigned s = 0; s < slot->spans; s++) {
		const struct span *span = &slot->span[s];

		for (uint32_t i = 0; i < span->count; i++, n++) {
			uint32_t at = span->first + (span->reversed ? span->count - 1 - i : i);

			m->words[at] = n < count ? in[n] : 0;
		}
	}
}

#endif
