/* SPDX-License-Identifier: MIT */
/* Version 2: steps that wait until they are possible, and steps that are searched for. */
#include <stdio.h>
#include <string.h>

#include "follow_kit.h"

#define SYSTEM(version) "lazyswitch-trace " version "\nvariant v\ncpus 1\nvms 1\nthreads 0\n"
#define ONE_CPU         SYSTEM("2")
#define IN_KVM          ONE_CPU "property fp-lost\ncpu0 wake\ncpu0 kvm-run\n"

/* Lines and steps that were made. */
static void expect(const char *variant, const char *text, enum trace_outcome outcome, size_t lines,
                   size_t steps)
{
	const struct follow_options options = {0};
	struct followed f = follow_on(variant, text, &options);

	if (f.outcome != outcome || f.lines != lines || f.steps != steps)
		fail_msg("'%s': %s, %zu lines, %zu steps; %s", text, trace_outcome_name(f.outcome), f.lines,
		         f.steps, f.why.text);
	followed_free(&f);
}

static void test_waiting(void **state)
{
	(void)state;
	/* In the guest an interrupt is possible; KVM_RUN has to go on first. */
	expect("load-only", ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 irq\n", TRACE_NO_VIOLATION, 3, 4);
	/* The first point where a signal is asked for, and by whom. */
	expect("load-only", IN_KVM "cpu0 signal=1\ncpu0 fp\n", TRACE_REPRODUCED, 4, 4);
	expect("load-only", IN_KVM "cpu0 vmm0 go signal=1\ncpu0 vmm0 fp\n", TRACE_REPRODUCED, 4, 4);
	/* Possible at once: nothing is filled in. */
	expect("load-only", ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 preempt\n", TRACE_REPRODUCED, 3, 3);
	/* A violation while the CPU goes on ends the run before its line: the guest's FP instruction crashes. */
	expect("fpexc-first", ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 go\ncpu0 fp\ncpu0 irq\n",
	       TRACE_REPRODUCED, 4, 4);
}

/* Every instruction is a step, and there are many of them. */
static void test_waiting_long(void **state)
{
	struct followed f =
	        follow("lazyswitch-trace 2\nvariant v\ncpus 1\nvms 1\nthreads 0\ngranularity insn\n"
	               "searched none\ncpu0 wake\ncpu0 kvm-run\ncpu0 irq\n");

	(void)state;
	assert_int_equal(f.outcome, TRACE_NO_VIOLATION);
	assert_int_equal(f.lines, 3);
	assert_true(f.steps > 100);
	followed_free(&f);
}

/* Version 1, a place, and a line that says nothing: here, or not at all. */
static void test_exact(void **state)
{
	(void)state;
	expect("load-only", SYSTEM("1") "cpu0 wake\ncpu0 kvm-run\ncpu0 irq\n", TRACE_DIVERGED, 2, 2);
	expect("load-only", ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 irq @ nowhere\n", TRACE_DIVERGED, 2, 2);
	expect("load-only", ONE_CPU "cpu0\ncpu0 kvm-run\ncpu0\ncpu0 irq\n", TRACE_NO_VIOLATION, 4, 4);
}

static void expect_message(const char *text, const char *message)
{
	const struct follow_options options = {0};
	struct followed f = follow_on("load-only", text, &options);

	assert_int_equal(f.outcome, TRACE_DIVERGED);
	assert_string_equal(f.why.text, message);
	followed_free(&f);
}

static void test_never_possible(void **state)
{
	(void)state;
	/* Nothing is decided that the trace does not say, and the machine is where it was. */
	expect("load-only", ONE_CPU "cpu0 kvm-run\n", TRACE_DIVERGED, 0, 0);
	expect("load-only", ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 wake\n", TRACE_DIVERGED, 2, 2);
	expect_message(ONE_CPU "cpu0 kvm-run\n", "file:6:6: idle0 cannot kvm-run here; possible: wake");
	expect_message(ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 wake\n",
	               "file:8:6: vmm0 cannot wake here; possible: go, preempt; nor does going on help: "
	               "after 1 more "
	               "step of cpu0 vmm0 cannot wake here; possible: fp, fpexc, guest-exit, irq");
	expect_message(
	        ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 idle0 wake\n",
	        "file:8:6: cpu0 runs vmm0 here, not idle0; nor does going on help: after 1 more step of cpu0 "
	        "cpu0 runs vmm0 here, not idle0");
}

static void test_completions(void **state)
{
	(void)state;
	/* Exactly one step; then up to two. */
	expect("load-only", IN_KVM "choose *\ncpu0 fp\n", TRACE_REPRODUCED, 4, 4);
	expect("load-only", IN_KVM "choose *\n", TRACE_NO_VIOLATION, 3, 3);
	expect("load-only", IN_KVM "choose * 2\n", TRACE_REPRODUCED, 3, 4);
	expect("load-only", ONE_CPU "property fp-lost\nchoose * 4\n", TRACE_REPRODUCED, 1, 4);
	/* What is said holds. */
	expect("load-only", IN_KVM "cpu0 vmm0 go choose *\ncpu0 fp\n", TRACE_REPRODUCED, 4, 4);
	expect("load-only", IN_KVM "cpu0 go signal=0 choose *\ncpu0 fp\n", TRACE_NO_VIOLATION, 4, 4);
	expect("load-only", IN_KVM "cpu0 signal=1 choose *\nchoose *\n", TRACE_REPRODUCED, 4, 4);
	expect("load-only", IN_KVM "cpu0 idle0 choose *\n", TRACE_DIVERGED, 2, 2);
	expect("load-only", IN_KVM "cpu0 neon=1 choose *\n", TRACE_DIVERGED, 2, 2);
	/* Lines in between, which may wait. */
	expect("load-only", IN_KVM "choose * 3\ncpu0 irq\nchoose * 3\ncpu0 vmm0 fp\n", TRACE_REPRODUCED, 6,
	       6);
	/* A property that is not wanted, but searched, is second best. */
	expect("load-only",
	       ONE_CPU "property fp-leak\nsearched fp-leak,fpexc-host\ncpu0 wake\ncpu0 kvm-run\nchoose * 2\n",
	       TRACE_OTHER_VIOLATION, 3, 3);
	/* A variant that holds has no completion at all. */
	expect("baseline", IN_KVM "choose * 4\n", TRACE_NO_VIOLATION, 3, 3);
}

/* The completion is the first in order, and the same every time, on two CPUs, too. */
static void test_order(void **state)
{
	static const char text[] = "lazyswitch-trace 2\nvariant v\nproperty fpexc-host\nchoose * 3\n";
	static const struct model_label expected[] = {{.length = 2, .choice = {0, 1}},
	                                              {.length = 2, .choice = {0, 1}},
	                                              {.length = 3, .choice = {0, 1, 0}}};
	struct followed f = follow(text);

	(void)state;
	assert_int_equal(f.outcome, TRACE_REPRODUCED);
	assert_int_equal(f.steps, 3);
	assert_true(f.states > 10);
	for (size_t i = 0; i < f.steps; i++)
		assert_memory_equal(&f.labels[i], &expected[i], sizeof(expected[i]));
	followed_free(&f);
}

static void test_bound(void **state)
{
	struct follow_options options = {.max_states = 100};
	struct followed f =
	        follow_on("baseline", "lazyswitch-trace 2\nvariant v\ncpu0\nchoose * 9\n", &options);

	(void)state;
	assert_int_equal(f.outcome, TRACE_INCOMPLETE);
	assert_int_equal(f.steps, 0);
	assert_int_equal(f.property, -1);
	assert_int_equal(f.states, 100);
	assert_int_equal(f.line, 4);
	assert_memory_equal(f.why.text, "file:4:1: not finished: ", 24);
	followed_free(&f);
	/* What is found before the bound is reached is the answer all the same. */
	f = follow_on("load-only",
	              "lazyswitch-trace 2\nvariant v\ncpu0 wake pick=vmm0\ncpu0 kvm-run\nchoose * 9\n",
	              &options);
	assert_int_equal(f.outcome, TRACE_REPRODUCED);
	followed_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_waiting),     cmocka_unit_test(test_waiting_long),
	        cmocka_unit_test(test_exact),       cmocka_unit_test(test_never_possible),
	        cmocka_unit_test(test_completions), cmocka_unit_test(test_order),
	        cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
