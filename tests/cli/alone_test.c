/* SPDX-License-Identifier: MIT */
/* A program without MPI, started as one of several: each would do all of the work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "run_command.h"

static void refuses(void **unused)
{
	static const char *const several[] = {"env OMPI_COMM_WORLD_SIZE=2", "env PMI_SIZE=300"};

	(void)unused;
	for (unsigned i = 0; i < 2; i++) {
		struct outcome o = run_command_after(several[i], "check v3");

		assert_int_equal(o.status, 2);
		assert_string_equal(o.out, "");
		assert_non_null(strstr(o.err, i == 0 ? "was started 2 times at once"
		                                     : "was started 300 times at once"));
		assert_non_null(strstr(o.err, "-DLAZYSWITCH_MPI=ON"));
		outcome_free(&o);
	}
}

static void one_is_fine(void **unused)
{
	struct outcome o = run_command_after("env OMPI_COMM_WORLD_SIZE=1", "list");

	(void)unused;
	assert_int_equal(o.status, 0);
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(refuses),
	        cmocka_unit_test(one_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
