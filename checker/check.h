/* SPDX-License-Identifier: MIT */
/*
 * All runs of a model: explicit-state search for a violated safety property.
 * Knows a model only through model/model.h.
 */
#ifndef LAZYSWITCH_CHECKER_CHECK_H
#define LAZYSWITCH_CHECKER_CHECK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/error.h"
#include "model/model.h"

/* A model that refines its steps more often than this is taken to do so for ever. */
enum { CHECK_RESTARTS_MAX = 4096 };

enum check_verdict {
	CHECK_PASS,       /* every reachable state was expanded; no searched property is violated */
	CHECK_FAIL,       /* a searched property is violated; the trace shows how */
	CHECK_INCOMPLETE, /* a limit was reached first; says nothing about the properties */
	CHECK_ERROR,      /* the model failed, or the engine could not do its job */
};

/* How visited states are kept. */
enum check_store {
	CHECK_STORE_EXACT,
	/*
	 * In half of max_memory (1 GiB if there is no limit), some bits a state: new states may be taken for visited ones.
	 * What is found is found; but the verdict is never CHECK_PASS. check_result.omission says how probable it is that
	 * anything was missed.
	 */
	CHECK_STORE_BITSTATE,
};

/* How far a search is. */
struct check_progress {
	uint64_t states;      /* distinct states found */
	uint64_t expanded;    /* of these, the ones whose successors are known */
	uint64_t transitions; /* steps computed */
	unsigned depth;       /* level that is being expanded; the initial state is level 1 */
	unsigned restarts;
	size_t memory;          /* bytes in use, the model's included */
	double seconds;         /* since the search began, restarts included */
	const uint64_t *levels; /* as in struct check_stats; borrowed for the call */
	size_t n_levels;
};

struct check_options {
	uint32_t properties; /* bit i: search for a violation of property i; others are ignored */
	uint64_t max_states; /* distinct states that may be stored; 0: no limit */
	size_t max_memory;   /* bytes on the heap, model->memory() included; 0: no limit */
	double timeout;      /* seconds of wall-clock time; 0: no limit */
	unsigned
	        max_depth; /* levels that are expanded, that is the longest trace that is looked at; 0: no limit */
	enum check_store store;
	unsigned threads; /* that search; 0 is 1. Nothing in the result depends on it but time and memory */

	uint64_t disturb; /* for tests: not 0, a seed of pauses that the threads make */

	/*
	 * Do not stop at the first violation: follow the violating step like any other, and report the first
	 * of every cause (property and model_transition.cause). If a limit is reached first the verdict is
	 * CHECK_FAIL all the same, once there is a finding, and `reason` says that there may be more.
	 */
	bool all;

	/*
	 * Checkpoints (checkpoint_file.h), of models that can be saved and with CHECK_STORE_EXACT. A search that goes on from
	 * one comes to the result of one that was never interrupted, `seconds` included.
	 */
	const char *checkpoint;  /* file, written when a limit ends the search, or `interrupt`; NULL: none */
	double checkpoint_every; /* seconds from one to the next while it searches; 0: only in the end */
	const char *resume;      /* file to go on from; NULL: the search begins */
	const char *identity;    /* of the search, with either: whatever a result depends on, limits apart */

	/* Called a few times a second, and once when the search ends (verdict or not); may be NULL. */
	void (*progress)(void *arg, const struct check_progress *progress);
	void *progress_arg;

	/* The search ends soon after this becomes non-zero (a signal handler's flag); may be NULL. */
	const volatile sig_atomic_t *interrupt;
};

/* A violation, one of each cause, and the shortest trace to it. */
struct check_finding {
	int property;
	struct model_label *trace;
	size_t length;
};

/* More causes than this are not told apart: that is a limit, too. */
enum { CHECK_FINDINGS_MAX = 4096 };

/* What a search tells of itself; what it does not know is 0. */
struct check_stats {
	/*
	 * Of the last pass, the states of each breadth-first level begun; owned by the result. The last one may not have been
	 * expanded to its end, but all states of a level are known when it begins.
	 */
	uint64_t *levels;
	size_t n_levels;
	uint64_t widest; /* the greatest of them */
	/* Bytes of the parts of the store in the end: visited set, state vectors, queue, what traces are made from. */
	size_t set_bytes, tree_bytes, frontier_bytes, trace_bytes;
	double load; /* of the visited set: entries for each place that it has */
	/* Of check_distributed(), over all passes; otherwise 0. */
	unsigned ranks;
	uint64_t rounds;      /* chunks that the ranks expanded together */
	uint64_t sent;        /* bytes, by any rank to any other */
	uint64_t asked;       /* states that all ranks' models were asked about */
	uint64_t most_states; /* that a single rank has */
};

struct check_result {
	enum check_verdict verdict;
	int property;         /* CHECK_FAIL: index of the violated property; otherwise -1 */
	uint64_t states;      /* distinct states found since the last restart */
	uint64_t transitions; /* steps computed since the last restart, the violating one included */
	/*
	 * CHECK_FAIL: length of the trace. Otherwise the number of breadth-first
	 * levels begun; a lone initial state is one level.
	 */
	unsigned depth;
	double seconds;
	unsigned restarts; /* how often the model refined its steps */
	size_t memory;     /* peak bytes of the state store */
	/*
	 * CHECK_STORE_BITSTATE: a bound of the probability that a reachable state was taken for a visited one: the sum, over
	 * the states in the order in which they were found, of the chance of that (docs/explanation/theory.md). Otherwise 0.
	 */
	double omission;
	const char *reason; /* which limit was reached, see below (static); otherwise NULL */
	bool checkpointed;  /* options.checkpoint holds the search as it ended */
	bool apart;         /* check_distributed(): the ranks are not together any more, they cannot talk */
	bool not_resumed;   /* CHECK_ERROR: options.resume is not what it should be */
	struct check_stats stats;
	struct error
	        checkpoint_error; /* why the last checkpoint could not be written; "": it could, or there was none */

	/*
	 * CHECK_FAIL: the steps from the initial state up to and including the
	 * violating one. NULL if there are none (the initial state deadlocks).
	 */
	struct model_label *trace;
	size_t trace_length;
	size_t loop; /* check_cycles(): from this step of the trace on, counted from 0, its steps come back to
	                where they began; trace_length: they do not */

	/* With check_options.all: in breadth-first order. `trace` above is NULL then. */
	struct check_finding *findings;
	size_t n_findings;
};

/* Values of check_result.reason. */
#define CHECK_REASON_STATES      "state limit"
#define CHECK_REASON_MEMORY      "memory limit"
#define CHECK_REASON_NO_MEMORY   "out of memory"
#define CHECK_REASON_TIME        "time limit"
#define CHECK_REASON_INTERRUPTED "interrupted"
#define CHECK_REASON_FINDINGS    "too many causes"
#define CHECK_REASON_DEPTH       "depth limit"
#define CHECK_REASON_BITSTATE    "bitstate search"

/*
 * Exact breadth-first search from the initial state, by several threads if the model can be asked by several.
 * Deterministic: the same model and options give the same result, whatever the number of threads; times, time limits and
 * memory apart. It is the result of a sequential search.
 *
 * A step violates if it violates a searched property; the search ends at the
 * first such step in breadth-first order, so that no violation of the property
 * reported has a shorter trace. Of several properties violated by one step the
 * lowest index is reported. A state that no step leads out of violates the model's
 * deadlock property, when it is searched, at the moment of its expansion: its
 * trace is one step shorter than that of a violating step found on the same
 * level. A step that violates only properties that are not searched is followed
 * like any other.
 *
 * Fills *result in every case; the caller releases it with check_result_free().
 * Returns 0 for any verdict but CHECK_ERROR; for CHECK_ERROR returns -1 and fills
 * in the error. Allocation failure is CHECK_INCOMPLETE (while searching) or CHECK_ERROR
 * (when a violation was found but there is no memory for its trace), never an
 * abort. Not reentrant on one model: a model serves one search at a time.
 */
int check_breadth_first(const struct model *model, const struct check_options *options,
                        struct check_result *result, struct error *e);

/* Releases what the result owns and leaves it empty. A zeroed result may be freed too. */
void check_result_free(struct check_result *result);

/* "pass", "fail", "incomplete", "error": the words of every output format. */
const char *check_verdict_name(enum check_verdict verdict);

#endif
