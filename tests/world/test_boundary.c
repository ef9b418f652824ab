/* SPDX-License-Identifier: MIT */
/*
 * Where steps end must make no difference to verdicts. What a search learns about it, sharing and closing,
 * only ever makes steps finer; here the finest steps are given from the start, and must show the same
 * violations.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/replay.h"
#include "system.h"

#define BIT(property) (1u << PROPERTY_##property)

/* A save area of a thread that somebody else stores to is shared; the search has to find that out. */
static void sharing_is_learnt(void **unused)
{
	const struct setup setup = {.variant = "load-only", .cpus = 2, .vms = 2, .threads = 1};
	const struct setup alone = {.variant = "load-only", .cpus = 1, .vms = 1, .threads = 1};
	struct system s = system_open(&setup);
	struct check_result result = system_search(&s, BIT(FP_LEAK));

	(void)unused;
	assert_int_equal(result.verdict, CHECK_FAIL);
	assert_true((collapsed_learnt(s.collapsed)->shared & 1u << SLOT_TASK_VFP) != 0);
	/* Nobody touches another CPU's own things, or another thread's stack. */
	assert_int_equal(collapsed_learnt(s.collapsed)->shared & (1u << SLOT_HYP_STACK | 1u << SLOT_HW_STATE |
	                                                          1u << SLOT_HOST_CTX | 1u << SLOT_TASK),
	                 0);
	check_result_free(&result);
	system_close(&s);

	s = system_open(&alone);
	system_explore(&s);
	assert_int_equal(collapsed_learnt(s.collapsed)->shared, 0);
	system_close(&s);
}

/* The finest steps: `shared` classes taken as shared, every section as one in which something visible
 * happens. */
static void refine_all(struct system *s, uint32_t shared)
{
	struct learnt *learnt = (struct learnt *)(uintptr_t)collapsed_learnt(s->collapsed);

	learnt->shared |= shared;
	memset(learnt->closing, 0xff, sizeof(learnt->closing));
}

static void the_finest_steps_show_the_same(void **unused)
{
	/* Not the stacks: with those shared, every instruction or so would be a step. */
	const uint32_t shared = 1u << SLOT_HW_STATE | 1u << SLOT_HOST_CTX | 1u << SLOT_TASK_VFP |
	                        1u << SLOT_VCPU | 1u << SLOT_VCPU_VFP | 1u << SLOT_GLOBALS;
	static const struct setup setups[] = {
	        {.variant = "baseline", .cpus = 2, .vms = 1},
	        {.variant = "v3", .cpus = 2, .vms = 1},
	        {.variant = "load-put", .cpus = 2, .vms = 1},
	        {.variant = "load-only", .cpus = 2, .vms = 1},
	        {.variant = "put-only", .cpus = 2, .vms = 1, .big_endian = true},
	        {.variant = "no-put", .cpus = 2, .vms = 1},
	        {.variant = "v3-byte", .cpus = 2, .vms = 1, .env = ENV_NEON},
	        {.variant = "eager", .cpus = 2, .vms = 1, .threads = 1},
	        {.variant = "load-only", .cpus = 2, .vms = 1, .threads = 1},
	};
	const size_t n = quick() ? 3 : sizeof(setups) / sizeof(setups[0]);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		for (unsigned p = 0; p < PROPERTIES; p++) {
			struct system coarse = system_open(&setups[i]), fine = system_open(&setups[i]);
			struct check_result one, other;

			refine_all(&fine, shared);
			one = system_search(&coarse, 1u << p);
			other = system_search(&fine, 1u << p);
			if (one.verdict != other.verdict)
				fail_msg("%s: %s: %s, but %s with the finest steps", coarse.name,
				         world_property_names[p], check_verdict_name(one.verdict),
				         check_verdict_name(other.verdict));
			/* No interleaving is longer in coarser steps. */
			if (one.verdict == CHECK_FAIL) {
				struct error e = {0};

				assert_true(one.trace_length <= other.trace_length);
				if (replay(fine.world, collapsed_learnt(fine.collapsed), other.trace,
				           other.trace_length, (int)p, NULL, NULL, &e))
					fail_msg("%s: %s", fine.name, e.text);
			} else {
				assert_true(other.states >= one.states);
			}
			check_result_free(&one);
			check_result_free(&other);
			system_close(&coarse);
			system_close(&fine);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sharing_is_learnt),
	        cmocka_unit_test(the_finest_steps_show_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
