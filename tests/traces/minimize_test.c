/* SPDX-License-Identifier: MIT */
/* Padded traces come back down; what is left cannot be made shorter, and ends in the same violation. */
#include <stdio.h>
#include <string.h>

#include "follow_kit.h"
#include "traces/minimize.h"

#define TWO_CPUS "lazyswitch-trace 1\nvariant v\nvms 1\n"
#define SHORTEST "cpu0 idle0 wake pick=vmm0\ncpu0 vmm0 kvm-run\ncpu0 vmm0 go signal=1\ncpu0 vmm0 fp\n"

struct result {
	struct followed followed;
	struct minimized how;
};

static struct result minimize(const char *variant, const char *text)
{
	struct error e = {0};
	struct result r;
	struct trace t;
	struct place p;

	if (trace_parse("file", text, strlen(text), &t, &e))
		fail_msg("%s", e.text);
	p = place_of(variant, &t);
	if (trace_minimize(&t, p.world, &r.followed, &r.how, &e))
		fail_msg("%s", e.text);
	assert_true(r.how.complete);
	assert_int_equal(r.followed.lines, r.followed.steps);
	assert_int_equal(r.how.left_out + r.followed.steps, t.n_steps);
	place_free(&p);
	trace_free(&t);
	return r;
}

static void expect(const char *variant, const char *text, const char *shortest, size_t simplified)
{
	const struct follow_options options = {0};
	struct result r = minimize(variant, text);
	struct followed f = follow_on(variant, shortest, &options);

	assert_int_equal(r.followed.outcome, TRACE_REPRODUCED);
	assert_int_equal(r.followed.steps, f.steps);
	for (size_t i = 0; i < f.steps; i++)
		assert_memory_equal(&r.followed.labels[i], &f.labels[i], sizeof(f.labels[i]));
	assert_int_equal(r.followed.property, f.property);
	assert_string_equal(r.followed.violation.text, f.violation.text);
	assert_int_equal(r.how.simplified, simplified);
	followed_free(&f);
	followed_free(&r.followed);
}

static void test_padded(void **state)
{
	(void)state;
	expect("load-only", TWO_CPUS "property fp-lost\n" SHORTEST, TWO_CPUS "property fp-lost\n" SHORTEST,
	       0);
	/* A CPU that has nothing to do with it. */
	expect("load-only",
	       TWO_CPUS
	       "property fp-lost\ncpu1 wake pick=app0\ncpu1 fp\ncpu1 go\n"
	       "cpu0 wake\ncpu1 go\ncpu0 kvm-run\ncpu1 preempt\ncpu0 go signal=1\ncpu1 wake\ncpu0 fp\n",
	       TWO_CPUS "property fp-lost\n" SHORTEST, 0);
	/* The guest, and out of it again. */
	expect("load-only",
	       TWO_CPUS "property fp-lost\ncpu0 wake pick=vmm0\ncpu0 kvm-run\ncpu0 go signal=0\n"
	                "cpu0 irq\ncpu0 go signal=0\ncpu0 guest-exit\ncpu0 go signal=1\ncpu0 fp\n",
	       TWO_CPUS "property fp-lost\n" SHORTEST, 0);
}

/* app0 is first of all, whoever that is. */
static void test_choices(void **state)
{
	(void)state;
	expect("load-only",
	       TWO_CPUS "property fpexc-host\ncpu0 wake pick=vmm0\ncpu0 kvm-run\ncpu0 preempt pick=idle0\n",
	       TWO_CPUS "property fpexc-host\ncpu0 wake pick=vmm0\ncpu0 kvm-run\ncpu0 preempt pick=app0\n",
	       1);
}

/* Without a violation there is nothing to keep. */
static void test_no_violation(void **state)
{
	static const char text[] = TWO_CPUS SHORTEST;
	struct minimized how;
	struct error e = {0};
	struct followed f;
	struct trace t;
	struct place p;

	(void)state;
	assert_int_equal(trace_parse("file", text, strlen(text), &t, &e), 0);
	p = place_of("baseline", &t);
	assert_int_equal(trace_minimize(&t, p.world, &f, &how, &e), -1);
	assert_string_equal(e.text, "file: it ends in no violation");
	place_free(&p);
	trace_free(&t);
}

/* No single step can be left out. */
static void test_locally_minimal(void **state)
{
	static const char *const lines[] = {"cpu0 idle0 wake pick=vmm0\n", "cpu0 vmm0 kvm-run\n",
	                                    "cpu0 vmm0 go signal=1\n", "cpu0 vmm0 fp\n"};
	const struct follow_options options = {0};

	(void)state;
	for (size_t out = 0; out < 4; out++) {
		char text[512] = TWO_CPUS "property fp-lost\n";
		struct followed f;

		for (size_t i = 0; i < 4; i++) {
			if (i != out)
				(void)strncat(text, lines[i], sizeof(text) - strlen(text) - 1);
		}
		f = follow_on("load-only", text, &options);
		assert_int_not_equal(f.outcome, TRACE_REPRODUCED);
		followed_free(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_padded),
	        cmocka_unit_test(test_choices),
	        cmocka_unit_test(test_no_violation),
	        cmocka_unit_test(test_locally_minimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
