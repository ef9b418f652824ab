/* SPDX-License-Identifier: MIT */
/*
 * The wrapper that checks what reductions assume: it finds nothing where nothing is wrong, and it does find each
 * reduction that was broken for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/world/verify.h"
#include "system.h"

/* A search of the collapsed system, or of a model around it, through the wrapper. */
static struct check_result search(struct system *s, const struct model *searched, unsigned checks,
                                  struct verify_counts *counts, struct error *e, bool *found)
{
	const struct check_options options = {.properties = 0,
	                                      .max_memory = (size_t)1 << 30,
	                                      .max_states = checks != VERIFY_ALL ? 6000
	                                                    : quick()            ? 300
	                                                                         : 2000};
	struct check_result result = {0};
	struct verify *v = verify_new(s->world, s->collapsed, searched, checks, e);

	assert_non_null(v);
	(void)check_breadth_first(verify_model(v), &options, &result, e);
	verify_counts(v, counts);
	*found = verify_found(v);
	verify_free(v);
	return result;
}

static void assert_verified(const struct setup *setup)
{
	struct system s = system_open(setup);
	struct verify_counts counts;
	struct error e = {0};
	bool found;
	struct check_result result =
	        search(&s, collapsed_model(s.collapsed), VERIFY_ALL, &counts, &e, &found);

	if (found || result.verdict == CHECK_ERROR)
		fail_msg("%s: %s", s.name, e.text);
	if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
		(void)fprintf(stderr, "%s: %lu states, %.1f s\n", s.name, (unsigned long)result.states,
		              result.seconds);
	/* A search may expand a state more than once, when its store has to grow in between. */
	if (counts.states == 0 || (result.verdict == CHECK_PASS && counts.states < result.states))
		fail_msg("%s: %lu of %lu states", s.name, (unsigned long)counts.states,
		         (unsigned long)result.states);
	assert_true(counts.steps >= counts.states);
	assert_int_equal(counts.fillings, (setup->unreduced & REDUCTION_DEAD) != 0 ? 0 : 5 * counts.steps);
	assert_true(setup->symmetry ? counts.permutations >= counts.states : counts.permutations == 0);
	if (setup->granularity == GRANULARITY_STEP) {
		assert_true(setup->cpus > 1 ? counts.interleavings > 0 : counts.interleavings == 0);
		assert_true((counts.preemptions > 0) == ((setup->unreduced & REDUCTION_DEAD) == 0));
	}
	check_result_free(&result);
	system_close(&s);
}

static void nothing_is_wrong(void **unused)
{
	static const struct setup setups[] = {
	        {.variant = "baseline", .cpus = 2, .vms = 1, .symmetry = true},
	        {.variant = "v3-byte", .cpus = 1, .vms = 2, .symmetry = true, .big_endian = true},
	        {.variant = "eager", .cpus = 1, .vms = 1, .threads = 1, .env = ENV_NEON},
	        {.variant = "load-only", .cpus = 2, .vms = 1, .symmetry = true},
	        {.variant = "no-put", .cpus = 2, .vms = 1, .symmetry = true},
	        {.variant = "baseline", .cpus = 2, .threads = 2, .symmetry = true, .env = ENV_NEON},
	        {.variant = "half-bank", .cpus = 1, .vms = 1, .threads = 1},
	        {.variant = "baseline", .cpus = 1, .threads = 2, .env = ENV_SIGNAL | ENV_PTRACE},
	        {.variant = "baseline", .cpus = 2, .threads = 1, .env = ENV_FORK | ENV_EXIT},
	        {.variant = "baseline", .cpus = 2, .vms = 1, .symmetry = true, .unreduced = REDUCTION_TAGS},
	        {.variant = "baseline",
	         .cpus = 2,
	         .vms = 1,
	         .symmetry = true,
	         .unreduced = REDUCTION_FP_ACTION},
	        {.variant = "baseline", .cpus = 1, .vms = 1, .unreduced = REDUCTION_DEAD},
	        {.variant = "baseline", .cpus = 1, .vms = 1, .granularity = GRANULARITY_INSN},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i++)
		assert_verified(&setups[i]);
}

/* The same number of states with and without. */
static void it_changes_nothing(void **unused)
{
	const struct setup setup = {.variant = "baseline", .cpus = 2, .vms = 1, .symmetry = true};
	struct system s = system_open(&setup);
	uint64_t states = system_explore(&s);
	struct verify_counts counts;
	struct error e = {0};
	bool found;
	struct check_result result;

	(void)unused;
	system_close(&s);
	s = system_open(&setup);
	result = search(&s, collapsed_model(s.collapsed), VERIFY_ALL, &counts, &e, &found);
	if (!quick()) {
		assert_int_equal(result.verdict, CHECK_PASS);
		assert_int_equal(result.states, states);
		assert_true(counts.states >= states);
	}
	check_result_free(&result);
	system_close(&s);
}

/* What is searched is broken: the wrapper must say so, in these words. */
static void assert_found(struct system *s, const struct model *searched, unsigned checks, const char *words)
{
	struct verify_counts counts;
	struct error e = {0};
	bool found;
	struct check_result result = search(s, searched, checks, &counts, &e, &found);

	if (!found || result.verdict != CHECK_ERROR || strstr(e.text, words) == NULL ||
	    strstr(e.text, "internal fault") == NULL)
		fail_msg("%s: %s after %lu states, '%s' in place of '%s'", s->name,
		         check_verdict_name(result.verdict), (unsigned long)counts.states, e.text, words);
	if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
		(void)fprintf(stderr, "%s\n", e.text);
	check_result_free(&result);
}

/* A system in which something is taken for granted that is not so. */
static void assert_fault_found(struct setup setup, unsigned faults, unsigned checks, const char *words)
{
	struct system s = system_open(&setup);
	struct error e = {0};

	collapsed_free(s.collapsed);
	s.collapsed = collapsed_new(
	        s.world, &(struct collapsed_options){.symmetry = setup.symmetry, .faults = faults}, &e);
	assert_non_null(s.collapsed);
	assert_found(&s, collapsed_model(s.collapsed), checks, words);
	system_close(&s);
}

/* Values that somebody reads are taken for dead, and nobody notices. */
static void wrong_guesses(void **unused)
{
	(void)unused;
	assert_fault_found((struct setup){.variant = "baseline", .cpus = 1, .vms = 1}, FAULT_POISON,
	                   VERIFY_DEAD, "what was taken for dead is not");
	assert_fault_found((struct setup){.variant = "v3", .cpus = 2, .threads = 1}, FAULT_POISON,
	                   VERIFY_DEAD, "what was taken for dead is not");
}

/* The first thread is init and never ends: it is not like the others. */
static void wrong_symmetry(void **unused)
{
	(void)unused;
	assert_fault_found(
	        (struct setup){
	                .variant = "baseline", .cpus = 1, .threads = 2, .env = ENV_EXIT, .symmetry = true},
	        FAULT_SYMMETRY, VERIFY_SYMMETRY, "is no symmetry");
}

/* A save area that another CPU stores to is taken for private; preemption is not let in where it matters. */
static void wrong_merges(void **unused)
{
	(void)unused;
	assert_fault_found((struct setup){.variant = "load-only", .cpus = 2, .vms = 2}, FAULT_PRIVACY,
	                   VERIFY_MERGE, "can do what makes a difference");
}

/* Flags that are read are taken for dead. */
static void wrong_liveness(void **unused)
{
	const struct setup setup = {
	        .variant = "baseline", .cpus = 1, .vms = 1, .granularity = GRANULARITY_INSN};
	struct system s = system_open(&setup);
	uint32_t n = (s.image->code_end - s.image->code_start) / 4;

	(void)unused;
	for (uint32_t i = 0; i < n; i++)
		s.world->live[i] &= ~PSR_FLAGS;
	assert_found(&s, collapsed_model(s.collapsed), VERIFY_DEAD, "what was taken for dead is not");
	system_close(&s);
}

/* A model that remembers wrong steps. */
struct broken {
	const struct model *model;
	enum { LOSES_A_STEP, HIDES_A_VIOLATION, STAYS_PUT, SWAPS_LABELS, MANY_REPRESENTATIVES } how;
	unsigned seen;
	const uint32_t *state;
	model_emit *emit;
	void *arg;
};

static int change(void *arg, const struct model_transition *t)
{
	struct broken *b = arg;
	struct model_transition mine = *t;

	if (b->how == LOSES_A_STEP && b->seen++ % 7 == 6)
		return 0;
	if (b->how == HIDES_A_VIOLATION)
		mine.violated = 0;
	if (b->how == STAYS_PUT && b->seen++ % 50 == 49 && mine.next)
		mine.next = b->state;
	if (b->how == SWAPS_LABELS && mine.label.length > 1 && mine.label.choice[1] > 0)
		mine.label.choice[1]--;
	return b->emit(b->arg, &mine);
}

static enum model_status broken_successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                           struct error *e)
{
	struct broken *b = self;

	b->state = state;
	b->emit = emit;
	b->arg = arg;
	return b->model->successors(b->model->self, state, change, b, e);
}

static enum model_status broken_initial(void *self, uint32_t *state, struct error *e)
{
	struct broken *b = self;

	return b->model->initial(b->model->self, state, e);
}

static enum model_status broken_representative(void *self, const uint32_t *state, uint32_t *out,
                                               struct error *e)
{
	struct broken *b = self;

	if (b->how != MANY_REPRESENTATIVES)
		return b->model->representative(b->model->self, state, out, e);
	memcpy(out, state, b->model->words * sizeof(*out));
	return MODEL_OK;
}

static size_t broken_memory(void *self)
{
	struct broken *b = self;

	return b->model->memory(b->model->self);
}

static void wrong_memory(void **unused)
{
	static const struct {
		const char *variant;
		unsigned how;
		const char *words;
	} faults[] = {
	        {"baseline", LOSES_A_STEP, "step"},
	        {"no-put", HIDES_A_VIOLATION, "violates 0x0 as remembered"},
	        {"baseline", STAYS_PUT, "as remembered"},
	        {"baseline", SWAPS_LABELS, "another step in its place"},
	        {"baseline", MANY_REPRESENTATIVES, "two representatives"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct setup setup = {
		        .variant = faults[i].variant, .cpus = 2, .vms = 1, .symmetry = true};
		struct system s = system_open(&setup);
		struct broken b = {.model = collapsed_model(s.collapsed)};
		struct model model = *b.model;

		memcpy(&b.how, &faults[i].how, sizeof(b.how));
		model.self = &b;
		model.initial = broken_initial;
		model.successors = broken_successors;
		model.representative = broken_representative;
		model.memory = broken_memory;
		assert_found(&s, &model, VERIFY_ALL, faults[i].words);
		system_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_wrong), cmocka_unit_test(it_changes_nothing),
	        cmocka_unit_test(wrong_guesses),    cmocka_unit_test(wrong_symmetry),
	        cmocka_unit_test(wrong_merges),     cmocka_unit_test(wrong_liveness),
	        cmocka_unit_test(wrong_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
