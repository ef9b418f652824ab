/* SPDX-License-Identifier: MIT */
#include "map.h"

#include <stdlib.h>

/* Finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the key counts. */
static size_t slot_of(uint64_t key, size_t size)
{
	key = (key ^ key >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	key = (key ^ key >> 27) * UINT64_C(0x94d049bb133111eb);
	return (key ^ key >> 31) & (size - 1);
}

bool map_get(const struct map *map, uint64_t key, uint32_t *value)
{
	if (map->size == 0)
		return false;
	for (size_t i = slot_of(key, map->size);; i = (i + 1) & (map->size - 1)) {
		if (map->entries[i].key == key) {
			*value = map->entries[i].value;
			return true;
		}
		if (map->entries[i].key == 0)
			return false;
	}
}

static void insert(struct map *map, uint64_t key, uint32_t value)
{
	size_t i = slot_of(key, map->size);

	while (map->entries[i].key != 0)
		i = (i + 1) & (map->size - 1);
	map->entries[i] = (struct map_entry){key, value};
}

static bool grow(struct map *map)
{
	struct map bigger = {.size = map->size ? map->size * 2 : 1024, .used = map->used};

	bigger.entries = calloc(bigger.size, sizeof(*bigger.entries));
	if (!bigger.entries)
		return false;
	for (size_t i = 0; i < map->size; i++) {
		if (map->entries[i].key != 0)
			insert(&bigger, map->entries[i].key, map->entries[i].value);
	}
	free(map->entries);
	*map = bigger;
	return true;
}

bool map_put(struct map *map, uint64_t key, uint32_t value)
{
	if (map->used * 2 >= map->size && !grow(map))
		return false;
	insert(map, key, value);
	map->used++;
	return true;
}

void map_free(struct map *map)
{
	free(map->entries);
	*map = (struct map){0};
}
