/* SPDX-License-Identifier: MIT */
/*
 * One rank's part of a distributed search; distributed.h is for those who want one, checker/search.h is what it is made from.
 *
 * A state belongs to the rank that its hash names: there it is in the visited set, waits in the queue, and is expanded. States
 * are numbered as in a sequential search, over all ranks. A chunk of numbers is expanded at a time; each rank
 *
 *   recalls  the successors of those that it has, by all its threads, and writes each into the stream to its owner;
 *   learns   what any rank's model does not know yet: the states in question go to all ranks, and all ask their models about
 *            them, in the order of their numbers. So all models know the same, and a state has one vector everywhere;
 *   sends    the streams, and receives those of the others;
 *   claims   the states that it has received and does not have: the least claim wins, as in checker/search.h;
 *   numbers  its winners: all ranks' claims go to all, so that each knows how many come before its own;
 *   stores   them.
 *
 * So everything is as in a sequential search, whatever the number of ranks. docs/how-to/scaling.md says what it costs.
 */
#ifndef LAZYSWITCH_CHECKER_SHARD_H
#define LAZYSWITCH_CHECKER_SHARD_H

#include "checker/distributed/lineage.h"
#include "checker/distributed/ranks.h"
#include "checker/distributed/wire.h"
#include "checker/search.h"

/*
 * Tags of streams are claims. This bit says that the model had to be asked about the place: whatever else came from there is
 * void. Claims stay below it.
 */
#define SHARD_LEARNT (UINT64_C(1) << 62)

struct shard_worker {
	struct wire_writer *out; /* [ranks]: successors on their way */
	uint32_t *state;         /* [words]: that was received */
	bool bad;                /* what was received is no stream */
};

struct shard {
	/* What this rank has; numbers in it are the queue's own. Workers point to it: shard_of(). */
	struct search local;
	struct queue numbers; /* of the states in local.queue, over all ranks */
	/* Of its states: those of each part that was resumed, and the last one, which grows. */
	struct lineage *lineages;
	size_t n_lineages;
	const struct ranks *ranks;
	bool lost;                        /* another rank is: nothing can be said to any */
	uint64_t rounds, sent, all_asked; /* as in struct check_stats; sent: by this rank */

	/* Over all ranks. */
	uint64_t count, expanded, level_end, transitions;
	size_t memory;    /* bytes, a moment ago */
	size_t peak;      /* bytes of this rank's store at most, in the passes before */
	uint64_t places;  /* of the chunk */
	uint64_t asked;   /* about how many the models were */
	uint64_t winners; /* the chunk's new states */
	bool save_now;    /* rank 0 says that a checkpoint is due */

	struct shard_worker *workers; /* [local.n_workers] */
	unsigned n_workers;
	struct wire_writer unknown; /* states that this rank's model does not know */
	struct wire_writer *learnt; /* [ranks]: their successors, of the states that are this rank's */
	uint64_t *is_unknown;       /* a bit for each place of the chunk, of all ranks */
	size_t is_unknown_words;
	bool mine; /* is the state that is being learnt about this rank's? */

	/* The first violation of the chunk, if the search ends there (claim CLAIM_NONE: none); otherwise those of all ranks. */
	struct sighting first, *sightings;
	size_t n_sightings;

	struct ranks_part *out, *in; /* [ranks * (threads + 1)], [ranks] */
	struct wire_segment *segments;
	size_t n_segments, segments_size;
	size_t next_segment;

	struct candidate *won; /* this rank's winners */
	size_t n_won, won_size;
	uint64_t *won_numbers; /* [won_size] */
	uint32_t *counting;    /* [counting_size]: to sort them by place */
	size_t counting_size;
	uint8_t *claims; /* theirs, on their way to all ranks */
	size_t claims_bytes, claims_size;
};

static inline struct shard *shard_of(const struct worker *w)
{
	return (struct shard *)(void *)w->search;
}

/*
 * shard_ranks.c: talk. Every rank calls the same. If another rank is lost these set the outcome and return false, from then
 * on at once.
 */

/* What ranks tell each other at a moment. */
struct shard_word {
	enum outcome outcome;
	uint32_t reason;                        /* LIMITED */
	uint64_t unknown, winners, n_sightings; /* of the chunk */
	uint64_t expanded, transitions;
	uint64_t memory;
	struct sighting first;
	uint64_t save_now;
};

/*
 * Tells this rank's word, with the outcome and reason of the moment, and makes *sum of what all say: of outcomes the worst,
 * of reasons the first in a fixed order, of violations the first, of anything else the sum. The outcome becomes the sum's: so
 * all ranks end together. Returns whether the search goes on.
 */
bool shard_agree(struct shard *x, const struct shard_word *mine, struct shard_word *sum);
/*
 * The same where a search has come to its end: is there a rank on which something is FAILED or REFINED? Then that becomes the
 * outcome; otherwise it stays, and this returns true.
 */
bool shard_all_well(struct shard *x, enum outcome mine);
/* Memory has run out where the ranks do not agree any more: to the others this one is gone. Returns false. */
bool shard_give_up(struct shard *x);
bool shard_gather(struct shard *x, const void *mine, size_t n, void *all);
/* x->out and x->in. */
bool shard_exchange(struct shard *x, unsigned pieces);
/* The same piece to all. */
bool shard_send_all(struct shard *x, const void *bytes, size_t n);

/*
 * The phases of a chunk. What goes wrong on one rank only sets its outcome, and it goes along until the ranks agree: they return
 * false when the search ends on all.
 */

/* shard_expand.c: from the chunk's states to streams. */
bool shard_expand(struct shard *x);
/* Lets successors go to their owners. */
void shard_prepare(struct shard *x);
/* The rank that a state belongs to. */
unsigned shard_owner(const struct shard *x, const uint32_t *state);

/* shard_receive.c: from streams to claims, and from these to winners, in the order of their claims. */
bool shard_receive(struct shard *x);
/* Its parts: streams go to their owners and are taken to segments; the states in these are claimed. */
bool shard_exchange_states(struct shard *x);
void shard_claim(struct shard *x);
/* Makes room in the lists that winners are taken to. Returns false when out of memory. */
bool shard_reserve_winners(struct shard *x, size_t n);

/* shard_commit.c: numbers the winners and stores them. */
bool shard_commit(struct shard *x);
/* The winners go into the visited set. */
void shard_add_winners(struct shard *x);
/* Adds a state of this rank, behind all that it has, to the queue and the lineage, which have room. */
void shard_store(struct shard *x, uint64_t root, const struct lineage_entry *entry);

/* shard_save.c: writes options->checkpoint, all ranks together. The result says how it went. */
void shard_save(struct shard *x);
/*
 * shard_resume.c: all ranks become what options->resume says, on another number of ranks perhaps. *seconds: how long the search
 * had taken. Nothing in the files is believed. Returns false, with the outcome set, if that fails on any rank.
 */
bool shard_resume(struct shard *x, double *seconds);

/* The rank's lineages. shard_new_lineage() begins one, and returns false when out of memory. */
static inline struct lineage *shard_lineage(const struct shard *x)
{
	return &x->lineages[x->n_lineages - 1];
}

/*
 * shard_make.c: what a rank needs besides its part of the search; false when out of memory, and to be freed in either case. And
 * what a pass leaves behind.
 */
bool shard_make(struct shard *x);
void shard_free(struct shard *x);
void shard_free_room(struct shard *x);
bool shard_new_lineage(struct shard *x);
size_t shard_lineage_bytes(const struct shard *x);
/* Bytes that search_bytes() does not know of; what ranks' messages take behind them, they take for a moment. */
size_t shard_bytes_beside(const struct shard *x);

/* shard_total.c: what all ranks have becomes the result's numbers. */
void shard_total(struct shard *x);

/* shard_trace.c: the trace of what was found; the outcome says how it went. */
int shard_trace(struct shard *x, const struct finding *finding, struct model_label **trace, size_t *length);

#endif
