/* SPDX-License-Identifier: MIT */
/*
 * Steps between states that are vectors of slot numbers: made on a machine the first time, remembered from
 * then on (step_cache.h).
 */
#ifndef LAZYSWITCH_MODEL_WORLD_STEPS_H
#define LAZYSWITCH_MODEL_WORLD_STEPS_H

#include "dictionary.h"
#include "machine.h"
#include "step_cache.h"

enum { STEPS_PATH_MAX = 256 };
#define STEPS_NOT_YET UINT32_MAX

/* One thing that a step did and the rest of it may depend on. */
struct path_event {
	struct node node;
	uint32_t value; /* what was read or chosen */
};

struct steps {
	const struct world *world;
	struct machine *machine;
	struct learnt learnt;
	struct dictionary dictionary[SLOT_CLASSES];
	struct step_cache cache;
	uint64_t run; /* how many were made */

	/*
	 * Called when a step reads a slot whose number is STEPS_NOT_YET in the state that it begins in: fills it in, and
	 * returns it; UINT32_MAX when out of memory. May be NULL if there are none.
	 */
	uint32_t (*fill_in)(void *arg, unsigned slot);
	void *fill_in_arg;

	/* The step made last: where it began, what it read and chose on the way, what came of it. */
	const uint32_t *state;
	struct path_event path[STEPS_PATH_MAX];
	unsigned path_length;
	uint32_t leaf;
	bool is_new; /* it was not known before */

	uint32_t *scratch; /* one slot's words */
	struct slot_write *writes;
	bool path_too_long, out_of_memory, inconsistent;
};

/* Returns 0, or -1 with `e` filled in when out of memory; then there is nothing to be freed. */
int steps_init(struct steps *s, const struct world *world, struct error *e);
void steps_free(struct steps *s);
size_t steps_memory(const struct steps *s);

/* Forgets the steps, because they have changed; with_contents: and all numbers of contents. */
int steps_forget(struct steps *s, bool with_contents, struct error *e);

/*
 * Makes the step from `state` that begins with the choices in `label` or, if `wanted` is not NULL, chooses
 * what is meant there. Returns MODEL_OK, MODEL_REFINED (the steps are forgotten), or MODEL_ERROR with `e`
 * filled in.
 */
enum model_status steps_run(struct steps *s, const uint32_t *state, const struct model_label *label,
                            const struct world_choice *wanted, unsigned n_wanted, struct error *e);

/* The initial state. Returns MODEL_OK, or MODEL_ERROR with `e` filled in. */
enum model_status steps_boot(struct steps *s, uint32_t *state, struct error *e);

static inline struct dictionary *steps_dictionary(struct steps *s, unsigned slot)
{
	return &s->dictionary[s->world->slots[slot].class];
}

#endif
