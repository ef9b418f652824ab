/* SPDX-License-Identifier: MIT */
/* A hash map from 64-bit keys to 32-bit values; the key 0 is not allowed. */
#ifndef LAZYSWITCH_MODEL_WORLD_MAP_H
#define LAZYSWITCH_MODEL_WORLD_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_entry {
	uint64_t key;
	uint32_t value;
};

struct map {
	struct map_entry *entries; /* NULL while empty */
	size_t size, used;
};

/* Returns false if the key is not there. */
bool map_get(const struct map *map, uint64_t key, uint32_t *value);
/* Inserts a key that is not there. Returns false when out of memory. */
bool map_put(struct map *map, uint64_t key, uint32_t value);
void map_free(struct map *map);

static inline size_t map_memory(const struct map *map)
{
	return map->size * sizeof(*map->entries);
}

#endif
