/* SPDX-License-Identifier: MIT */
/*
 * Canonical states lose nothing: the collapsed system, with its poison, its cleared stacks, its interned slots and its
 * remembered steps, makes the same steps as the plain machine that has none of that. Both are walked in lockstep: in
 * every pair of states on the way, the same labels must be possible, in the same order, and violate the same
 * properties.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

enum { STEPS_MAX = 64 };

/* The transitions of one state, and the successor of one of them. */
struct step {
	struct model_label label;
	uint32_t violated;
	bool ended;
};

struct side {
	const struct model *model;
	uint32_t *first, *state, *next;
	struct step steps[STEPS_MAX];
	unsigned n;
	unsigned keep; /* whose successor goes to `next` */
};

static int note(void *arg, const struct model_transition *t)
{
	struct side *side = arg;

	assert_true(side->n < STEPS_MAX);
	if (side->n == side->keep && t->next)
		memcpy(side->next, t->next, side->model->words * sizeof(*side->next));
	side->steps[side->n++] = (struct step){ t->label, t->violated, t->next == NULL };
	return 0;
}

static void side_open(struct side *side, const struct model *model)
{
	*side = (struct side){ .model = model };
	side->first = calloc(model->words, sizeof(*side->first));
	side->state = calloc(model->words, sizeof(*side->state));
	side->next = calloc(model->words, sizeof(*side->next));
	assert_non_null(side->first);
	assert_non_null(side->state);
	assert_non_null(side->next);
}

static void side_close(struct side *side)
{
	free(side->first);
	free(side->state);
	free(side->next);
}

static enum model_status side_expand(struct side *side, unsigned keep)
{
	struct error e = { 0 };
	enum model_status status;

	side->n = 0;
	side->keep = keep;
	status = side->model->successors(side->model->self, side->state, note, side, &e);
	if (status == MODEL_ERROR)
		fail_msg("%s", e.text);
	return status;
}

/* Makes the initial state; later walks begin with a copy of it, so that the steps remembered stay. */
static void side_boot(struct side *side)
{
	struct error e = { 0 };
	enum model_status status;

	do
		status = side->model->initial(side->model->self, side->first, &e);
	while (status == MODEL_REFINED);
	if (status != MODEL_OK)
		fail_msg("%s", e.text);
}

static void side_advance(struct side *side)
{
	uint32_t *state = side->state;

	side->state = side->next;
	side->next = state;
}

static uint64_t next_random(uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return *random >> 33;
}

/* Says where the two part: the labels on the way, so that it can be looked into. */
static void assert_same(const char *name, const struct side *a, const struct side *b, unsigned walk, unsigned step)
{
	unsigned n = a->n < b->n ? a->n : b->n;

	for (unsigned i = 0; i < n; i++) {
		if (memcmp(&a->steps[i].label, &b->steps[i].label, sizeof(a->steps[i].label)) != 0)
			fail_msg("%s: walk %u, step %u: transition %u has another label", name, walk, step, i);
		if (a->steps[i].violated != b->steps[i].violated)
			fail_msg("%s: walk %u, step %u: transition %u violates 0x%x collapsed, 0x%x plain", name, walk,
			         step, i, a->steps[i].violated, b->steps[i].violated);
		if (a->steps[i].ended != b->steps[i].ended)
			fail_msg("%s: walk %u, step %u: transition %u ends the run in one of them only", name, walk, step, i);
	}
	if (a->n != b->n)
		fail_msg("%s: walk %u, step %u: %u transitions collapsed, %u plain", name, walk, step, a->n, b->n);
}

/* A transition that has a successor, or a->n if there is none. */
static unsigned choose(const struct side *a, uint64_t *random)
{
	unsigned start = a->n == 0 ? 0 : (unsigned)(next_random(random) % a->n);

	for (unsigned i = 0; i < a->n; i++) {
		unsigned k = (start + i) % a->n;

		if (!a->steps[k].ended)
			return k;
	}
	return a->n;
}

/* One walk from the initial state; false if the collapsed system has refined its steps. */
static bool walk_together(const char *name, struct side *a, struct side *b, unsigned walk, unsigned steps,
                          uint64_t *random)
{
	memcpy(a->state, a->first, a->model->words * sizeof(*a->state));
	memcpy(b->state, b->first, b->model->words * sizeof(*b->state));
	for (unsigned i = 0; i < steps; i++) {
		unsigned chosen;

		if (side_expand(a, UINT32_MAX) == MODEL_REFINED)
			return false;
		side_expand(b, UINT32_MAX);
		assert_same(name, a, b, walk, i);
		chosen = choose(a, random);
		if (chosen == a->n)
			return true;
		/* Again, and from the cache this time: the same must come out. */
		assert_int_equal(side_expand(a, chosen), MODEL_OK);
		side_expand(b, chosen);
		assert_same(name, a, b, walk, i);
		side_advance(a);
		side_advance(b);
	}
	return true;
}

static void lockstep(const struct setup *setup, unsigned walks, unsigned steps)
{
	struct system s = system_open(setup);
	struct side a, b;
	uint64_t random = 88172645463325252u;
	unsigned done = 0, refined = 0;

	side_open(&a, collapsed_model(s.collapsed));
	while (done < walks) {
		struct error e = { 0 };
		struct plain *plain;

		side_boot(&a);
		plain = plain_new(s.world, collapsed_learnt(s.collapsed), &e);
		assert_non_null(plain);
		side_open(&b, plain_model(plain));
		side_boot(&b);
		while (done < walks && walk_together(s.name, &a, &b, done, steps, &random))
			done++;
		side_close(&b);
		plain_free(plain);
		if (done < walks)
			assert_true(++refined < 1000);
	}
	side_close(&a);
	system_close(&s);
}

static void test_variants(void **state)
{
	size_t n;
	const struct shipped_variant *variants = shipped_variants(&n);
	unsigned walks = quick() ? 3 : 60;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (unsigned kind = 0; kind < 4; kind++) {
			const struct setup setup = {
				.variant = variants[i].name,
				.cpus = 1 + kind % 2,
				.vms = 1 + kind / 2,
				.threads = 1,
				.env = kind == 1 || kind == 2 ? ENV_NEON : 0,
				.big_endian = kind >= 2,
			};

			lockstep(&setup, walks, 100);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
