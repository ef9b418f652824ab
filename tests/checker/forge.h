/* SPDX-License-Identifier: MIT */
/* Makes the checksums of a checkpoint right that is not. */
#ifndef LAZYSWITCH_TESTS_CHECKER_FORGE_H
#define LAZYSWITCH_TESTS_CHECKER_FORGE_H

#include <string.h>

#include "checker/checkpoint_format.h"

/* All of them, as far as there is a header. */
static inline void forge(char *bytes, size_t size)
{
	struct checkpoint_header h;
	uint64_t identity_bytes;

	if (size < sizeof(h))
		return;
	memcpy(&h, bytes, sizeof(h));
	identity_bytes = h.identity_bytes;
	if (identity_bytes <= size - sizeof(h)) {
		const char *frame = bytes + sizeof(h) + identity_bytes;

		checkpoint_hash(h.identity_hash, XXH3_128bits(bytes + sizeof(h), identity_bytes));
		h.packed_bytes = size - sizeof(h) - identity_bytes;
		checkpoint_hash(h.packed_hash, XXH3_128bits(frame, h.packed_bytes));
	}
	h.header_hash = checkpoint_header_hash(&h);
	memcpy(bytes, &h, sizeof(h));
}

#endif
