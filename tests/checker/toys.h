/* SPDX-License-Identifier: MIT */
/*
 * Small models whose state spaces are known, and helpers to search them. A toy
 * is plain data; toy_model() and friends give a struct model that points to it.
 */
#ifndef LAZYSWITCH_TESTS_CHECKER_TOYS_H
#define LAZYSWITCH_TESTS_CHECKER_TOYS_H

#include <stdbool.h>
#include <stdint.h>

#include "checker/check.h"
#include "checker/reference.h"

typedef int engine(const struct model *, const struct check_options *, struct check_result *, struct error *);

struct named_engine {
	const char *name;
	engine *check;
};

/* The next of a sequence of numbers that look random; any seed will do. */
static inline uint64_t toy_random(uint64_t *sequence)
{
	*sequence = *sequence * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (*sequence ^ *sequence >> 29) >> 8;
}

/* Every engine must pass every test; ends with a NULL. */
extern const struct named_engine engines[];

/*
 * `counters` counters, each from 0 to `size` - 1; a step increments one of them.
 * size^counters states, counters * (size - 1) + 1 levels; the last state, where
 * all counters are at their maximum, has no successor.
 */
enum { GRID_COUNTERS_MAX = 6 };
enum { GRID_DEADLOCK, GRID_TARGET, GRID_OVERRUN };

struct grid {
	unsigned counters;
	uint32_t size;
	const uint32_t *target;   /* a step to this state violates GRID_TARGET; may be NULL */
	unsigned target_violates; /* further properties that this step violates */
	unsigned overrun; /* incrementing a counter at its maximum ends the run, violating GRID_OVERRUN */
	size_t claimed_memory; /* what model->memory() says */
	int readers;           /* several threads may ask */
};

struct model grid_model(struct grid *grid);

/*
 * Dining philosophers: thinking, left fork taken, eating. Property 0: all wait
 * for ever. Pell-Lucas numbers of states: 6, 14, 34, 82, ... for 2, 3, 4, 5, ... Who eats makes progress.
 * `polite`: who cannot have the right fork puts the left one back.
 */
struct philosophers {
	unsigned number;
	int polite;
};

struct model philosophers_model(struct philosophers *philosophers);

/*
 * Peterson's mutual exclusion; `broken`: nobody raises the flag. Property 0: both are critical. Who becomes critical
 * makes progress. `spins`: who waits looks again and again; `selfish`: there is no turn, only the flags.
 */
struct peterson {
	int broken, spins, selfish;
};

struct model peterson_model(struct peterson *peterson);

/*
 * A random graph of at most `states` states and at most `degree` steps a state,
 * a function of the seed alone. Property 0 is deadlock; 1, 2 and 3 are violated
 * by about one step in `rarity`; some steps end the run. Can be told to refine or fail.
 */
enum { RANDOM_GRAPH_PROPERTIES = 4, RANDOM_GRAPH_LESSONS = 97 };

struct random_graph {
	uint64_t seed;
	uint32_t states;
	unsigned degree;
	uint32_t rarity;
	unsigned words;
	/* The call of successors(), counted from 1 and across restarts, that refines or fails; 0: none. */
	uint64_t refine_at, fail_at;
	uint64_t refine_always; /* refine at every multiple of it; 0: never */
	int refine_early;       /* refine before, not after, steps have been emitted */
	unsigned processes;     /* whose steps they are; one more than these: nobody's */
	unsigned achieves;      /* one step in so many makes progress; 0: none */
	uint64_t calls;         /* so far */
	int readers;            /* several threads may ask, once it has learnt */
	bool learnt[RANDOM_GRAPH_LESSONS];
	uint8_t order[RANDOM_GRAPH_LESSONS]; /* in which that was: 1, 2, ... */
	uint8_t lessons;
};

struct model random_graph_model(struct random_graph *graph);

/*
 * Fails the test unless the trace, played from the initial state, violates the
 * property with its last step and not earlier.
 */
void assert_trace_violates(const struct model *model, const struct check_result *result);

#endif
