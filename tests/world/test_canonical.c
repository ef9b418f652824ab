/* SPDX-License-Identifier: MIT */
/*
 * Canonical states lose nothing: the collapsed system, with its poison, its cleared stacks, its interned
 * slots and its remembered steps, makes the same steps as the plain machine that has none of that. Both are
 * walked in lockstep: in every pair of states on the way, the same labels must be possible, in the same
 * order, and violate the same properties.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbered.h"
#include "system.h"

enum { STEPS_MAX = 64 };

/* The transitions of one state, and the successor of one of them. */
struct step {
	struct model_label label;
	uint32_t violated;
	bool ended, progress;
	unsigned process;
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
	side->steps[side->n++] =
	        (struct step){t->label, t->violated, t->next == NULL, t->progress, t->process};
	return 0;
}

static void side_open(struct side *side, const struct model *model)
{
	*side = (struct side){.model = model};
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
	struct error e = {0};
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
	struct error e = {0};
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
static void assert_same(const char *name, const struct side *a, const struct side *b, unsigned walk,
                        unsigned step)
{
	unsigned n = a->n < b->n ? a->n : b->n;

	for (unsigned i = 0; i < n; i++) {
		if (memcmp(&a->steps[i].label, &b->steps[i].label, sizeof(a->steps[i].label)) != 0)
			fail_msg("%s: walk %u, step %u: transition %u has another label", name, walk, step,
			         i);
		if (a->steps[i].violated != b->steps[i].violated)
			fail_msg("%s: walk %u, step %u: transition %u violates 0x%x collapsed, 0x%x plain",
			         name, walk, step, i, a->steps[i].violated, b->steps[i].violated);
		if (a->steps[i].ended != b->steps[i].ended)
			fail_msg("%s: walk %u, step %u: transition %u ends the run in one of them only", name,
			         walk, step, i);
		if (a->steps[i].progress != b->steps[i].progress ||
		    a->steps[i].process != b->steps[i].process)
			fail_msg(
			        "%s: walk %u, step %u: transition %u: progress %d, process %u collapsed; %d, "
			        "%u plain",
			        name, walk, step, i, a->steps[i].progress, a->steps[i].process,
			        b->steps[i].progress, b->steps[i].process);
	}
	if (a->n != b->n)
		fail_msg("%s: walk %u, step %u: %u transitions collapsed, %u plain", name, walk, step, a->n,
		         b->n);
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
		struct error e = {0};
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
	unsigned walks = quick() ? 3 : some_of(60);

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
			        .symmetry = kind == 3,
			};

			lockstep(&setup, walks, 100);
		}
	}
}

/* Pairs of a collapsed and a plain state that have been found, in breadth-first order. */
struct pairs {
	struct dictionary known; /* both states, one behind the other */
	struct dictionary collapsed;
	uint8_t *companions; /* of each collapsed state: plain states it has been found with */
	size_t capacity;
	unsigned limit;
	size_t words;
};

/* Adds a pair, unless it is known or its collapsed state has companions enough. */
static void pairs_add(struct pairs *p, const struct side *a, const uint32_t *one, const struct side *b,
                      const uint32_t *other)
{
	uint32_t *both = calloc(p->words + 1, sizeof(*both)), number, before = p->known.n;

	assert_non_null(both);
	memcpy(both, one, a->model->words * sizeof(*both));
	number = dictionary_intern(&p->collapsed, both, (uint32_t)a->model->words);
	assert_int_not_equal(number, UINT32_MAX);
	if (number >= p->capacity) {
		size_t capacity = ((size_t)number + 1) * 2;

		p->companions = realloc(p->companions, capacity);
		assert_non_null(p->companions);
		memset(p->companions + p->capacity, 0, capacity - p->capacity);
		p->capacity = capacity;
	}
	if (p->companions[number] < p->limit) {
		memcpy(both + a->model->words, other, b->model->words * sizeof(*both));
		both[p->words] = 1; /* so that no trailing zero gets lost */
		assert_int_not_equal(dictionary_intern(&p->known, both, (uint32_t)p->words + 1), UINT32_MAX);
		if (p->known.n > before)
			p->companions[number]++;
	}
	free(both);
}

/* All successors of both states, kept. */
struct successors {
	struct side *side;
	uint32_t *next; /* [STEPS_MAX * words] */
};

static int keep_all(void *arg, const struct model_transition *t)
{
	struct successors *all = arg;
	struct side *side = all->side;

	if (t->next && side->n < STEPS_MAX)
		memcpy(all->next + side->n * side->model->words, t->next,
		       side->model->words * sizeof(*t->next));
	side->keep = UINT32_MAX;
	return note(side, t);
}

static void expand_all(struct successors *all, const uint32_t *state)
{
	struct error e = {0};
	enum model_status status;

	all->side->n = 0;
	status = all->side->model->successors(all->side->model->self, state, keep_all, all, &e);
	if (status == MODEL_ERROR)
		fail_msg("%s", e.text);
	assert_int_equal(status, MODEL_OK);
}

/*
 * Every collapsed state that can be reached, each with up to `limit` of the plain states that it stands for.
 * Returns how many pairs that were.
 */
static uint32_t cover(const struct setup *setup, unsigned limit)
{
	struct system s = system_open(setup);
	uint64_t states = system_explore(&s);
	struct numbered numbered;
	struct side a, b;
	struct successors from_a = {.side = &a}, from_b = {.side = &b};
	struct pairs pairs = {.limit = limit};
	uint32_t *both, count, n;

	numbered_open(&numbered, s.world, collapsed_learnt(s.collapsed));
	side_open(&a, collapsed_model(s.collapsed));
	side_open(&b, &numbered.model);
	side_boot(&a);
	side_boot(&b);
	pairs.words = a.model->words + b.model->words;
	both = calloc(pairs.words + 1, sizeof(*both));
	from_a.next = calloc(STEPS_MAX * a.model->words, sizeof(uint32_t));
	from_b.next = calloc(STEPS_MAX * b.model->words, sizeof(uint32_t));
	assert_true(both && from_a.next && from_b.next);
	pairs_add(&pairs, &a, a.first, &b, b.first);
	for (uint32_t i = 0; i < pairs.known.n; i++) {
		memcpy(both, dictionary_words(&pairs.known, i, &count), (pairs.words + 1) * sizeof(*both));
		expand_all(&from_a, both);
		expand_all(&from_b, both + a.model->words);
		assert_same(s.name, &a, &b, 0, i);
		for (unsigned k = 0; k < a.n; k++) {
			if (!a.steps[k].ended)
				pairs_add(&pairs, &a, from_a.next + k * a.model->words, &b,
				          from_b.next + k * b.model->words);
		}
	}
	assert_int_equal(pairs.collapsed.n, states);
	n = pairs.known.n;
	if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
		(void)fprintf(stderr, "%s: %u pairs of %lu states\n", s.name, n, (unsigned long)states);
	free(both);
	free(from_a.next);
	free(from_b.next);
	free(pairs.companions);
	dictionary_free(&pairs.known);
	dictionary_free(&pairs.collapsed);
	side_close(&a);
	side_close(&b);
	numbered_close(&numbered);
	system_close(&s);
	return n;
}

static void every_state_of_small_systems(void **unused)
{
	static const struct {
		struct setup setup;
		unsigned limit;
		bool slow;
	} cases[] = {
	        {{.variant = "baseline", .cpus = 1, .vms = 1, .threads = 1}, 40, false},
	        {{.variant = "eager", .cpus = 1, .vms = 1, .threads = 1, .env = ENV_NEON}, 40, false},
	        {{.variant = "v3", .cpus = 1, .vms = 1, .threads = 1}, 40, false},
	        {{.variant = "v3", .cpus = 1, .vms = 1, .threads = 1, .big_endian = true}, 10, false},
	        {{.variant = "v3-byte", .cpus = 1, .vms = 1, .threads = 1, .env = ENV_NEON}, 2, false},
	        {{.variant = "load-put", .cpus = 1, .vms = 1, .threads = 1}, 40, false},
	        {{.variant = "load-only", .cpus = 1, .vms = 1, .threads = 1}, 10, false},
	        {{.variant = "put-only", .cpus = 1, .vms = 1, .threads = 1, .big_endian = true}, 4, false},
	        {{.variant = "no-put", .cpus = 1, .vms = 1}, 20, false},
	        {{.variant = "no-enable", .cpus = 1, .vms = 1, .threads = 1}, 20, false},
	        {{.variant = "fpexc-first", .cpus = 1, .vms = 1, .threads = 1}, 40, false},
	        {{.variant = "baseline", .cpus = 2, .vms = 1, .threads = 1}, 2, true},
	        {{.variant = "v3-byte", .cpus = 2, .vms = 1, .threads = 1, .big_endian = true}, 2, true},
	        {{.variant = "load-only", .cpus = 2, .vms = 1}, 4, true},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!cases[i].slow || !quick())
			assert_true(cover(&cases[i].setup, some_of(cases[i].limit)) > 100);
	}
}

static void long_walks_in_large_systems(void **unused)
{
	static const struct setup systems[] = {
	        {.cpus = 1, .vms = 1, .threads = 1},
	        {.cpus = 1, .vms = 2, .threads = 1, .env = ENV_NEON, .big_endian = true},
	        {.cpus = 2, .vms = 1, .threads = 1, .env = ENV_NEON},
	        {.cpus = 2, .vms = 2, .threads = 1},
	        {.cpus = 2, .vms = 2, .threads = 1, .big_endian = true},
	        {.cpus = 3, .vms = 2, .threads = 2, .env = ENV_NEON},
	};
	size_t count;
	const struct shipped_variant *shipped = shipped_variants(&count);

	(void)unused;
	for (size_t v = 0; v < count; v++) {
		for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
			struct setup setup = systems[i];

			setup.variant = shipped[v].name;
			lockstep(&setup, quick() ? 1 : some_of(7), 500);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_variants),
	        cmocka_unit_test(every_state_of_small_systems),
	        cmocka_unit_test(long_walks_in_large_systems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
