/* SPDX-License-Identifier: MIT */
/*
 * Where steps end must make no difference to verdicts. What a search learns about it, sharing and closing,
 * only ever makes steps finer; here the finest steps are given from the start, and must show the same
 * violations.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/replay.h"
#include "system.h"

#define BIT(property) (1u << PROPERTY_##property)

/*
 * Classes of slots that steps end before from the start. Not the stacks: with those shared, every instruction
 * or so would be a step.
 */
enum {
	SHARED = 1 << SLOT_HW_STATE | 1 << SLOT_HOST_CTX | 1 << SLOT_TASK_VFP | 1 << SLOT_VCPU |
	         1 << SLOT_VCPU_VFP | 1 << SLOT_GLOBALS
};

/* Every section counts as one in which something visible happens. */
static void refine_all(struct system *s)
{
	struct learnt *learnt = (struct learnt *)(uintptr_t)collapsed_learnt(s->collapsed);

	learnt->shared |= SHARED;
	memset(learnt->closing, 0xff, sizeof(learnt->closing));
}

static void compare(const struct setup *setup, uint32_t properties, bool violated)
{
	struct system coarse = system_open(setup), fine = system_open(setup);
	struct check_result one, other;
	struct error e = {0};

	refine_all(&fine);
	one = system_search(&coarse, properties);
	other = system_search(&fine, properties);
	if (one.verdict != other.verdict || (one.verdict == CHECK_FAIL) != violated)
		fail_msg("%s: properties 0x%x: %s, and %s with the finest steps", coarse.name, properties,
		         check_verdict_name(one.verdict), check_verdict_name(other.verdict));
	if (violated) {
		/* No interleaving is longer in coarser steps. */
		assert_int_equal(one.property, other.property);
		assert_true(one.trace_length <= other.trace_length);
		if (replay(fine.world, collapsed_learnt(fine.collapsed), other.trace, other.trace_length,
		           other.property, NULL, NULL, &e))
			fail_msg("%s: %s", fine.name, e.text);
	} else {
		assert_true(other.states >= one.states);
	}
	check_result_free(&one);
	check_result_free(&other);
	system_close(&coarse);
	system_close(&fine);
}

static void the_finest_steps_show_the_same(void **unused)
{
#define PAIR(name)                                                                                           \
	{                                                                                                    \
		.variant = name, .cpus = 2, .vms = 1                                                         \
	}
	static const struct {
		struct setup setup;
		uint32_t violated; /* these one at a time, then the rest together, which holds */
		bool only;         /* without the rest */
	} cases[] = {
	        {PAIR("baseline"), 0, false},
	        {PAIR("eager"), 0, false},
	        {PAIR("v3"), 0, false},
	        {PAIR("load-put"), 0, false},
	        {PAIR("load-only"), BIT(FP_LOST) | BIT(FPEXC_HOST), false},
	        {PAIR("put-only"), BIT(FP_LOST) | BIT(FPEXC_HOST), true},
	        {PAIR("no-put"), BIT(FP_LEAK) | BIT(FP_LOST) | BIT(FPEXC_HOST) | BIT(FPEXC_GUEST), true},
	        {PAIR("no-enable"), BIT(FPEXC_GUEST), true},
	        {PAIR("fpexc-first"), BIT(CRASH), false},
	        {{.variant = "v3-byte", .cpus = 2, .vms = 1, .env = ENV_NEON},
	         BIT(FP_LEAK) | BIT(FPEXC_HOST),
	         true},
	        {{.variant = "load-only", .cpus = 2, .vms = 1, .threads = 1},
	         BIT(FP_LOST) | BIT(FPEXC_HOST),
	         true},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (unsigned p = 0; p < PROPERTIES; p++) {
			if ((cases[i].violated >> p & 1) != 0)
				compare(&cases[i].setup, 1u << p, true);
		}
		if (!cases[i].only && (!quick() || i == 0))
			compare(&cases[i].setup, ALL_PROPERTIES & ~cases[i].violated, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_finest_steps_show_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
