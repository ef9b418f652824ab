/* SPDX-License-Identifier: MIT */
/* One row of the table: an engine on a system, measured several times, each in a process of its own. */
#ifndef LAZYSWITCH_BENCH_MEASURE_H
#define LAZYSWITCH_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/error.h"

enum engine {
	ENGINE_OURS,      /* from nothing: the model learns on the way */
	ENGINE_OURS_WARM, /* its model has learnt all there is, as it has for SPIN and LTSmin */
	ENGINE_SPIN,      /* the same model in SPIN */
	ENGINE_LTSMIN,    /* the same model in LTSmin */
	ENGINE_PROMELA,   /* SPIN on promela/default.pml; generating and compiling are part of the time */
};

enum { ROUNDS_MAX = 100 };

struct row {
	const char *system; /* as for bench_engine */
	enum engine engine;
	unsigned threads;
	unsigned table; /* log2 of the entries of LTSmin's table: two bits more than it takes */
	bool once;      /* it takes long: one round */

	bool absent; /* the engine is not installed */
	bool prepared;
	bool complete; /* the verdict is one: no limit was reached */
	unsigned rounds;
	double seconds[ROUNDS_MAX]; /* of each round, sorted by measure_finish() */
	uint64_t states, transitions;
	double bytes;  /* of the store, without what the model itself holds */
	uint64_t peak; /* bytes that the process needed at most, without warming up where that is known */
};

/* Where things are. */
struct places {
	const char *programs; /* directory of bench_engine, bench_spin and bench_ltsmin.so */
	const char *sources;  /* this folder */
	const char *scratch;  /* a directory for what SPIN generates */
	double timeout;       /* seconds that our own engine may take */
};

/* Measures a row once more. What is not installed makes it absent. Returns 0, or -1 with `e` filled in. */
int measure(struct row *row, const struct places *places, struct error *e);

/* After the last round. */
void measure_finish(struct row *row);

double row_best(const struct row *row);
double row_median(const struct row *row);

const char *engine_name(enum engine engine);

#endif
