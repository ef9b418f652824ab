/* SPDX-License-Identifier: MIT */
/* What a search tells of itself. */
#include <stdlib.h>

#include "checker/search.h"

void search_forget_levels(struct search *s)
{
	struct check_stats *stats = &s->result->stats;

	free(stats->levels);
	stats->levels = NULL;
	stats->n_levels = 0;
	stats->widest = 0;
	s->levels_size = 0;
}

int search_add_level(struct search *s, uint64_t states)
{
	struct check_stats *stats = &s->result->stats;

	if (stats->n_levels == s->levels_size) {
		size_t size = s->levels_size == 0 ? 64 : 2 * s->levels_size;
		uint64_t *levels = realloc(stats->levels, size * sizeof(*levels));

		if (!levels)
			return search_limited(s, CHECK_REASON_NO_MEMORY);
		stats->levels = levels;
		s->levels_size = size;
	}
	stats->levels[stats->n_levels++] = states;
	if (states > stats->widest)
		stats->widest = states;
	return 0;
}

/* The first state whose parent is `parent` or a later one: parents never decrease. `end` if there is none before it. */
static uint64_t first_child(const struct search *s, uint64_t parent, uint64_t end)
{
	uint64_t low = parent + 1, high = end;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		uint32_t step;

		if (ancestry_of(&s->ancestry, middle, &step) < parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int search_find_levels(struct search *s)
{
	uint64_t first = 0, end = 1;

	search_forget_levels(s);
	while (s->result->stats.n_levels < s->result->depth && first < end) {
		if (search_add_level(s, end - first) != 0)
			return 1;
		first = end;
		end = end < s->level_end ? first_child(s, end, s->level_end) : end;
	}
	return 0;
}

int search_note_level(struct search *s)
{
	return search_add_level(s, s->level_end - s->expanded);
}

void search_note_stats(struct search *s)
{
	struct check_stats *stats = &s->result->stats;

	stats->tree_bytes = tree_bytes(&s->tree);
	stats->frontier_bytes = queue_bytes(&s->queue);
	stats->trace_bytes = ancestry_bytes(&s->ancestry);
	stats->set_bytes = bitstate_bytes(&s->bits);
	stats->load = 0;
	if (s->set.words) {
		stats->set_bytes += keyset_bytes(s->set.bucket_bits);
		stats->load = (double)s->set.count / (double)keyset_room(&s->set);
	}
}
