/* SPDX-License-Identifier: MIT */
#include "learn.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { LEARNING_STEPS = 4000, LEARNING_WALK = 200 };

/* A random walk that keeps one of the successors it is shown, each with the same chance. */
struct walk {
	uint64_t random;
	unsigned seen;
	size_t words;
	uint32_t *next;
};

static int keep_one(void *arg, const struct model_transition *t)
{
	struct walk *walk = arg;

	if (!t->next)
		return 0;
	walk->random = walk->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	if ((walk->random >> 33) % ++walk->seen == 0)
		memcpy(walk->next, t->next, walk->words * sizeof(*walk->next));
	return 0;
}

enum model_status learn_by_walking(const struct model *model, struct error *e)
{
	struct walk walk = {.random = 1, .words = model->words};
	uint32_t *state = calloc(walk.words, sizeof(*state));
	enum model_status status = MODEL_ERROR;

	walk.next = calloc(walk.words, sizeof(*walk.next));
	if (!state || !walk.next) {
		error_set(e, "out of memory");
		goto out;
	}
	for (unsigned quiet = 0; quiet < LEARNING_STEPS; quiet++) {
		if (quiet % LEARNING_WALK == 0) {
			status = model->initial(model->self, state, e);
			if (status != MODEL_OK)
				goto out;
		}
		walk.seen = 0;
		status = model->successors(model->self, state, keep_one, &walk, e);
		if (status == MODEL_ERROR)
			goto out;
		if (status == MODEL_REFINED || walk.seen == 0) {
			quiet = status == MODEL_REFINED ? UINT_MAX
			                                : (quiet / LEARNING_WALK + 1) * LEARNING_WALK - 1;
			continue;
		}
		memcpy(state, walk.next, walk.words * sizeof(*state));
	}
	status = MODEL_OK;
out:
	free(state);
	free(walk.next);
	return status;
}
