/* SPDX-License-Identifier: MIT */
/* What a search learns about sharing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sharing_is_learnt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
