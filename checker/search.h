/* SPDX-License-Identifier: MIT */
/*
 * The parts of a breadth-first search in progress; check.h is for those who want one.
 *
 * States wait in a queue, numbered in the order in which a sequential search would find them. A chunk of them is expanded
 * at a time, in three phases, by all threads:
 *
 *   expand   Every state of the chunk is taken to pieces and asked for its successors. Those that the visited set does not
 *            have are claimed: of two claims to one state, the one that a sequential search would have made first wins
 *            (claims.h). Models answer from what they know already (`recall`); a state for which one would have to learn
 *            is left to one thread, which asks about all such states in their order after the others are done.
 *   filter   Claims that have won are counted, and so get their numbers.
 *   commit   The winners go into the visited set, the queue and the ancestry.
 *
 * The visited set does not change while it is looked into, and what a model knows changes only between the phases. So
 * everything is as in a sequential search, numbers and all, whatever the number of threads and whoever is faster.
 */
#ifndef LAZYSWITCH_CHECKER_SEARCH_H
#define LAZYSWITCH_CHECKER_SEARCH_H

#include "checker/ancestry.h"
#include "checker/bitstate.h"
#include "checker/check.h"
#include "checker/claims.h"
#include "checker/findings.h"
#include "checker/keyset.h"
#include "checker/queue.h"
#include "checker/team.h"
#include "checker/tree.h"
#include "model/apart.h"

enum {
	BLOCK_STATES = 64, /* what a thread takes at a time */
	CHUNK_STATES_MIN = 8 * BLOCK_STATES,
	BLOCKS_MAX = 127,
	CHUNK_STATES_MAX = BLOCKS_MAX * BLOCK_STATES,
	WORKERS_MAX = 1024,
};

/* How one pass over the state space, from the initial state on, ended. */
enum outcome {
	GO_ON, /* it has not */
	EXHAUSTED,
	VIOLATED,
	LIMITED,
	FAILED,
	REFINED,
};

/* A claimed state: where the claim is, and what is claimed. */
struct candidate {
	uint64_t root;
	uint64_t claim;
	uint32_t slot;
};

/* A violation, where it was found. claim_step(claim) is CLAIM_STEPS_MAX + 1 if it is the state's, not a step's. */
struct sighting {
	uint64_t claim;
	uint32_t violated, cause;
};

/* What a chunk needs that the search does not have: growing is for one thread, and then the chunk is begun anew. */
enum need { NEED_LAYOUT = 1, NEED_TREE = 2, NEED_KEYS = 4, NEED_CLAIMS = 8, NEED_MEMORY = 16 };

/* One state of the chunk. */
struct place {
	uint32_t transitions; /* steps computed */
	uint32_t first;       /* its candidates, among those of its worker */
	uint32_t candidates, children;
	uint64_t number;  /* of its first child; in a distributed search its own */
	double confusion; /* chances that one of them was taken for another state, were it to be found again */
	uint16_t worker;
	bool unknown; /* the model must learn first */
};

struct worker {
	struct search *search;
	unsigned number;
	void *reader; /* the model's, NULL if it has none */
	struct tree_cursor cursor;
	uint32_t *representative; /* [words] */
	uint32_t *greatest;       /* [words]: of words that did not fit */

	uint8_t blocks[BLOCKS_MAX]; /* that it has expanded, in order */
	unsigned n_blocks;
	bool has_unknown;   /* is one of their places unknown? */
	uint64_t n_winners; /* of the claims that it has filtered */
	struct candidate *candidates;
	size_t n_candidates, candidates_size;
	struct tree_batch batch; /* successors that are to be looked up */
	uint64_t claims[TREE_BATCH];
	struct bitstate_key keys[TREE_BATCH]; /* if the visited set is `bits` */
	struct sighting *sightings;
	size_t n_sightings, sightings_size;
	struct ancestry_exception *exceptions;
	size_t n_exceptions, exceptions_size;
	uint64_t *homeless; /* roots that the set had no place for */
	size_t n_homeless, homeless_size;

	/* The state that is being expanded. */
	uint64_t place; /* its place in the order of the chunk */
	uint32_t step;  /* number of the next step */
	bool learning;  /* ask the model itself, not the reader */
	bool has_successor, stopped;
	enum model_status status; /* of representative() */

	uint8_t apart[APART_BYTES];
};

struct search {
	const struct model *model;
	const struct check_options *options;
	struct check_result *result;
	struct error *error;
	struct team *team;
	struct worker *workers; /* [team_members] */
	unsigned n_workers;

	uint32_t *initial, *greatest;
	struct tree tree;
	struct keyset set;    /* the visited set */
	struct bitstate bits; /* in its place, if it has words */
	struct claims claims;
	/* Takes successors elsewhere, instead of search_batch(). Non-zero if the enumeration is to stop. */
	int (*deliver)(struct worker *w, const uint32_t *state, uint64_t claim);
	struct queue queue;
	struct ancestry ancestry;
	struct findings findings; /* if the search goes on after a violation */
	uint64_t count;           /* states found */
	uint64_t expanded, transitions;
	uint64_t level_end; /* the first state of the next level */
	size_t levels_size; /* room in result->stats.levels */
	size_t beside;      /* bytes that whoever uses it has beside it */
	bool torn;          /* memory ran out between two parts of the store: they do not fit together */
	double confusion;   /* expected number of states that were taken for others */

	/* The chunk. */
	struct place *places;
	uint32_t n_places, places_size;
	uint32_t asked;             /* how many of them the model was asked about */
	uint32_t chunk_states;      /* how many the next chunk may have, see choose_chunk() */
	unsigned next_block;        /* to be expanded */
	unsigned phase;             /* number of the phase after that */
	unsigned taken[BLOCKS_MAX]; /* by a worker, in which phase */
	unsigned need;              /* set of enum need */
	uint64_t first_sighting;    /* the least claim of a violation, if the search ends there */

	enum outcome outcome;
	struct finding violation; /* VIOLATED */
	double began;             /* this run; `started`: the search, in an earlier one perhaps */
	double started, next_progress, next_checkpoint;
};

/* search.c. Monotonic time, in seconds. */
double search_now(void);
/* The team, and what each of its members needs. Returns false when out of memory; to be freed in either case. */
bool search_make_workers(struct search *s);
void search_free_workers(struct search *s);
/*
 * Large chunks keep many threads busy, and small ones let a model learn sooner: where the model was asked about many of the
 * last chunk's states, the next is small. The result does not depend on it.
 */
void search_choose_chunk(struct search *s, uint64_t asked, uint64_t states);
enum check_verdict search_verdict(enum outcome outcome);

/* expand.c: all states of the chunk; sets need, or the outcome. */
void search_expand(struct search *s);

/* Asks about a state whose place that is; `learning`: the model itself, not the reader. Returns what it says. */
enum model_status search_ask(struct worker *w, const uint32_t *state, uint64_t place, bool learning);

/*
 * A successor, as in tree_batch_add(), will be looked up, and claimed if it is new: at the latest when search_look_up() is
 * called. Non-zero: something is needed first, s->need says what.
 */
int search_batch(struct worker *w, const uint32_t *state, const uint16_t *changed, size_t n_changed,
                 uint64_t claim);
void search_look_up(struct worker *w);
/* What the model said when it was to learn; sets the outcome and returns false if the search ends. */
bool search_may_go_on(struct worker *w, enum model_status status);

/* commit.c: numbers what was found, and stores it; sets the outcome if something ends the search. */
void search_commit(struct search *s);

/* Roots that the set has no place for are kept by who meets them (false: no memory), and added when all are done. */
bool search_keep_homeless(struct worker *w, uint64_t root);
int search_store_homeless(struct search *s);
/*
 * One of each kind of violation, in order, but none after `last`; `first` is the number of the state at place 0. Sorts
 * them.
 */
void search_note(struct search *s, struct sighting *all, size_t n, uint64_t first, uint64_t last);

/* stats.c: a level begins; or a search goes on, and the ancestry must tell which levels there were. As in room.c. */
int search_note_level(struct search *s);
int search_add_level(struct search *s, uint64_t states);
int search_find_levels(struct search *s);
void search_forget_levels(struct search *s);
/* The store, while it is there. */
void search_note_stats(struct search *s);

/* room.c: memory. What fails sets the outcome and returns non-zero. */

/* Empty tables; s->greatest says how wide the words of states are at first. */
int search_make_room(struct search *s);
void search_free_room(struct search *s);
/* Does what s->need says. */
int search_grow(struct search *s);
/* Makes room in the set for so many more states, as far as memory allows. */
int search_grow_set(struct search *s, uint64_t more);
/* Bytes in use. */
size_t search_bytes(const struct search *s);
/* Would so many more bytes, for a moment at least, be too many? Keeps the peak. */
bool search_exceeds(struct search *s, size_t more);
/* The search ends because of a limit; returns 1. */
int search_limited(struct search *s, const char *reason);

#endif
