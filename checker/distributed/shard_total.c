/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "checker/distributed/shard.h"

/* What all ranks have together. */
struct total {
	uint64_t transitions, memory;
	uint64_t set_bytes, tree_bytes, frontier_bytes, trace_bytes;
	uint64_t entries, room, sent, most_states;
};

static struct total count_mine(struct shard *x)
{
	struct search *s = &x->local;
	struct check_stats *stats = &s->result->stats;

	search_note_stats(s);
	x->peak = s->result->memory; /* which will be that of all */
	return (struct total){
	        .transitions = s->transitions,
	        .memory = s->result->memory,
	        .set_bytes = stats->set_bytes,
	        .tree_bytes = stats->tree_bytes,
	        .frontier_bytes = stats->frontier_bytes + queue_bytes(&x->numbers),
	        .trace_bytes = shard_lineage_bytes(x),
	        .entries = s->set.count,
	        .sent = x->sent,
	        .most_states = s->count,
	        .room = s->set.words ? keyset_room(&s->set) : 0,
	};
}

void shard_total(struct shard *x)
{
	struct check_result *result = x->local.result;
	struct total mine = count_mine(x), sum = mine, *all = calloc(x->ranks->count, sizeof(*all));

	if (!all) {
		(void)shard_give_up(x);
	} else if (shard_gather(x, &mine, sizeof(mine), all)) {
		sum = (struct total){0};
		for (unsigned r = 0; r < x->ranks->count; r++) {
			sum.transitions += all[r].transitions;
			sum.memory += all[r].memory;
			sum.set_bytes += all[r].set_bytes;
			sum.tree_bytes += all[r].tree_bytes;
			sum.frontier_bytes += all[r].frontier_bytes;
			sum.trace_bytes += all[r].trace_bytes;
			sum.entries += all[r].entries;
			sum.sent += all[r].sent;
			if (all[r].most_states > sum.most_states)
				sum.most_states = all[r].most_states;
			sum.room += all[r].room;
		}
	}
	free(all);
	if (x->lost)
		sum.transitions = x->transitions;
	if (result->states == 0) {
		result->states = x->count;
		result->transitions = sum.transitions;
	}
	result->memory = sum.memory;
	result->stats.set_bytes = sum.set_bytes;
	result->stats.tree_bytes = sum.tree_bytes;
	result->stats.frontier_bytes = sum.frontier_bytes;
	result->stats.trace_bytes = sum.trace_bytes;
	result->stats.ranks = x->ranks->count;
	result->stats.rounds = x->rounds;
	result->stats.sent = sum.sent;
	result->stats.asked = x->all_asked;
	result->stats.most_states = sum.most_states;
	result->stats.load = sum.room != 0 ? (double)sum.entries / (double)sum.room : 0;
}
