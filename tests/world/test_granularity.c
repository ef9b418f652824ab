/* SPDX-License-Identifier: MIT */
/*
 * Steps end only where something else could make a difference: so says docs/explanation/theory.md. Here they end after
 * every instruction, and the verdicts must be the same.
 */
#include "system.h"

/* One virtual CPU, one core, one thread: every instruction of the world switch and of the host's VFP code is
 * in it. */
static struct setup system_of(const char *variant, enum world_granularity granularity)
{
	return (struct setup){.variant = variant, .cpus = 1, .vms = 1, .granularity = granularity};
}

static int verdict(const char *variant, enum world_granularity granularity, uint64_t *states)
{
	const struct setup setup = system_of(variant, granularity);
	struct system s = system_open(&setup);
	struct check_result result = system_search(&s, ALL_PROPERTIES);
	int property = result.property;

	*states = result.states;
	check_result_free(&result);
	system_close(&s);
	return property;
}

/* What one granularity finds, the other finds, too, if it is searched for. */
static void assert_found(const char *variant, enum world_granularity granularity, int property)
{
	const struct setup setup = system_of(variant, granularity);

	if (!is_violated(&setup, (enum world_property)property))
		fail_msg("%s: %s is violated in one granularity only", variant,
		         world_property_names[property]);
}

static void every_variant(void **unused)
{
	size_t count;
	const struct shipped_variant *shipped = shipped_variants(&count);

	(void)unused;
	for (size_t i = 0; i < count; i += 3 / some_of(3)) {
		uint64_t few, many;
		int coarse = verdict(shipped[i].name, GRANULARITY_STEP, &few), fine;

		if (coarse < 0 && quick() && strcmp(shipped[i].name, "eager") != 0)
			continue;
		fine = verdict(shipped[i].name, GRANULARITY_INSN, &many);
		if ((coarse < 0) != (fine < 0))
			fail_msg("%s: %s with steps, %s with instructions", shipped[i].name,
			         coarse < 0 ? "pass" : world_property_names[coarse],
			         fine < 0 ? "pass" : world_property_names[fine]);
		assert_true(many > 100 * few);
		if (coarse < 0)
			continue;
		assert_found(shipped[i].name, GRANULARITY_INSN, coarse);
		assert_found(shipped[i].name, GRANULARITY_STEP, fine);
	}
}

/* Two cores, between all whose instructions the other one's may come. */
static void two_cores(void **unused)
{
	const struct setup setup = {
	        .variant = "baseline", .cpus = 2, .threads = 1, .granularity = GRANULARITY_INSN};

	(void)unused;
	assert_holds(&setup, 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_variant),
	        cmocka_unit_test(two_cores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
