/* SPDX-License-Identifier: MIT */
/* What a search records of its steps, against a machine that goes at random and remembers nothing; and what is vacuous. */
#include <stdlib.h>

#include "model/world/vacuity.h"
#include "system.h"

/* A machine on a random walk, whose states are not canonical. */
struct stroll {
	struct machine *machine;
	struct learnt learnt;
	uint32_t *state, *next; /* [world->words] */
	uint64_t random;
};

static bool chance(struct stroll *s, uint64_t one_in)
{
	s->random = s->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (s->random >> 33) % one_in == 0;
}

/* All steps of a state; goes on with one of them. Returns false if none leads anywhere. */
static bool stroll_on(struct stroll *s, size_t bytes)
{
	struct machine *m = s->machine;
	struct model_label label = {0};
	struct error e = {0};
	unsigned seen = 0;

	do {
		memcpy(m->words, s->state, bytes);
		if (machine_step(m, &label, &e))
			fail_msg("%s", e.text);
		assert_false(s->learnt.refined);
		if (!m->disabled && !m->ended && chance(s, ++seen))
			memcpy(s->next, m->words, bytes);
	} while (machine_next_label(m, &label));
	memcpy(s->state, s->next, bytes);
	return seen > 0;
}

/* So many states on the way, from the beginning again now and then. Free the machine and what it covered. */
static struct machine *stroll(const struct system *sys, unsigned states)
{
	static struct stroll s;
	size_t bytes = sys->world->words * sizeof(*s.state);
	struct error e = {0};

	s = (struct stroll){.machine = machine_new(sys->world), .learnt = *collapsed_learnt(sys->collapsed)};
	s.state = malloc(bytes);
	s.next = malloc(bytes);
	assert_true(s.machine && s.state && s.next);
	s.machine->coverage = coverage_new(sys->image);
	assert_non_null(s.machine->coverage);
	for (unsigned n = 0; n < states; n++) {
		if (n % 500 == 0) {
			s.machine->learnt = NULL;
			assert_int_equal(machine_boot(s.machine, &e), 0);
			memcpy(s.state, s.machine->words, bytes);
		}
		s.machine->learnt = &s.learnt;
		if (!stroll_on(&s, bytes))
			n += 499 - n % 500;
	}
	free(s.state);
	free(s.next);
	return s.machine;
}

/* Small enough to be walked through: what the search has covered is what the walk has, instruction by instruction. */
static void covers_what_happens(void **unused)
{
	static const struct setup setups[] = {
	        {.variant = "v3", .cpus = 1, .vms = 1, .threads = 1, .symmetry = true},
	        {.variant = "baseline", .cpus = 1, .vms = 2, .threads = 0, .symmetry = true},
	        {.variant = "eager", .cpus = 1, .vms = 1, .threads = 1, .env = ENV_NEON | ENV_SIGNAL},
	        {.variant = "v3", .cpus = 2, .vms = 1, .threads = 1, .symmetry = true},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		struct system s = system_open(&setups[i]);
		const struct coverage *covered = collapsed_coverage(s.collapsed);
		struct machine *m;
		unsigned missed = 0, executed = 0;

		(void)system_explore(&s);
		m = stroll(&s, quick() ? 2000 : 12000);
		assert_int_equal(covered->insns, m->coverage->insns);
		for (uint32_t k = 0; k < covered->insns; k++) {
			executed += covered->seen[k] != 0;
			if ((m->coverage->seen[k] & ~covered->seen[k]) != 0)
				fail_msg("%s: the search says that 0x%08x is not reached, but it is", s.name,
				         s.image->code_start + 4 * k);
			missed += m->coverage->seen[k] != covered->seen[k];
		}
		assert_int_equal(m->coverage->looks, covered->looks);
		assert_true(executed > 300);
		/* The walk may miss a corner; the search must not make one up. */
		if (missed != 0 && !quick())
			fail_msg("%s: the search covers %u instructions otherwise than the walk", s.name,
			         missed);
		machine_free(m);
		system_close(&s);
	}
}

static unsigned seen_at(const struct system *s, const char *symbol, uint32_t offset)
{
	const struct image_symbol *found = image_symbol(s->image, symbol);

	assert_non_null(found);
	return coverage_at(collapsed_coverage(s->collapsed), s->image, found->address + offset);
}

/* A search that begins again does not remember what the one before has covered. */
static void begins_anew(void **unused)
{
	struct system s = system_open(&(struct setup){.variant = "v3", .cpus = 1, .vms = 1});
	const struct model *model = collapsed_model(s.collapsed);
	uint32_t *state = calloc(model->words, sizeof(*state));
	struct error e = {0};

	(void)unused;
	assert_non_null(state);
	(void)system_explore(&s);
	assert_int_equal(seen_at(&s, "kvm_arch_vcpu_put", 0), COVERAGE_PASSED);
	assert_int_equal(seen_at(&s, "start_kernel", 0), COVERAGE_PASSED);
	assert_true(collapsed_coverage(s.collapsed)->executed > collapsed_coverage(s.collapsed)->steps);
	assert_int_equal(model->initial(model->self, state, &e), MODEL_OK);
	assert_int_equal(seen_at(&s, "kvm_arch_vcpu_put", 0), 0);
	assert_int_equal(seen_at(&s, "start_kernel", 0), COVERAGE_PASSED);
	assert_int_equal(collapsed_coverage(s.collapsed)->looks, 0);
	assert_int_equal(collapsed_coverage(s.collapsed)->steps, 0);
	free(state);
	system_close(&s);
}

/* The properties that hold vacuously when all are searched; `whom`: those that do for some. */
static uint32_t vacuous(const struct setup *setup, bool whom)
{
	struct system s = system_open(setup);
	struct vacuity found[VACUITIES_MAX];
	uint32_t set = 0;
	unsigned n;

	(void)system_explore(&s);
	n = vacuity_find(&s.world->config, collapsed_coverage(s.collapsed), (1u << PROPERTIES) - 1, found);
	for (unsigned i = 0; i < n; i++) {
		if ((found[i].whom != NULL) == whom)
			set |= 1u << found[i].property;
		assert_true(strlen(found[i].why) > 0);
	}
	n = vacuity_find(&s.world->config, collapsed_coverage(s.collapsed), 0, found);
	assert_int_equal(n, 0);
	system_close(&s);
	return set;
}

static void some_proofs_are_vacuous(void **unused)
{
	const struct setup full = {.variant = "v3", .cpus = 2, .vms = 1, .threads = 1, .symmetry = true},
	                   guestless = {.variant = "v3", .cpus = 1, .vms = 0, .threads = 2},
	                   alone = {.variant = "v3", .cpus = 1, .vms = 0, .threads = 1};

	(void)unused;
	assert_int_equal(vacuous(&full, false), 0);
	assert_int_equal(vacuous(&full, true), 0);
	assert_int_equal(vacuous(&guestless, false), 1u << PROPERTY_FPEXC_GUEST);
	assert_int_equal(vacuous(&guestless, true), 0);
	assert_int_equal(vacuous(&alone, false), 1u << PROPERTY_FPEXC_GUEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(covers_what_happens),
	        cmocka_unit_test(begins_anew),
	        cmocka_unit_test(some_proofs_are_vacuous),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
