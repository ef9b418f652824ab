/* SPDX-License-Identifier: MIT */
/* lazyswitch diff, and lazyswitch cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "files.h"

static struct outcome expect_status(const char *arguments, int status)
{
	struct outcome o = run_command(arguments);

	if (o.status != status)
		fail_msg("lazyswitch %s: status %d, stdout '%s', stderr '%s'", arguments, o.status, o.out,
		         o.err);
	return o;
}

static void test_equal(void **state)
{
	struct outcome o = expect_status("diff v3 v3-byte --env neon" TWO, 0);

	(void)state;
	assert_contains(o.out, "1 CPU, 1 plain thread, 1 VM with 1 vCPU, little endian; one event at a time");
	assert_contains(o.out, "\nnone           (all)          holds                      holds");
	assert_contains(o.out, "\nneon           fp-leak        violated, ");
	assert_null(strstr(o.out, "differs"));
	assert_contains(o.out, "\nverdicts are equal\n");
	assert_contains(o.out, "\nexit-fp                 0            0            2 ");
	outcome_free(&o);
}

static void test_differ(void **state)
{
	struct outcome o = expect_status("diff neon-safe v3-byte --env neon" TWO, 1);

	(void)state;
	assert_contains(o.out, "\nnone           (all)          holds                      holds");
	assert_contains(o.out,
	                "\nneon           fp-leak        holds                      violated, 9 steps");
	assert_contains(o.out, " <-- differs\n");
	assert_contains(o.out,
	                "\nv3-byte violates fpexc-host and neon-safe does not, with neon; the shortest "
	                "schedule, 7 steps:\n");
	assert_contains(o.out, "\nviolated: fpexc-host - ");
	assert_contains(o.out, "\nneon-safe on the same schedule: all 7 steps, nothing is violated\n");
	assert_contains(o.out, "\nneon-safe on the same schedule: the first ");
	assert_contains(o.out, "\nexit-neon-fp          5/2          8/2          4/2 ");
	assert_contains(o.out, "\nverdicts differ");
	outcome_free(&o);
}

static void test_incomplete(void **state)
{
	struct outcome o = expect_status("diff v3 eager --env none --max-states 100" TWO, 3);

	(void)state;
	assert_contains(o.out,
	                "\nnone           (all)          incomplete: state limit    incomplete: state limit");
	assert_contains(o.out, "\nverdicts are equal, as far as is known: not every search was finished\n");
	outcome_free(&o);
	o = run_command_signalled("diff v3 eager --vms 2 --max-states 100000000", "INT", "0.7");
	assert_int_equal(o.status, 3);
	assert_contains(o.out, "incomplete: interrupted");
	outcome_free(&o);
}

static const char *verdict_of(const json_t *document, const char *event, const char *property, size_t side)
{
	size_t i;
	json_t *v;

	json_array_foreach(json_object_get(document, "verdicts"), i, v)
	{
		if (strcmp(json_string_value(json_object_get(v, "event")), event) == 0 &&
		    strcmp(json_string_value(json_object_get(v, "property")), property) == 0)
			return json_string_value(json_array_get(json_object_get(v, "verdicts"), side));
	}
	fail_msg("no verdict of %s under %s", property, event);
	return NULL;
}

static void test_json(void **state)
{
	struct outcome o = expect_status("diff v3-byte v3 --endian big --env none --format json" ONE, 1);
	json_t *document = json_loads(o.out, 0, NULL), *witnesses, *cost;
	const char *a, *b, *endian, *violated_by, *outcome;
	int equal, complete, reads;

	(void)state;
	assert_non_null(document);
	assert_int_equal(json_unpack(document, "{s:[s, s], s:{s:s}, s:b, s:b, s:o, s:o}", "variants", &a, &b,
	                             "config", "endian", &endian, "equal", &equal, "complete", &complete,
	                             "witnesses", &witnesses, "cost", &cost),
	                 0);
	assert_string_equal(a, "v3-byte");
	assert_string_equal(b, "v3");
	assert_string_equal(endian, "big");
	assert_false(equal);
	assert_true(complete);
	assert_string_equal(verdict_of(document, "none", "fp-lost", 0), "holds");
	assert_string_equal(verdict_of(document, "none", "fp-lost", 1), "violated");
	assert_string_equal(verdict_of(document, "none", "fpexc-host", 1), "holds");
	assert_true(json_array_size(witnesses) >= 2);
	assert_int_equal(json_unpack(json_array_get(witnesses, 0), "{s:s, s:{s:s}}", "violated_by",
	                             &violated_by, "other", "outcome", &outcome),
	                 0);
	assert_string_equal(violated_by, "v3");
	assert_true(strcmp(outcome, "diverged") == 0 || strcmp(outcome, "no-violation") == 0);
	assert_int_equal(json_unpack(json_array_get(cost, 0), "{s:{s:i}}", "exit", "fpexc-reads", &reads), 0);
	assert_int_equal(reads, 1);
	json_decref(document);
	outcome_free(&o);
}

static void test_usage(void **state)
{
	struct outcome o = expect_status("diff v3", 2);

	(void)state;
	assert_contains(o.err, "diff compares two variants, not one");
	outcome_free(&o);
	o = expect_status("diff v3 eager shadow baseline", 2);
	outcome_free(&o);
	o = expect_status("diff v3 nobody", 2);
	assert_contains(o.err, "unknown variant 'nobody'");
	outcome_free(&o);
	o = expect_status("diff v3 eager --cpus 0", 2);
	outcome_free(&o);
}

static void test_cost(void **state)
{
	struct outcome o = expect_status("cost v3 fpexc-first", 0);
	json_t *document;
	int writes;
	const char *error;

	(void)state;
	assert_contains(o.out, "\nv3               exit                    1            2            3 ");
	assert_contains(o.out, "\nfpexc-first      exit          does not get there: undefined instruction");
	assert_contains(o.out, "\nfirst-use     the guest's first FP use since vcpu_load\n");
	outcome_free(&o);
	o = expect_status("cost v3 fpexc-first --format json --endian big", 0);
	document = json_loads(o.out, 0, NULL);
	assert_int_equal(json_unpack(document, "{s:[{s:{s:{s:i}}}, {s:{s:{s:s}}}]}", "results", "cost",
	                             "exit", "fpexc-writes", &writes, "cost", "exit", "error", &error),
	                 0);
	assert_int_equal(writes, 2);
	json_decref(document);
	outcome_free(&o);
	o = expect_status("cost nobody", 2);
	assert_contains(o.err, "unknown variant 'nobody'");
	outcome_free(&o);
	/* Without a name, all. */
	o = expect_status("cost", 0);
	assert_contains(o.out, "\nbaseline ");
	assert_contains(o.out, "\nneon-safe ");
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_equal),      cmocka_unit_test(test_differ),
	        cmocka_unit_test(test_incomplete), cmocka_unit_test(test_json),
	        cmocka_unit_test(test_usage),      cmocka_unit_test(test_cost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
