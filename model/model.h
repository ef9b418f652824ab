/* SPDX-License-Identifier: MIT */
/*
 * The narrow waist between a transition system and the engines that search it:
 * initial state, successors, properties, names. An engine knows nothing of ARM;
 * a model knows nothing of visited sets. Compare LTSmin's PINS and Stateright's
 * Model.
 *
 * A state is a vector of `words` 32-bit integers in canonical form: two states
 * are the same state if and only if their vectors are equal. What the integers
 * mean is the model's own business; they stay valid as long as the model does.
 */
#ifndef LAZYSWITCH_MODEL_MODEL_H
#define LAZYSWITCH_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "stream.h"

enum { MODEL_LABEL_MAX = 15 };

/*
 * What was chosen in one step: the answers, in order, to the questions that the
 * model asked while it computed the step. State and label determine the
 * successor; a sequence of labels is a trace.
 */
struct model_label {
	uint8_t length;
	uint8_t choice[MODEL_LABEL_MAX];
};

struct model_transition {
	struct model_label label;
	uint32_t violated; /* bit i: property i is violated by this step */
	uint32_t cause;    /* equal for violations that have the same reason, as far as a step can tell; 0:
	                         unknown */
	bool stutters;     /* `next` is the state that the step began in */
	bool progress;   /* something was achieved: a run without end must make such steps again and again */
	uint8_t process; /* whose step it is, below model.processes; model.processes: nobody's, the world
	                         makes it or does not */
	const uint32_t *next; /* NULL: the step ends the run (a crash) */
	/* The words of `next` that may differ from the state's, by number, in any order; NULL: any may. */
	const uint16_t *changed;
	size_t n_changed;
};

/* Receives one transition; a non-zero return stops the enumeration. */
typedef int model_emit(void *arg, const struct model_transition *t);

enum model_status {
	MODEL_OK = 0,
	MODEL_ERROR = -1,  /* the error is filled in */
	MODEL_STOPPED = 1, /* emit asked for it */
	/*
	 * The model has learnt that its steps were too coarse (it merged over an
	 * access that turned out to be shared) and has refined them: everything
	 * computed so far is void, start again from the initial state. Happens
	 * a bounded number of times.
	 */
	MODEL_REFINED = 2,
	MODEL_UNKNOWN = 3, /* recall only: the model would have to learn, ask without `recall` */
	MODEL_ITSELF = 4,  /* recall_representative() only: MODEL_OK, and it is the state itself */
};

struct model {
	void *self;
	size_t words;                      /* length of a state vector */
	unsigned properties;               /* how many, at most 32 */
	const char *const *property_names; /* [properties] */
	int deadlock_property;             /* violated by a state that nothing leads out of; -1: none */
	unsigned processes;                /* that make steps: transitions name one; 0: there are none */

	/* Writes the initial state. Returns MODEL_OK or MODEL_ERROR. */
	enum model_status (*initial)(void *self, uint32_t *state, struct error *e);

	/*
	 * Calls emit for every step possible in `state`, in an order that depends
	 * on the state alone. `t->next` is valid only during the call. The model may
	 * learn from being asked: one call at a time, and none of those below meanwhile.
	 */
	enum model_status (*successors)(void *self, const uint32_t *state, model_emit *emit, void *arg,
	                                struct error *e);

	/*
	 * Symmetry: the state that stands for all those that are like this one. A search needs only these:
	 * what is possible in one state, and violated there, is in all those like it, with successors that
	 * are alike. A sequence of representatives is no run, though; successors() of the states themselves
	 * are. NULL: every state is its own. Returns MODEL_OK or MODEL_ERROR.
	 */
	enum model_status (*representative)(void *self, const uint32_t *state, uint32_t *representative,
	                                    struct error *e);

	/*
	 * For several threads at once, each with a reader of its own: what the model knows already. recall()
	 * is successors() and recall_representative() is representative(), except that they change nothing in
	 * the model, and return MODEL_UNKNOWN, after some transitions perhaps, if they would have to; then
	 * successors() and representative() tell, and the readers know from then on. Whether they know depends
	 * on what those were asked before alone. A reader lives until reader_free(), through refinements, too.
	 * recall() need not say labels, processes and progress. All NULL: a model that is asked by one thread
	 * only. reader_new() returns NULL when out of memory.
	 */
	void *(*reader_new)(void *self);
	void (*reader_free)(void *reader);
	enum model_status (*recall)(void *reader, const uint32_t *state, model_emit *emit, void *arg);
	enum model_status (*recall_representative)(void *reader, const uint32_t *state,
	                                           uint32_t *representative);

	/*
	 * Checkpoints. save() writes what later answers depend on: a fresh model of the same system that has read
	 * it with restore(), instead of a call of initial(), goes on as this one would. States keep their vectors,
	 * and those that come up later have the vectors that they would have had, provided that what was not
	 * asked yet is asked in the same order; what was, may be asked again or not. To be called after initial(),
	 * unless there was a MODEL_REFINED since. restore() believes nothing that it reads; when it fails the model
	 * is only good for being freed. plausible(): may the others be asked about this vector? For vectors that
	 * come from a file. All NULL: it cannot be saved. The functions return 0, or -1 with `e` filled in.
	 */
	int (*save)(void *self, const struct sink *sink, struct error *e);
	int (*restore)(void *self, const struct source *source, struct error *e);
	bool (*plausible)(void *self, const uint32_t *state);

	/* Bytes that the model holds on the heap (dictionaries), for the memory limit. */
	size_t (*memory)(void *self);
};

#endif
