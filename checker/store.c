/* SPDX-License-Identifier: MIT */
/*
 * Two parts. The arena holds records (parent, vector) in chunks, addressed by state number. The words of a vector take
 * 1, 2 or 4 bytes, the same in all of a chunk; a chunk that begins to hold a wider vector is made anew. The table finds
 * a vector: open addressing with linear probing, one 8-byte slot a state,
 *
 *     bits 63-32  32 bits of the vector's hash: the tag
 *     bits 31-0   state number + 1; 0: the slot is empty
 *
 * A probe starts at the slot that the tag's high bits name. So the tag decides
 * everything: a record is touched only if all 32 bits agree, and the table grows
 * without looking at a single vector, reading and writing both tables in order.
 */
#include "checker/store.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

enum {
	TABLE_BITS_MIN = 10,
	TABLE_BITS_MAX = 32,
	CHUNK_BYTES = 256 * 1024, /* at most, unless one record is larger */
	CHUNKS_MIN = 16,
};

enum { WIDTHS = 3 }; /* 1 << 0 to 1 << 2 bytes a word */

struct chunk {
	uint8_t *records;
	unsigned width;
};

struct store {
	size_t words;            /* of a vector */
	size_t stride[WIDTHS];   /* of a record, in bytes */
	uint8_t *packed[WIDTHS]; /* the vector that is looked for, as wide as that */

	struct chunk *chunks;
	size_t chunks_used, chunks_size;
	unsigned chunk_shift; /* 1 << chunk_shift records a chunk */

	uint64_t *table;
	unsigned table_bits; /* 1 << table_bits slots */

	uint64_t count;
	uint64_t states_max;
	size_t bytes, bytes_peak, bytes_max;
};

/* How wide its words must be. */
static unsigned width_of(const struct store *store, const uint32_t *vector)
{
	uint32_t all = 0;

	for (size_t i = 0; i < store->words; i++)
		all |= vector[i];
	return all <= UINT8_MAX ? 0 : all <= UINT16_MAX ? 1 : 2;
}

static void pack(const struct store *store, const uint32_t *vector, unsigned width, uint8_t *packed)
{
	if (width == 0) {
		for (size_t i = 0; i < store->words; i++)
			packed[i] = (uint8_t)vector[i];
	} else if (width == 1) {
		for (size_t i = 0; i < store->words; i++) {
			packed[2 * i] = (uint8_t)vector[i];
			packed[2 * i + 1] = (uint8_t)(vector[i] >> 8);
		}
	} else {
		for (size_t i = 0; i < store->words; i++) {
			for (unsigned b = 0; b < 4; b++)
				packed[4 * i + b] = (uint8_t)(vector[i] >> 8 * b);
		}
	}
}

static void unpack(const struct store *store, const uint8_t *packed, unsigned width, uint32_t *vector)
{
	if (width == 0) {
		for (size_t i = 0; i < store->words; i++)
			vector[i] = packed[i];
	} else if (width == 1) {
		for (size_t i = 0; i < store->words; i++)
			vector[i] = (uint32_t)packed[2 * i + 1] << 8 | packed[2 * i];
	} else {
		for (size_t i = 0; i < store->words; i++)
			vector[i] = (uint32_t)packed[4 * i + 3] << 24 | (uint32_t)packed[4 * i + 2] << 16 |
			            (uint32_t)packed[4 * i + 1] << 8 | packed[4 * i];
	}
}

static uint32_t tag_of(const uint8_t *packed, size_t bytes)
{
	return (uint32_t)(XXH3_64bits(packed, bytes) >> 32);
}

static uint64_t slot_of(uint32_t tag, unsigned table_bits)
{
	return tag >> (TABLE_BITS_MAX - table_bits);
}

/* Allocates zeroed memory within the limit and keeps the accounts. */
static enum store_status take(struct store *store, size_t count, size_t size, void **memory)
{
	if (count > (store->bytes_max - store->bytes) / size)
		return STORE_MEMORY_LIMIT;
	*memory = calloc(count, size);
	if (!*memory)
		return STORE_NO_MEMORY;
	store->bytes += count * size;
	if (store->bytes > store->bytes_peak)
		store->bytes_peak = store->bytes;
	return STORE_ADDED;
}

static void give_back(struct store *store, void *memory, size_t count, size_t size)
{
	free(memory);
	store->bytes -= count * size;
}

struct store *store_new(size_t words)
{
	struct store *store = calloc(1, sizeof(*store));
	void *table;

	if (!store)
		return NULL;
	store->words = words;
	for (unsigned w = 0; w < WIDTHS; w++) {
		store->stride[w] = sizeof(uint32_t) + (((words << w) + 3) & ~(size_t)3);
		store->packed[w] = calloc(words, (size_t)1 << w);
		if (!store->packed[w]) {
			store_free(store);
			return NULL;
		}
	}
	while (store->stride[0] << (store->chunk_shift + 1) <= CHUNK_BYTES)
		store->chunk_shift++;
	store->bytes = store->bytes_peak = sizeof(*store);
	store_limit(store, STORE_STATES_MAX, SIZE_MAX);

	store->table_bits = TABLE_BITS_MIN;
	if (take(store, (size_t)1 << store->table_bits, sizeof(*store->table), &table) != STORE_ADDED) {
		store_free(store);
		return NULL;
	}
	store->table = table;
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->chunks_used; i++)
		free(store->chunks[i].records);
	for (unsigned w = 0; w < WIDTHS; w++)
		free(store->packed[w]);
	free(store->chunks);
	free(store->table);
	free(store);
}

void store_limit(struct store *store, uint64_t states, size_t bytes)
{
	store->states_max = states < STORE_STATES_MAX ? states : STORE_STATES_MAX;
	/* Never below what is in use, so that differences do not wrap. */
	store->bytes_max = bytes > store->bytes ? bytes : store->bytes;
}

static uint8_t *record(const struct store *store, uint32_t id, unsigned *width)
{
	const struct chunk *chunk = &store->chunks[id >> store->chunk_shift];
	uint32_t in_chunk = id & ((UINT32_C(1) << store->chunk_shift) - 1);

	*width = chunk->width;
	return chunk->records + in_chunk * store->stride[chunk->width];
}

void store_read(const struct store *store, uint32_t id, uint32_t *vector)
{
	unsigned width;
	const uint8_t *place = record(store, id, &width);

	unpack(store, place + sizeof(uint32_t), width, vector);
}

uint32_t store_parent(const struct store *store, uint32_t id)
{
	unsigned width;
	uint32_t parent;

	memcpy(&parent, record(store, id, &width), sizeof(parent));
	return parent;
}

uint64_t store_count(const struct store *store)
{
	return store->count;
}

size_t store_bytes(const struct store *store)
{
	return store->bytes;
}

size_t store_bytes_peak(const struct store *store)
{
	return store->bytes_peak;
}

static uint64_t first_empty(const uint64_t *table, unsigned table_bits, uint32_t tag)
{
	uint64_t mask = (UINT64_C(1) << table_bits) - 1;
	uint64_t slot = slot_of(tag, table_bits);

	while (table[slot] != 0)
		slot = (slot + 1) & mask;
	return slot;
}

/* Doubles the table when it is three quarters full. */
static enum store_status make_room_in_table(struct store *store)
{
	uint64_t slots = UINT64_C(1) << store->table_bits;
	enum store_status status;
	void *memory;
	uint64_t *table;

	if (store->count < slots / 4 * 3)
		return STORE_ADDED;
	status = take(store, slots * 2, sizeof(*table), &memory);
	if (status != STORE_ADDED)
		return status;
	table = memory;
	for (uint64_t i = 0; i < slots; i++) {
		uint64_t entry = store->table[i];

		if (entry != 0)
			table[first_empty(table, store->table_bits + 1, (uint32_t)(entry >> 32))] = entry;
	}
	give_back(store, store->table, slots, sizeof(*table));
	store->table = table;
	store->table_bits++;
	return STORE_ADDED;
}

/* Makes a chunk anew, with wider words. */
static enum store_status widen(struct store *store, struct chunk *chunk, unsigned width)
{
	size_t records = (size_t)1 << store->chunk_shift;
	struct chunk wider = {.width = width};
	enum store_status status;
	void *memory;

	status = take(store, records, store->stride[width], &memory);
	if (status != STORE_ADDED)
		return status;
	wider.records = memory;
	for (size_t i = 0; i < records; i++) {
		const uint8_t *from = chunk->records + i * store->stride[chunk->width];
		uint8_t *to = wider.records + i * store->stride[width];

		memcpy(to, from, sizeof(uint32_t));
		for (size_t k = 0; k < store->words; k++) /* packed words have their low byte first */
			memcpy(to + sizeof(uint32_t) + (k << width),
			       from + sizeof(uint32_t) + (k << chunk->width), (size_t)1 << chunk->width);
	}
	give_back(store, chunk->records, records, store->stride[chunk->width]);
	*chunk = wider;
	return STORE_ADDED;
}

/* Makes sure that there is a place for record number `count`, with words of that width at least. */
static enum store_status make_room_in_arena(struct store *store, unsigned width)
{
	size_t used = store->chunks_used;
	enum store_status status;
	void *memory;

	if (store->count >> store->chunk_shift < used) {
		struct chunk *chunk = &store->chunks[used - 1];

		return chunk->width >= width ? STORE_ADDED : widen(store, chunk, width);
	}
	if (used == store->chunks_size) {
		size_t size = store->chunks_size ? store->chunks_size * 2 : CHUNKS_MIN;

		status = take(store, size, sizeof(*store->chunks), &memory);
		if (status != STORE_ADDED)
			return status;
		if (store->chunks)
			memcpy(memory, store->chunks, used * sizeof(*store->chunks));
		give_back(store, store->chunks, store->chunks_size, sizeof(*store->chunks));
		store->chunks = memory;
		store->chunks_size = size;
	}
	/* As wide as the last one: what is needed once is needed again. */
	if (used > 0 && store->chunks[used - 1].width > width)
		width = store->chunks[used - 1].width;
	status = take(store, (size_t)1 << store->chunk_shift, store->stride[width], &memory);
	if (status != STORE_ADDED)
		return status;
	store->chunks[store->chunks_used++] = (struct chunk){memory, width};
	return STORE_ADDED;
}

/* Is that the vector of a state? `narrowest`: the least width that it fits. */
static bool is_vector(struct store *store, uint32_t id, const uint32_t *vector, unsigned narrowest,
                      unsigned *packed)
{
	unsigned width;
	const uint8_t *place = record(store, id, &width);

	if (width < narrowest)
		return false;
	if ((*packed >> width & 1) == 0) {
		pack(store, vector, width, store->packed[width]);
		*packed |= 1u << width;
	}
	return memcmp(place + sizeof(uint32_t), store->packed[width], store->words << width) == 0;
}

enum store_status store_find_or_add(struct store *store, const uint32_t *vector, uint32_t parent,
                                    uint32_t *id)
{
	uint64_t mask = (UINT64_C(1) << store->table_bits) - 1;
	unsigned narrowest = width_of(store, vector), packed = 1u << narrowest, width;
	enum store_status status;
	uint8_t *place;
	uint32_t tag;

	pack(store, vector, narrowest, store->packed[narrowest]);
	tag = tag_of(store->packed[narrowest], store->words << narrowest);
	for (uint64_t slot = slot_of(tag, store->table_bits); store->table[slot] != 0;
	     slot = (slot + 1) & mask) {
		uint64_t entry = store->table[slot];
		uint32_t candidate = (uint32_t)entry - 1;

		if (entry >> 32 == tag && is_vector(store, candidate, vector, narrowest, &packed)) {
			*id = candidate;
			return STORE_FOUND;
		}
	}

	if (store->count >= store->states_max)
		return STORE_STATE_LIMIT;
	status = make_room_in_table(store);
	if (status != STORE_ADDED)
		return status;
	status = make_room_in_arena(store, narrowest);
	if (status != STORE_ADDED)
		return status;

	*id = (uint32_t)store->count++;
	place = record(store, *id, &width);
	memcpy(place, &parent, sizeof(parent));
	pack(store, vector, width, place + sizeof(parent));
	store->table[first_empty(store->table, store->table_bits, tag)] = (uint64_t)tag << 32 | (*id + 1);
	return STORE_ADDED;
}
