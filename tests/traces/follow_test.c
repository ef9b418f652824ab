/* SPDX-License-Identifier: MIT */
/* Following traces: by hand, underspecified, wrong in every way, and on other images. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "follow_kit.h"

#define WAIT    "; to let it wait until it is possible, begin the file with 'lazyswitch-trace 2'"
#define ONE_CPU "lazyswitch-trace 1\nvariant load-only\ncpus 1\nvms 1\nthreads 0\n"

static void expect_outcome(const char *text, enum trace_outcome outcome, int property, size_t steps)
{
	struct followed f = follow(text);

	if (f.outcome != outcome)
		fail_msg("'%s': %s %s", text, trace_outcome_name(f.outcome), f.why.text);
	assert_int_equal(f.property, property);
	assert_int_equal(f.steps, steps);
	if (property >= 0)
		assert_int_equal(f.violation.property, property);
	followed_free(&f);
}

static void test_by_hand(void **state)
{
	(void)state;
	expect_outcome(ONE_CPU "property fp-lost\n"
	                       "cpu0 idle0 wake\ncpu0 vmm0 kvm-run\ncpu0 vmm0 go signal=1\ncpu0 vmm0 fp\n",
	               TRACE_REPRODUCED, PROPERTY_FP_LOST, 4);
	/* Any property, the first violation. */
	expect_outcome(ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 preempt\ncpu0 wake\n", TRACE_REPRODUCED,
	               PROPERTY_FPEXC_HOST, 3);
	/* Two properties violated at once: that of the trace. */
	expect_outcome(ONE_CPU "property fp-lost\nsearched fp-lost,fpexc-host\n"
	                       "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n",
	               TRACE_REPRODUCED, PROPERTY_FP_LOST, 4);
	expect_outcome(ONE_CPU "property fp-leak\nsearched fp-leak,fpexc-host\n"
	                       "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n",
	               TRACE_OTHER_VIOLATION, PROPERTY_FPEXC_HOST, 4);
	/* Not searched, so followed past. */
	expect_outcome(ONE_CPU "property fp-leak\ncpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n",
	               TRACE_NO_VIOLATION, -1, 4);
	expect_outcome(ONE_CPU, TRACE_NO_VIOLATION, -1, 0);
	/* What is left out is the first possibility: no signal. */
	expect_outcome(ONE_CPU "cpu0\ncpu0 kvm-run\ncpu0\ncpu0 irq\n", TRACE_NO_VIOLATION, -1, 4);
}

static void test_until(void **state)
{
	static const char text[] = ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 preempt\n";
	struct follow_options options = {.until = 2};
	struct followed f = follow_on("load-only", text, &options);

	(void)state;
	assert_int_equal(f.outcome, TRACE_NO_VIOLATION);
	assert_int_equal(f.steps, 2);
	followed_free(&f);
	options.until = 17;
	f = follow_on("load-only", text, &options);
	assert_int_equal(f.outcome, TRACE_REPRODUCED);
	followed_free(&f);
}

static const struct {
	const char *text, *message;
} divergences[] = {
        {ONE_CPU "cpu0 vmm0 go\n", "file:6:6: cpu0 runs idle0 here, not vmm0"},
        {ONE_CPU "cpu0 idle0 go\n", "file:6:12: idle0 cannot go here; possible: wake"},
        {ONE_CPU "cpu0 wake\ncpu0 wake\n", "file:7:6: vmm0 cannot wake here; possible: fp, kvm-run, preempt"},
        {ONE_CPU "cpu0 wake pick=vmm0\ncpu0 wake\n",
         "file:7:6: vmm0 cannot wake here; possible: fp, kvm-run, preempt"},
        {ONE_CPU "cpu0 wake signal=1\n",
         "file:6:11: there is no choice signal=1 in this step, or not another one; asked for: nothing"},
        {ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=2\n",
         "file:8:9: signal=2 is not possible here; possible: 0, 1" WAIT},
        {ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1 signal=1\n",
         "file:8:18: there is no choice signal=1 in this step, or not another one; asked for: signal" WAIT},
        {"lazyswitch-trace 1\nvariant v\ncpu0 wake pick=app1\n",
         "file:3:11: pick=app1 is not possible here; possible: app0, vmm0, vmm1"},
        {"lazyswitch-trace 1\nvariant v\nvms 0\nthreads 1\ncpu0 wake\ncpu1 wake\n",
         "file:6:1: cpu1, with idle1, has nothing to do; CPUs that have: cpu0"},
};

static void test_divergences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(divergences) / sizeof(divergences[0]); i++) {
		struct followed f = follow(divergences[i].text);
		char where[32];

		assert_int_equal(f.outcome, TRACE_DIVERGED);
		assert_string_equal(f.why.text, divergences[i].message);
		(void)snprintf(where, sizeof(where), "file:%u:%u:", f.line, f.column);
		assert_memory_equal(f.why.text, where, strlen(where));
		assert_int_equal(f.property, -1);
		followed_free(&f);
	}
}

static void test_behind_the_end(void **state)
{
	static const char text[] = "lazyswitch-trace 1\nvariant v\ncpus 1\nvms 1\nthreads 0\nsearched none\n"
	                           "cpu0 wake\ncpu0 kvm-run\ncpu0 go\ncpu0 fp\ncpu0 go\n";
	const struct follow_options options = {0};
	struct followed f = follow_on("fpexc-first", text, &options);

	(void)state;
	assert_int_equal(f.outcome, TRACE_DIVERGED);
	assert_string_equal(f.why.text,
	                    "file:11:1: there are no more steps: the run has ended with the one before");
	assert_int_equal(f.steps, 4);
	followed_free(&f);
}

/* What the trace says of where steps end must be complete on its own image, and may be anything on another.
 */
static void test_learning(void **state)
{
	static const char text[] = ONE_CPU "shared none\nclosing no_such_symbol+0x4\nclosing 0x00000004\n"
	                                   "cpu0 wake\ncpu0 kvm-run\ncpu0 preempt\n";
	struct follow_options options = {.own_image = true};
	struct followed f = follow_on("load-only", text, &options);

	(void)state;
	assert_int_equal(f.outcome, TRACE_DIVERGED);
	assert_non_null(strstr(f.why.text, "they are not complete"));
	assert_int_equal(f.line, 10);
	assert_int_equal(f.dropped_closings, 2);
	followed_free(&f);
	options.own_image = false;
	f = follow_on("load-only", text, &options);
	assert_int_equal(f.outcome, TRACE_REPRODUCED);
	assert_int_equal(f.dropped_closings, 2);
	followed_free(&f);
}

struct seen {
	size_t steps, violations;
};

static void on_event(void *arg, struct machine *m, const struct watch *watch)
{
	(void)m;
	((struct seen *)arg)->violations += watch->kind == WATCH_VIOLATION;
}

static void on_step(void *arg, struct machine *m, size_t number)
{
	assert_non_null(m);
	assert_int_equal(number, ((struct seen *)arg)->steps++);
}

/* The watcher sees the run that was found, and nothing of the attempts. */
static void test_watcher(void **state)
{
	static const char text[] = ONE_CPU "cpu0 wake\ncpu0 kvm-run\ncpu0 preempt\ncpu0 wake\n";
	const struct follow_options options = {0};
	struct seen seen = {0};
	const struct replay_watcher watcher = {.arg = &seen, .event = on_event, .step = on_step};
	struct error e = {0};
	struct followed f;
	struct trace t;
	struct place p;

	(void)state;
	assert_int_equal(trace_parse("file", text, strlen(text), &t, &e), 0);
	p = place_of("load-only", &t);
	if (trace_follow(&t, p.world, &options, &watcher, &f, &e))
		fail_msg("%s", e.text);
	assert_int_equal(seen.steps, 4); /* boot, and three steps */
	assert_int_equal(seen.violations, 1);
	followed_free(&f);
	place_free(&p);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_by_hand),     cmocka_unit_test(test_until),
	        cmocka_unit_test(test_divergences), cmocka_unit_test(test_behind_the_end),
	        cmocka_unit_test(test_learning),    cmocka_unit_test(test_watcher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
