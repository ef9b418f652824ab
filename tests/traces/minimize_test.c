/* SPDX-License-Identifier: MIT */
/* Padded traces come back down; what is left cannot be made shorter, and ends in the same violation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "follow_kit.h"
#include "traces/minimize.h"
#include "traces/writer.h"

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

enum { WALK_MAX = 4000 };

/* A step from where the machine is, any of those possible. Returns whether there is one. */
static bool random_step(struct machine *m, uint32_t *before, uint64_t *seed, struct model_label *made)
{
	size_t bytes = m->world->words * sizeof(*before);
	struct model_label labels[256], label = {0};
	struct error e;
	size_t n = 0;

	memcpy(before, m->words, bytes);
	do {
		bool possible = machine_step(m, &label, &e) == 0 && !m->disabled;

		if (possible && n < sizeof(labels) / sizeof(labels[0]))
			machine_label(m, &labels[n++]);
		memcpy(m->words, before, bytes);
	} while (machine_next_label(m, &label));
	if (n == 0)
		return false;
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	*made = labels[(*seed >> 33) % n];
	return machine_step(m, made, &e) == 0;
}

/* Walks until `property` is violated, or the run ends otherwise. Returns how many steps, or 0; -1: something was learnt, so again. */
static long walk(struct machine *m, uint32_t *before, uint64_t seed, enum world_property property,
                 struct model_label *labels)
{
	for (long i = 0; i < WALK_MAX; i++) {
		if (!random_step(m, before, &seed, &labels[i]))
			return 0;
		if (m->learnt->refined) {
			m->learnt->refined = false;
			return -1;
		}
		if ((m->violated >> property & 1) != 0)
			return i + 1;
		if (m->ended)
			return 0;
	}
	return 0;
}

/* A run as a trace file. */
static char *text_of(const struct world *w, const struct learnt *learnt, const struct model_label *labels,
                     size_t n, enum world_property property)
{
	const struct trace_header header = {.variant = "v",
	                                    .world = w,
	                                    .property = property,
	                                    .searched = 1u << property,
	                                    .learnt = learnt};
	struct error e = {0};
	struct story *story = story_record(w, learnt, labels, n, n, property, &e);
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!story)
		fail_msg("%s", e.text);
	assert_non_null(f);
	trace_print(f, &header, story);
	assert_int_equal(fclose(f), 0);
	story_free(story);
	return text;
}

/* What a random walk has seen. NULL: nothing. */
static char *walk_text(const struct world *w, uint64_t seed, enum world_property property)
{
	struct model_label *labels = calloc(WALK_MAX, sizeof(*labels));
	struct learnt *learnt = calloc(1, sizeof(*learnt));
	uint32_t *start = calloc(2 * (size_t)w->words, sizeof(*start));
	struct machine *m = machine_new(w);
	struct error e = {0};
	char *text = NULL;
	long n = -1;

	assert_true(labels && learnt && start && m);
	assert_int_equal(machine_boot(m, &e), 0);
	memcpy(start, m->words, w->words * sizeof(*start));
	m->learnt = learnt;
	while (n < 0) {
		memcpy(m->words, start, w->words * sizeof(*start));
		n = walk(m, start + w->words, seed, property, labels);
	}
	if (n > 0)
		text = text_of(w, learnt, labels, (size_t)n, property);
	machine_free(m);
	free(start);
	free(learnt);
	free(labels);
	return text;
}

/* Nothing can be left out of what is left. */
static void expect_minimal(const char *variant, const struct world *w, const struct followed *f)
{
	char *text = text_of(w, f->learnt, f->labels, f->steps, (enum world_property)f->property);
	struct result r = minimize(variant, text);

	assert_int_equal(r.how.left_out, 0);
	assert_int_equal(r.how.simplified, 0);
	followed_free(&r.followed);
	free(text);
}

/* Random walks come down to a few steps, and what is left of them cannot be made shorter. */
static void test_random_walks(void **state)
{
	static const struct {
		const char *variant;
		enum world_property property;
		size_t longest; /* of what is left; the shortest of all have 7 to 10 steps */
	} walks[] = {
	        {"no-put", PROPERTY_FP_LEAK, 20},
	        {"load-only", PROPERTY_FP_LEAK, 20},
	        {"no-put", PROPERTY_FPEXC_GUEST, 20},
	        {"half-bank", PROPERTY_FP_LEAK, 20},
	};
	size_t before = 0, after = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		struct trace t = {.config = world_config_default()};
		struct place p;

		t.config.vms = 1;
		p = place_of(walks[i].variant, &t);
		for (uint64_t seed = 1; seed <= 3; seed++) {
			char *text = walk_text(p.world, seed, walks[i].property);
			struct result r;

			if (!text)
				continue;
			r = minimize(walks[i].variant, text);
			expect_minimal(walks[i].variant, p.world, &r.followed);
			before += r.followed.steps + r.how.left_out;
			after += r.followed.steps;
			assert_true(r.followed.steps <= walks[i].longest);
			followed_free(&r.followed);
			free(text);
		}
		place_free(&p);
	}
	assert_true(before > 10 * after && after > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_random_walks),    cmocka_unit_test(test_padded),
	        cmocka_unit_test(test_choices),         cmocka_unit_test(test_no_violation),
	        cmocka_unit_test(test_locally_minimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
