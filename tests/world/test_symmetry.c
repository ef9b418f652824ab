/* SPDX-License-Identifier: MIT */
/*
 * A search of one state of all that differ only in who is who: it must come to the same verdict as one of all
 * states, by a counterexample of the same length that is a run, and look at one state of each orbit, no more
 * and no less. The orbits are counted here from all states, one swap at a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/world/dictionary.h"
#include "model/world/renaming.h"
#include "model/world/tags.h"
#include "sim/replay.h"
#include "system.h"

static unsigned permutations(const struct system *s)
{
	struct collapsed_counts counts;

	collapsed_counts(s->collapsed, &counts);
	return counts.permutations;
}

/* Every state, with numbers of our own for the contents of slots, then what swaps make of them. */
struct orbits {
	struct system s;
	struct naming naming;
	struct renaming swaps[8];
	unsigned n_swaps;
	struct dictionary contents[SLOT_CLASSES];
	struct dictionary states, raw; /* in our numbers, and in the model's */
	uint32_t *parent;              /* union-find */
	uint32_t *words, *renamed, *state, *image;
};

static void add_swap(struct orbits *o, enum name_domain domain, unsigned i, enum name_domain other,
                     unsigned k)
{
	struct renaming *r = &o->swaps[o->n_swaps++];

	*r = renaming_identity();
	r->of[domain][i] = (uint8_t)(i + 1);
	r->of[domain][i + 1] = (uint8_t)i;
	r->of[other][k] = (uint8_t)(k + 1);
	r->of[other][k + 1] = (uint8_t)k;
}

static uint32_t number_of(struct dictionary *d, const uint32_t *words, uint32_t count)
{
	uint32_t number = dictionary_intern(d, words, count);

	assert_int_not_equal(number, UINT32_MAX);
	return number;
}

/* From the model's numbers to ours. */
static int add_state(void *arg, const struct model_transition *t)
{
	struct orbits *o = arg;
	unsigned n = o->s.world->n_slots;
	uint32_t before = o->raw.n;

	if (!t->next || (number_of(&o->raw, t->next, n), o->raw.n == before))
		return 0;
	for (unsigned i = 0; i < n; i++) {
		uint32_t count;
		const uint32_t *words = collapsed_contents(o->s.collapsed, i, t->next[i], &count);

		o->state[i] = number_of(&o->contents[o->s.world->slots[i].class], words, count);
	}
	number_of(&o->states, o->state, n);
	assert_int_equal(o->states.n, o->raw.n);
	return 0;
}

static void fetch(const struct dictionary *d, uint32_t number, uint32_t *words, size_t n)
{
	uint32_t count;
	const uint32_t *contents = dictionary_words(d, number, &count);

	memset(words, 0, n * sizeof(*words));
	if (count > 0)
		memcpy(words, contents, count * sizeof(*words));
}

static void all_states(struct orbits *o)
{
	const struct model *model = collapsed_model(o->s.collapsed);
	unsigned n = o->s.world->n_slots;
	uint32_t *from = calloc(n, sizeof(*from));
	struct model_transition first = {.next = from};
	struct error e = {0};

	assert_non_null(from);
	assert_int_equal(model->initial(model->self, from, &e), MODEL_OK);
	add_state(o, &first);
	for (uint32_t i = 0; i < o->raw.n; i++) {
		fetch(&o->raw, i, from, n);
		assert_int_equal(model->successors(model->self, from, add_state, o, &e), MODEL_OK);
	}
	free(from);
}

static void swap_state(struct orbits *o, const struct renaming *r)
{
	const struct world *w = o->s.world;

	for (unsigned i = 0; i < w->n_slots; i++) {
		enum slot_class class = w->slots[i].class;
		unsigned index = renaming_index(r, class, w->slots[i].index), to = 0;
		uint32_t count;

		while (w->slots[to].class != class || w->slots[to].index != index)
			to++;
		fetch(&o->contents[class], o->state[i], o->words, w->slots[i].words);
		memset(o->renamed, 0, w->slots[i].words * sizeof(*o->renamed));
		count = renaming_contents(r, &o->naming, class, o->words, w->slots[i].words, o->renamed);
		o->image[to] = number_of(&o->contents[class], o->renamed, count);
	}
}

static uint32_t root_of(struct orbits *o, uint32_t i)
{
	while (o->parent[i] != i)
		i = o->parent[i] = o->parent[o->parent[i]];
	return i;
}

static uint32_t count_orbits(struct orbits *o)
{
	uint32_t n = 0, limit = o->states.n * 24;

	o->parent = calloc(limit, sizeof(*o->parent));
	assert_non_null(o->parent);
	for (uint32_t i = 0; i < limit; i++)
		o->parent[i] = i;
	for (uint32_t i = 0; i < o->states.n; i++) {
		for (unsigned k = 0; k < o->n_swaps; k++) {
			uint32_t image;

			fetch(&o->states, i, o->state, o->s.world->n_slots);
			swap_state(o, &o->swaps[k]);
			image = number_of(&o->states, o->image, o->s.world->n_slots);
			assert_true(image < limit);
			o->parent[root_of(o, i)] = root_of(o, image);
		}
	}
	for (uint32_t i = 0; i < o->states.n; i++)
		n += o->parent[i] == i ? 1 : 0;
	return n;
}

static uint32_t orbits(const struct setup *setup, bool threads_too)
{
	struct orbits o = {.s = system_open(setup)};
	uint64_t states = system_explore(&o.s);
	struct error e = {0};
	uint32_t n;

	assert_int_equal(naming_init(&o.naming, o.s.world, &e), 0);
	for (unsigned i = 0; i + 1 < setup->cpus; i++)
		add_swap(&o, DOMAIN_CPU, i, DOMAIN_TASK, i);
	for (unsigned i = 0; threads_too && i + 1 < setup->threads; i++)
		add_swap(&o, DOMAIN_TASK, NR_CPUS + i, DOMAIN_TASK, NR_CPUS + i);
	for (unsigned i = 0; i + 1 < setup->vms; i++)
		add_swap(&o, DOMAIN_VCPU, i, DOMAIN_TASK, NR_CPUS + setup->threads + i);
	o.words = calloc(o.s.world->words, sizeof(*o.words));
	o.renamed = calloc(o.s.world->words, sizeof(*o.renamed));
	o.state = calloc(o.s.world->n_slots, sizeof(*o.state));
	o.image = calloc(o.s.world->n_slots, sizeof(*o.image));
	assert_true(o.words && o.renamed && o.state && o.image);
	all_states(&o);
	assert_int_equal(o.states.n, states);
	n = count_orbits(&o);
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		dictionary_free(&o.contents[i]);
	dictionary_free(&o.states);
	dictionary_free(&o.raw);
	free(o.parent);
	free(o.words);
	free(o.renamed);
	free(o.state);
	free(o.image);
	naming_free(&o.naming);
	system_close(&o.s);
	return n;
}

static void one_state_of_each_orbit(void **unused)
{
	static const struct {
		struct setup setup;
		unsigned permutations;
	} systems[] = {
	        {{.variant = "baseline", .cpus = 1, .vms = 2}, 2},
	        {{.variant = "baseline", .cpus = 2, .vms = 1, .threads = 1}, 2},
	        {{.variant = "v3-byte", .cpus = 2, .vms = 1, .threads = 1, .big_endian = true}, 2},
	        {{.variant = "baseline", .cpus = 2, .threads = 2, .env = ENV_NEON}, 4},
	        {{.variant = "eager", .cpus = 1, .vms = 2, .threads = 2}, 4},
	        {{.variant = "baseline", .cpus = 3, .threads = 2}, 12},
	        {{.variant = "baseline", .cpus = 1, .threads = 3}, 6},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		struct setup setup = systems[i].setup;
		uint32_t expected = orbits(&setup, true);
		struct system s;
		uint64_t states;

		setup.symmetry = true;
		s = system_open(&setup);
		states = system_explore(&s);
		if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
			(void)fprintf(stderr, "%s: %u orbits\n", s.name, expected);
		if (states != expected)
			fail_msg("%s: %lu states of %u orbits", s.name, (unsigned long)states, expected);
		assert_int_equal(permutations(&s), systems[i].permutations);
		system_close(&s);
	}
}

/* The first thread is init and never ends: it is not like the others, and no swap with it is a symmetry. */
static void what_matters_is_given_up(void **unused)
{
	(void)unused;
	for (unsigned threads = 2; threads <= 3; threads++) {
		struct setup setup = {.variant = "baseline", .cpus = 1, .threads = threads, .env = ENV_EXIT};
		uint32_t expected = orbits(&setup, false);
		struct system s;
		uint64_t states;

		setup.symmetry = true;
		s = system_open(&setup);
		states = system_explore(&s);
		assert_int_equal(permutations(&s), threads - 1);
		if (threads == 2)
			assert_int_equal(states, expected);
		else
			assert_true(states < expected && states * 2 >= expected);
		system_close(&s);
	}
}

/* Where steps end between accesses to what is shared, registers hold numbers of CPUs; that is found out. */
static void numbers_are_learnt(void **unused)
{
	const struct setup setup = {
	        .variant = "load-only", .cpus = 2, .vms = 2, .threads = 1, .symmetry = true};
	struct system s = system_open(&setup);
	struct check_result result = system_search(&s, 1u << PROPERTY_FP_LEAK);

	(void)unused;
	assert_int_equal(result.verdict, CHECK_FAIL);
	assert_true((collapsed_learnt(s.collapsed)->shared & 1u << SLOT_TASK_VFP) != 0);
	assert_int_equal(permutations(&s), 4);
	check_result_free(&result);
	system_close(&s);
}

/* The same with and without; the counterexample is a run. */
static void assert_same(struct setup setup, uint32_t properties)
{
	struct system without, with;
	struct check_result all, some;
	struct error e = {0};

	setup.symmetry = false;
	without = system_open(&setup);
	setup.symmetry = true;
	with = system_open(&setup);
	all = system_search(&without, properties);
	some = system_search(&with, properties);
	if (all.verdict != some.verdict || all.property != some.property || all.depth != some.depth ||
	    all.trace_length != some.trace_length || some.states > all.states)
		fail_msg("%s, properties 0x%x: property %d, depth %u; without property %d, depth %u",
		         with.name, properties, some.property, some.depth, all.property, all.depth);
	if (some.verdict == CHECK_FAIL && replay(with.world, collapsed_learnt(with.collapsed), some.trace,
	                                         some.trace_length, some.property, NULL, NULL, &e))
		fail_msg("%s, properties 0x%x: %s", with.name, properties, e.text);
	check_result_free(&all);
	check_result_free(&some);
	system_close(&without);
	system_close(&with);
}

static void verdicts_do_not_change(void **unused)
{
	size_t n;
	const struct shipped_variant *variants = shipped_variants(&n);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		const struct setup setups[] = {
		        {.variant = variants[i].name, .cpus = 2, .vms = 1, .threads = 1},
		        {.variant = variants[i].name, .cpus = 1, .vms = 2, .threads = 1},
		        {.variant = variants[i].name, .cpus = 2, .vms = 1, .threads = 1, .env = ENV_NEON},
		        {.variant = variants[i].name, .cpus = 2, .vms = 1, .threads = 1, .big_endian = true},
		};

		for (size_t k = 0; k < sizeof(setups) / sizeof(setups[0]); k += quick() ? 3 : 1)
			assert_same(setups[k], ALL_PROPERTIES);
	}
}

/* One property at a time, where it is violated. */
static void violations_do_not_change(void **unused)
{
	static const struct {
		const char *variant;
		enum world_property property;
	} violated[] = {
	        {"load-only", PROPERTY_FP_LOST},     {"put-only", PROPERTY_FP_LOST},
	        {"no-put", PROPERTY_FP_LEAK},        {"no-put", PROPERTY_FPEXC_GUEST},
	        {"no-enable", PROPERTY_FPEXC_GUEST}, {"fpexc-first", PROPERTY_CRASH},
	        {"half-bank", PROPERTY_FP_LOST},     {"load-only", PROPERTY_FPEXC_HOST},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(violated) / sizeof(violated[0]); i++) {
		const struct setup setup = {
		        .variant = violated[i].variant, .cpus = 2, .vms = 2, .threads = 1};

		assert_same(setup, 1u << violated[i].property);
	}
}

/* Under every optional event. */
static void events_do_not_change_it(void **unused)
{
	(void)unused;
	for (unsigned env = 1; env < 1u << ENV_NAMES; env <<= 1) {
		const struct setup setup = {.variant = "v3-byte", .cpus = 2, .vms = 1, .env = env};

		if (env != ENV_VCPU_HANDOVER) /* millions of states */
			assert_same(setup, ALL_PROPERTIES);
	}
}

static void renamings_are_a_group(void **unused)
{
	static const uint32_t offsets[] = {0, 4, 100};
	const struct setup setup = {.variant = "baseline", .cpus = 3, .vms = 3, .threads = 1};
	struct system s = system_open(&setup);
	const struct world_symbols *symbols = &s.world->symbols;
	const uint32_t bases[] = {0,
	                          1u << 16,
	                          0x80000000u,
	                          symbols->thread_union,
	                          symbols->thread_union + NR_CPUS * THREAD_SIZE,
	                          symbols->kvm_vcpus,
	                          symbols->kvm_host_cpu_state,
	                          symbols->kvm_arm_hyp_stack,
	                          symbols->vfp_current_hw_state,
	                          symbols->on_cpu,
	                          tag(0, 3, 1),
	                          tag(4, 3, 1) | TAG_STALE,
	                          0xfe000004u};
	struct renaming a = renaming_identity(), b = a, ab;

	(void)unused;
	/* a: 0 -> 1 -> 2 -> 0 of CPUs; b: swaps the last two vCPUs with their threads */
	for (unsigned i = 0; i < 3; i++)
		a.of[DOMAIN_CPU][i] = a.of[DOMAIN_TASK][i] = (uint8_t)((i + 1) % 3);
	for (unsigned i = 1; i < 3; i++) {
		b.of[DOMAIN_VCPU][i] = (uint8_t)(3 - i);
		b.of[DOMAIN_TASK][NR_CPUS + 1 + i] = (uint8_t)(NR_CPUS + 1 + 3 - i);
	}
	for (unsigned d = 0; d < DOMAINS; d++) {
		for (unsigned i = 0; i < NR_TASKS; i++)
			ab.of[d][i] = a.of[d][b.of[d][i]];
	}
	for (unsigned kind = 0; kind < NAME_KINDS; kind++) {
		for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]) * 3 * 8; i++) {
			uint32_t word = bases[i / 24] + offsets[i % 3] + (uint32_t)(i / 3 % 8);
			uint32_t one = renaming_word(&b, s.world, (enum name_kind)kind, word), cycle = word;

			assert_int_equal(renaming_word(&b, s.world, (enum name_kind)kind, one), word);
			assert_int_equal(renaming_word(&a, s.world, (enum name_kind)kind, one),
			                 renaming_word(&ab, s.world, (enum name_kind)kind, word));
			for (unsigned k = 0; k < 3; k++)
				cycle = renaming_word(&a, s.world, (enum name_kind)kind, cycle);
			assert_int_equal(cycle, word);
		}
	}
	assert_int_equal(renaming_word(&a, s.world, NAME_CPU, 2), 0);
	assert_int_equal(renaming_word(&a, s.world, NAME_PLAIN, 2), 2);
	assert_int_equal(renaming_word(&a, s.world, NAME_CPU_PLUS_1, 3), 1);
	assert_int_equal(
	        renaming_word(&a, s.world, NAME_END, symbols->kvm_arm_hyp_stack + 3 * HYP_STACK_SIZE),
	        symbols->kvm_arm_hyp_stack + HYP_STACK_SIZE);
	assert_int_equal(renaming_word(&b, s.world, NAME_VMID, 2u << 16), 3u << 16);
	assert_int_equal(renaming_word(&b, s.world, NAME_NONE, tag(5, 7, 0)), tag(6, 7, 0));
	assert_int_equal(renaming_word(&b, s.world, NAME_NONE, symbols->kvm_vcpus + VCPU_SIZE + 8),
	                 symbols->kvm_vcpus + 2 * VCPU_SIZE + 8);
	system_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(renamings_are_a_group),    cmocka_unit_test(one_state_of_each_orbit),
	        cmocka_unit_test(what_matters_is_given_up), cmocka_unit_test(numbers_are_learnt),
	        cmocka_unit_test(verdicts_do_not_change),   cmocka_unit_test(events_do_not_change_it),
	        cmocka_unit_test(violations_do_not_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
