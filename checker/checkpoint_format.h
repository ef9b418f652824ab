/* SPDX-License-Identifier: MIT */
/* What is where in a checkpoint file. */
#ifndef LAZYSWITCH_CHECKER_CHECKPOINT_FORMAT_H
#define LAZYSWITCH_CHECKER_CHECKPOINT_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <xxhash.h>

#include "checkpoint_file.h"

enum {
	CHECKPOINT_VERSION = 1,
	/* The compressor stays far below; a file that asks for a larger window does not come from it. */
	CHECKPOINT_WINDOW_LOG_MAX = 23,
	CHECKPOINT_BUFFER = 1 << 20,
	/* zstd makes 4 bytes of 128 KiB that are all alike, and cannot do better. */
	CHECKPOINT_RATIO_MAX = 1 << 15,
};

#define CHECKPOINT_MAGIC      "lazyswitch-save\n"
#define CHECKPOINT_BYTE_ORDER UINT64_C(0x0102030405060708)

struct checkpoint_header {
	char magic[16];
	uint64_t byte_order;
	uint32_t version;
	uint32_t word_bytes;
	uint64_t identity_bytes;
	uint64_t identity_hash[2]; /* XXH3, 128 bits; and so below */
	uint64_t packed_bytes;     /* of the zstd frame */
	uint64_t packed_hash[2];
	uint64_t raw_bytes;   /* what is in it */
	uint64_t header_hash; /* of all above, 64 bits */
};
_Static_assert(sizeof(struct checkpoint_header) == 96, "no padding");

struct checkpoint_section {
	char name[CHECKPOINT_NAME_MAX + 1]; /* zeros behind it */
	uint64_t length;
};
_Static_assert(sizeof(struct checkpoint_section) == 32, "no padding");

static inline void checkpoint_hash(uint64_t out[2], XXH128_hash_t hash)
{
	out[0] = hash.low64;
	out[1] = hash.high64;
}

static inline uint64_t checkpoint_header_hash(const struct checkpoint_header *h)
{
	return XXH3_64bits(h, offsetof(struct checkpoint_header, header_hash));
}

#endif
