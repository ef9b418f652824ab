/* SPDX-License-Identifier: MIT */
/* Random numbers, workloads, random walks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/images/images.h"
#include "sim/cost.h"
#include "sim/random.h"
#include "sim/replay.h"
#include "sim/walk.h"

/* The numbers that others publish for SplitMix64 with this seed. */
static void test_random(void **state)
{
	static const uint64_t expected[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
	                                    UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
	                                    UINT64_C(16408922859458223821)};
	uint64_t random = 1234567;
	unsigned seen[7] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(random_next(&random), expected[i]);
	for (unsigned i = 0; i < 70000; i++)
		seen[random_below(&random, 7)]++;
	for (unsigned i = 0; i < 7; i++)
		assert_in_range(seen[i], 9500, 10500);
	assert_int_equal(random_below(&random, 1), 0);
	assert_int_not_equal(random_stream(1, 1), random_stream(1, 2));
	assert_int_not_equal(random_stream(1, 1), random_stream(2, 1));
}

static struct workload parsed(const char *text)
{
	struct workload w;
	struct error e = {0};

	if (workload_parse(&w, "w", text, strlen(text), &e))
		fail_msg("%s", e.text);
	return w;
}

#define HEAD "lazyswitch-workload 1\n"

static void test_workloads(void **state)
{
	struct workload w =
	        parsed(HEAD "# comment\n\nuser fp 3 # more\r\npreempt 0\n\tguest\tirq  1000000\nsignal=1 7\n"
	                    "pick migrate 5\nguest enable 9\n");

	(void)state;
	assert_int_equal(w.action[WHO_USER][ACTION_FP], 3);
	assert_int_equal(w.action[WHO_GUEST][ACTION_FP], WORKLOAD_WEIGHT_USUAL);
	for (unsigned i = 0; i < WHO_NAMES; i++)
		assert_int_equal(w.action[i][ACTION_PREEMPT], 0);
	assert_int_equal(w.action[WHO_GUEST][ACTION_IRQ], 1000000);
	assert_int_equal(w.answer[QUESTION_SIGNAL][1], 7);
	assert_int_equal(w.answer[QUESTION_SIGNAL][0], WORKLOAD_WEIGHT_USUAL);
	assert_int_equal(w.pick[PICK_MIGRATE], 5);
	assert_int_equal(w.fpexc[0], 9);
	assert_int_equal(w.fpexc[1], WORKLOAD_WEIGHT_USUAL);
	w = parsed(HEAD "guest fpexc 4");
	assert_int_equal(w.fpexc[0], 4);
	assert_int_equal(w.fpexc[1], 4);
	for (const struct workload_shipped *s = workloads_shipped; s->name; s++) {
		struct error e = {0};

		if (workload_parse(&w, s->name, s->text, (size_t)(s->end - s->text), &e))
			fail_msg("%s", e.text);
	}
}

static void test_bad_workloads(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	        {"", "w:1:1: a workload begins with: lazyswitch-workload 1"},
	        {"user fp 1\n", "w:1:1: a workload begins with: lazyswitch-workload 1"},
	        {"lazyswitch-workload 2\n", "w:1:21: only version 1 is known"},
	        {HEAD "user fp\n", "w:2:6: a weight is a whole number"},
	        {HEAD "fp\n", "w:2:3: the weight is missing"},
	        {HEAD "user fp 1.5\n", "w:2:9: a weight is a whole number"},
	        {HEAD "user fp -1\n", "w:2:9: a weight is a whole number"},
	        {HEAD "user fp 99999999999999999999\n", "w:2:9: a weight is at most 1000000"},
	        {HEAD "\nsomebody fp 1\n", "w:3:1: who acts is user, guest, kernel or idle"},
	        {HEAD "user fq 1\n", "w:2:6: this is no action, and no choice: fp, preempt, signal=1 "
	                             "(docs/reference/trace-format.md)"},
	        {HEAD "signal=2 1\n", "w:2:1: this is no action, and no choice: fp, preempt, signal=1 "
	                              "(docs/reference/trace-format.md)"},
	        {HEAD "pick nobody 1\n",
	         "w:2:6: picked is who stays, who migrates, or idle: pick migrate WEIGHT"},
	        {HEAD "user fp 1 2\n", "w:2:9: too many words: WHO ACTION WEIGHT"},
	        {HEAD "user fp 1 2 3\n", "w:2:13: nothing comes behind the weight"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct workload w;
		struct error e = {0};

		assert_int_equal(workload_parse(&w, "w", cases[i].text, strlen(cases[i].text), &e), -1);
		assert_string_equal(e.text, cases[i].message);
	}
}

struct walking {
	struct image *image;
	struct world *world;
	struct walk_result result;
};

static struct walking walk_through(const char *variant, const struct world_config *config,
                                   const struct walk_options *options)
{
	struct walking w = {0};
	struct error e = {0};

	w.image = shipped_image(shipped_variant(variant), false, false, &e);
	w.world = w.image ? world_new(config, w.image, &e) : NULL;
	if (!w.world || walk_run(w.world, options, &w.result, &e))
		fail_msg("%s: %s", variant, e.text);
	return w;
}

static void release(struct walking *w)
{
	walk_free(&w->result);
	world_free(w->world);
	image_free(w->image);
}

static void test_same_seed_same_walk(void **state)
{
	const struct world_config config = world_config_default();
	struct walk_options options = {
	        .seed = 7, .steps = 20000, .walk_steps = 20000, .properties = PROPERTIES_USUAL};
	struct walking a = walk_through("v3", &config, &options), b = walk_through("v3", &config, &options),
	               c;

	(void)state;
	assert_int_equal(a.result.length, 20000);
	assert_int_equal(b.result.length, 20000);
	assert_memory_equal(a.result.labels, b.result.labels, a.result.length * sizeof(*a.result.labels));
	assert_memory_equal(a.result.tally, b.result.tally, sizeof(a.result.tally));
	/* What they are on every machine. */
	assert_int_equal(a.result.exits, 905);
	assert_int_equal(a.result.tally[WALK_LOAD_PUT].count[COST_FPEXC_WRITES], 1227);
	options.seed = 8;
	c = walk_through("v3", &config, &options);
	assert_memory_not_equal(a.result.labels, c.result.labels, a.result.length * sizeof(*a.result.labels));
	release(&a);
	release(&b);
	release(&c);
}

static void test_weights_are_obeyed(void **state)
{
	const struct world_config config = world_config_default();
	struct workload
	        none = parsed(HEAD "guest fp 0\nuser fp 0\nguest guest-exit 0\nguest enable 0\n"),
	        many = parsed(
	                HEAD
	                "guest irq 90\nguest guest-exit 0\nguest fp 10\nguest fpexc 0\nguest preempt 0\n");
	struct walk_options options = {.workload = &none, .seed = 1, .steps = 20000, .walk_steps = 5000};
	struct walking w = walk_through("v3", &config, &options);
	uint64_t irqs = 0, uses = 0;

	(void)state;
	assert_int_equal(w.result.walks, 4);
	assert_int_equal(w.result.steps, 20000);
	assert_true(w.result.exits > 1000);
	for (unsigned place = 0; place < WALK_PLACES; place++) {
		assert_int_equal(w.result.tally[place].count[COST_TRAPS], 0);
		assert_int_equal(w.result.tally[place].count[COST_LOADS], 0);
	}
	release(&w);
	options.workload = &many;
	w = walk_through("v3", &config, &options);
	irqs = w.result.exits;
	uses = w.result.tally[WALK_WORLD_SWITCH].count[COST_TRAPS];
	/* Nine interrupts for each FP instruction, which traps: the guest has FP off. */
	assert_true(irqs > 1000);
	assert_in_range(irqs * 10 / uses, 60, 120);
	release(&w);
}

/* A broken variant is found out, and what was seen happens again. */
static void test_violations(void **state)
{
	const struct world_config config = world_config_default();
	const struct walk_options options = {
	        .seed = 1, .steps = 100000, .walk_steps = 1000, .properties = PROPERTIES_USUAL};
	static const char *const broken[] = {"no-put", "load-only"};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct walking w = walk_through(broken[i], &config, &options);
		struct violation again = {0};
		struct error e = {0};

		assert_true(w.result.property >= 0);
		assert_true(w.result.length > 0 && w.result.length <= 1000);
		if (replay(w.world, w.result.learnt, w.result.labels, w.result.length, w.result.property,
		           NULL, &again, &e))
			fail_msg("%s: %s", broken[i], e.text);
		assert_string_equal(again.text, w.result.violation.text);
		release(&w);
	}
}

static bool at_once(void *arg)
{
	++*(unsigned *)arg;
	return true;
}

static void test_stopping(void **state)
{
	const struct world_config config = world_config_default();
	unsigned asked = 0;
	const struct walk_options options = {
	        .seed = 1, .steps = 100000, .walk_steps = 50000, .stop = at_once, .stop_arg = &asked};
	struct walking w = walk_through("v3", &config, &options);

	(void)state;
	assert_true(w.result.stopped);
	assert_int_equal(asked, 1);
	assert_true(w.result.steps < 2000);
	release(&w);
}

/* One guest that only exits: what an exit costs is what the fixed scenario says. */
static void test_costs_agree(void **state)
{
	const struct world_config config = {.cpus = 1, .vms = 1, .vcpus = 1};
	struct workload exits =
	        parsed(HEAD "guest guest-exit 1\nguest irq 0\nguest fp 0\nguest fpexc 0\nuserspace=1 0\n"
	                    "signal=1 0\npreempt 0\nuser fp 0\nuser fpexc 0\npick idle 0\n");
	const struct walk_options options = {
	        .workload = &exits, .seed = 1, .steps = 3000, .walk_steps = 3000};
	static const char *const variants[] = {"baseline", "v3", "load-put", "shadow", "eager"};

	(void)state;
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		struct walking w = walk_through(variants[i], &config, &options);
		const struct tally *t = &w.result.tally[WALK_WORLD_SWITCH];
		struct cost cost;
		struct error e = {0};

		assert_int_equal(cost_measure(w.image, &cost, &e), 0);
		assert_true(cost.row[COST_EXIT].known);
		for (unsigned c = 0; c < COST_TRAPS; c++) {
			uint64_t expected = w.result.exits * cost.row[COST_EXIT].count[c];

			/* The first entry has no exit before it, and the last exit no entry behind it. */
			if (t->count[c] > expected + 40 || t->count[c] + 40 < expected)
				fail_msg("%s, %s: %llu in %llu exits, not %llu", variants[i],
				         cost_counter_names[c], (unsigned long long)t->count[c],
				         (unsigned long long)w.result.exits, (unsigned long long)expected);
		}
		release(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_random),
	        cmocka_unit_test(test_workloads),
	        cmocka_unit_test(test_bad_workloads),
	        cmocka_unit_test(test_same_seed_same_walk),
	        cmocka_unit_test(test_weights_are_obeyed),
	        cmocka_unit_test(test_violations),
	        cmocka_unit_test(test_stopping),
	        cmocka_unit_test(test_costs_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
