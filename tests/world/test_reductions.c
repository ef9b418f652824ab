/* SPDX-License-Identifier: MIT */
/*
 * Every reduction is switched off, one by one: the verdicts must stay, and so must the lengths of the shortest
 * counterexamples. (Symmetry has test_symmetry.c, the merging of steps test_granularity.c.)
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/replay.h"
#include "system.h"

enum { EVERY_PROPERTY = (1 << PROPERTIES) - 1 };

struct comparison {
	struct setup setup;
	unsigned off; /* the reduction */
	uint64_t
	        more; /* states that there must be without it, at least, for each 100 with it, if all are searched */
};

/* Searches the same system with and without; the second must be the larger one. Returns what both say. */
static enum check_verdict compare(const struct comparison *c, uint32_t properties)
{
	struct setup setup = c->setup;
	struct system with = system_open(&setup), without;
	struct check_result few = system_search(&with, properties), many;
	enum check_verdict verdict = few.verdict;
	bool apart = (c->off & REDUCTION_FP_ACTION) != 0;
	struct error e = {0};

	setup.unreduced = c->off;
	without = system_open(&setup);
	many = system_search(&without, properties);
	/* To look only is less than to look and write: it never takes longer, and of several properties another may
	 * be the first. */
	if (few.verdict != many.verdict || (!apart && few.property != many.property))
		fail_msg("%s, properties 0x%x: property %d; %s: property %d", with.name, properties,
		         few.property, without.name, many.property);
	if (many.trace_length > few.trace_length || (!apart && many.trace_length != few.trace_length))
		fail_msg("%s, properties 0x%x: %zu steps; %s: %zu steps", with.name, properties,
		         few.trace_length, without.name, many.trace_length);
	if (few.verdict == CHECK_PASS && many.states * 100 < few.states * c->more)
		fail_msg("%s: %lu states; %s: %lu", with.name, (unsigned long)few.states, without.name,
		         (unsigned long)many.states);
	if (many.verdict == CHECK_FAIL &&
	    replay(without.world, collapsed_learnt(without.collapsed), many.trace, many.trace_length,
	           many.property, NULL, NULL, &e))
		fail_msg("%s, properties 0x%x: %s", without.name, properties, e.text);
	check_result_free(&few);
	check_result_free(&many);
	system_close(&with);
	system_close(&without);
	return verdict;
}

/* Every shipped variant in every one of these systems: all properties together; in the first, what fails alone. */
static void compare_variants(const struct comparison *systems, size_t n_systems)
{
	size_t n;
	const struct shipped_variant *variants = shipped_variants(&n);

	for (size_t i = 0; i < n; i += quick() ? 4 : 1) {
		for (size_t k = 0; k < n_systems; k++) {
			struct comparison c = systems[k];

			c.setup.variant = variants[i].name;
			if (compare(&c, EVERY_PROPERTY) == CHECK_PASS || k > 0)
				continue;
			for (unsigned p = 0; p < PROPERTIES; p++)
				compare(&c, 1u << p);
		}
	}
}

static void one_fp_action(void **unused)
{
	static const struct comparison systems[] = {
	        {{.cpus = 1, .vms = 1, .threads = 1, .env = ENV_NEON, .big_endian = true},
	         REDUCTION_FP_ACTION,
	         105},
	        {{.cpus = 2, .vms = 1, .symmetry = true}, REDUCTION_FP_ACTION, 105},
	        {{.cpus = 1, .vms = 1, .env = ENV_SIGNAL | ENV_ONEREG}, REDUCTION_FP_ACTION, 105},
	};

	(void)unused;
	compare_variants(systems, sizeof(systems) / sizeof(systems[0]));
}

static void one_old_version(void **unused)
{
	static const struct comparison systems[] = {
	        {{.cpus = 1, .vms = 1, .threads = 1, .big_endian = true}, REDUCTION_TAGS, 101},
	        {{.cpus = 2, .vms = 1, .symmetry = true}, REDUCTION_TAGS, 101},
	        {{.cpus = 1, .vms = 1, .env = ENV_SIGNAL | ENV_ONEREG}, REDUCTION_TAGS, 101},
	};

	(void)unused;
	compare_variants(systems, sizeof(systems) / sizeof(systems[0]));
}

/* Three old versions are told apart, and no more. */
static void versions_are_told_apart(void **unused)
{
	struct world_config config = {.unreduced = REDUCTION_TAGS};
	uint32_t old[5] = {0};

	(void)unused;
	assert_int_equal(world_versions(&config), 3);
	for (unsigned i = 0; i < 5; i++) {
		old[i] = 0xfd010300u;
		tags_make_stale(old, i + 1, 1, world_versions(&config));
	}
	assert_int_equal(old[0], old[1]);
	assert_int_equal(old[1], old[2]);
	assert_int_not_equal(old[2], old[3]);
	assert_int_not_equal(old[3], old[4]);
	assert_int_not_equal(old[4], 0xfd010300u);
	config.unreduced = 0;
	assert_int_equal(world_versions(&config), 1);
}

/* What is dead stays as it is. All is searched where there is little of it; elsewhere, what fails. */
static void dead_values(void **unused)
{
	static const struct comparison whole[] = {
	        {{.variant = "baseline", .cpus = 1, .vms = 1}, REDUCTION_DEAD, 10000},
	        {{.variant = "eager", .cpus = 1, .vms = 1, .big_endian = true}, REDUCTION_DEAD, 10000},
	        {{.variant = "baseline", .cpus = 2, .threads = 1}, REDUCTION_DEAD, 1000},
	        {{.variant = "baseline", .cpus = 1, .threads = 2, .env = ENV_NEON}, REDUCTION_DEAD, 1000},
	        {{.variant = "baseline", .cpus = 1, .threads = 1, .env = ENV_SIGNAL}, REDUCTION_DEAD, 200},
	};
	static const struct {
		const char *variant;
		enum world_property property;
	} failing[] = {
	        {"load-only", PROPERTY_FPEXC_HOST},  {"load-only", PROPERTY_FP_LOST},
	        {"put-only", PROPERTY_FPEXC_HOST},   {"no-put", PROPERTY_FP_LEAK},
	        {"no-put", PROPERTY_FPEXC_GUEST},    {"no-put", PROPERTY_FP_LEAK_SAVED},
	        {"no-enable", PROPERTY_FPEXC_GUEST}, {"fpexc-first", PROPERTY_CRASH},
	        {"half-bank", PROPERTY_FP_LOST},     {"trap-stays", PROPERTY_CRASH},
	        {"no-isb", PROPERTY_CRASH},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i += quick() ? 2 : 1)
		compare(&whole[i], EVERY_PROPERTY);
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		for (unsigned cpus = 1; cpus <= 2; cpus++) {
			const struct comparison c = {
			        {.variant = failing[i].variant, .cpus = cpus, .vms = 1, .threads = 2 - cpus},
			        REDUCTION_DEAD,
			        100};

			compare(&c, 1u << failing[i].property);
		}
	}
}

/* All of them together. */
static void no_reduction_at_all(void **unused)
{
	static const struct comparison systems[] = {
	        {{.variant = "baseline", .cpus = 2, .threads = 1},
	         REDUCTION_DEAD | REDUCTION_TAGS | REDUCTION_FP_ACTION,
	         1000},
	        {{.variant = "baseline", .cpus = 1, .threads = 2},
	         REDUCTION_DEAD | REDUCTION_TAGS | REDUCTION_FP_ACTION,
	         1000},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		compare(&systems[i], EVERY_PROPERTY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(one_fp_action),           cmocka_unit_test(one_old_version),
	        cmocka_unit_test(versions_are_told_apart), cmocka_unit_test(dead_values),
	        cmocka_unit_test(no_reduction_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
