/* SPDX-License-Identifier: MIT */
/* A shipped variant in a world, ready to be searched. */
#ifndef LAZYSWITCH_TESTS_WORLD_SYSTEM_H
#define LAZYSWITCH_TESTS_WORLD_SYSTEM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checker/check.h"
#include "model/images/images.h"
#include "model/world/collapsed.h"
#include "model/world/plain.h"

enum { ALL_PROPERTIES = PROPERTIES_USUAL };

/* What the tests vary; the rest is as in the default system. */
struct setup {
	const char *variant;
	enum world_granularity granularity;
	unsigned cpus, vms, threads, env;
	bool big_endian;
	bool uniprocessor; /* a kernel without CONFIG_SMP */
	bool symmetry;
	unsigned unreduced; /* set of enum world_reduction */
};

struct system {
	char name[192]; /* for messages */
	struct image *image;
	struct world *world;
	struct collapsed *collapsed;
};

/* Builds it; the test fails if that is not possible. */
struct system system_open(const struct setup *setup);
void system_close(struct system *s);

/* A search of the collapsed system; the test fails unless it comes to a verdict. Free the result. */
struct check_result system_search(struct system *s, uint32_t properties);

/* The whole state space, whatever is violated on the way: afterwards nothing is left to be learnt. Returns
 * its size. */
uint64_t system_explore(struct system *s);

/* A search, in a system of its own, of all properties. Fails the test unless it passes, with that many states
 * or more. */
void assert_holds(const struct setup *setup, uint64_t at_least);

/*
 * Searches, in a system of its own, for that property alone. Returns whether it is violated; then the trace
 * has been replayed.
 */
bool is_violated(const struct setup *setup, enum world_property property);

/* Is the test to leave out what takes long? (LAZYSWITCH_TESTS_QUICK in the environment, or a sanitizer at
 * work) */
bool quick(void);
/* So many of a kind; where others wait for CI, a third. */
unsigned some_of(unsigned n);

#endif
