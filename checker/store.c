/* SPDX-License-Identifier: MIT */
/*
 * Two parts. The arena holds records (parent, vector) in chunks that are never
 * moved, addressed by state number. The table finds a vector: open addressing
 * with linear probing, one 8-byte slot a state,
 *
 *     bits 63-32  32 bits of the vector's hash: the tag
 *     bits 31-0   state number + 1; 0: the slot is empty
 *
 * A probe starts at the slot that the tag's high bits name. So the tag decides
 * everything: a record is touched only if all 32 bits agree, and the table grows
 * without looking at a single vector, reading and writing both tables in order.
 */
#include "checker/store.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

enum {
	TABLE_BITS_MIN = 10,
	TABLE_BITS_MAX = 32,
	CHUNK_BYTES = 256 * 1024, /* at most, unless one record is larger */
	CHUNKS_MIN = 16,
};

struct store {
	size_t words;  /* of a vector */
	size_t stride; /* of a record, in words */

	uint32_t **chunks;
	size_t chunks_used, chunks_size;
	unsigned chunk_shift; /* 1 << chunk_shift records a chunk */

	uint64_t *table;
	unsigned table_bits; /* 1 << table_bits slots */

	uint64_t count;
	uint64_t states_max;
	size_t bytes, bytes_peak, bytes_max;
};

static uint32_t tag_of(const struct store *store, const uint32_t *vector)
{
	return (uint32_t)(XXH3_64bits(vector, store->words * sizeof(*vector)) >> 32);
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
	store->stride = words + 1;
	while ((store->stride * sizeof(uint32_t)) << (store->chunk_shift + 1) <= CHUNK_BYTES)
		store->chunk_shift++;
	store->bytes = store->bytes_peak = sizeof(*store);
	store_limit(store, STORE_STATES_MAX, SIZE_MAX);

	store->table_bits = TABLE_BITS_MIN;
	if (take(store, (size_t)1 << store->table_bits, sizeof(*store->table), &table) != STORE_ADDED) {
		free(store);
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
		free(store->chunks[i]);
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

static uint32_t *record(const struct store *store, uint32_t id)
{
	uint32_t in_chunk = id & ((UINT32_C(1) << store->chunk_shift) - 1);

	return store->chunks[id >> store->chunk_shift] + in_chunk * store->stride;
}

const uint32_t *store_vector(const struct store *store, uint32_t id)
{
	return record(store, id) + 1;
}

uint32_t store_parent(const struct store *store, uint32_t id)
{
	return record(store, id)[0];
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

/* Makes sure that there is a place for record number `count`. */
static enum store_status make_room_in_arena(struct store *store)
{
	enum store_status status;
	void *memory;

	if (store->count >> store->chunk_shift < store->chunks_used)
		return STORE_ADDED;
	if (store->chunks_used == store->chunks_size) {
		size_t size = store->chunks_size ? store->chunks_size * 2 : CHUNKS_MIN;

		status = take(store, size, sizeof(*store->chunks), &memory);
		if (status != STORE_ADDED)
			return status;
		if (store->chunks)
			memcpy(memory, store->chunks, store->chunks_used * sizeof(*store->chunks));
		give_back(store, store->chunks, store->chunks_size, sizeof(*store->chunks));
		store->chunks = memory;
		store->chunks_size = size;
	}
	status = take(store, store->stride << store->chunk_shift, sizeof(uint32_t), &memory);
	if (status != STORE_ADDED)
		return status;
	store->chunks[store->chunks_used++] = memory;
	return STORE_ADDED;
}

enum store_status store_find_or_add(struct store *store, const uint32_t *vector, uint32_t parent,
                                    uint32_t *id)
{
	uint64_t mask = (UINT64_C(1) << store->table_bits) - 1;
	uint32_t tag = tag_of(store, vector);
	enum store_status status;
	uint32_t *place;

	for (uint64_t slot = slot_of(tag, store->table_bits); store->table[slot] != 0;
	     slot = (slot + 1) & mask) {
		uint64_t entry = store->table[slot];
		uint32_t candidate = (uint32_t)entry - 1;

		if (entry >> 32 == tag &&
		    memcmp(store_vector(store, candidate), vector, store->words * sizeof(*vector)) == 0) {
			*id = candidate;
			return STORE_FOUND;
		}
	}

	if (store->count >= store->states_max)
		return STORE_STATE_LIMIT;
	status = make_room_in_table(store);
	if (status != STORE_ADDED)
		return status;
	status = make_room_in_arena(store);
	if (status != STORE_ADDED)
		return status;

	*id = (uint32_t)store->count++;
	place = record(store, *id);
	place[0] = parent;
	memcpy(place + 1, vector, store->words * sizeof(*vector));
	store->table[first_empty(store->table, store->table_bits, tag)] = (uint64_t)tag << 32 | (*id + 1);
	return STORE_ADDED;
}
