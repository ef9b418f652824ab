/* SPDX-License-Identifier: MIT */
/*
 * The collapsed system saved in the middle of a search and restored elsewhere: the search goes on there as if nothing
 * had happened, vector for vector, although no step is remembered. And what was saved, changed by somebody who
 * means harm: it is refused, or does none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#include "model/world/dictionary.h"
#include "system.h"

enum { MUTATIONS = 3000, SECONDS_MAX = 300 };

/* A breadth-first search without anything that could go wrong. */
struct search {
	struct system s;
	const struct model *model;
	struct dictionary seen; /* states, in the order in which they were found */
	uint32_t expanded;
	uint64_t digest; /* of all transitions since it was 0 */
	uint32_t *state, *next;
};

struct bytes {
	uint8_t *at;
	size_t n, room;
};

static int put(void *arg, const void *bytes, size_t n, struct error *e)
{
	struct bytes *b = arg;

	(void)e;
	if (b->n + n > b->room) {
		b->room = (b->n + n) * 2;
		b->at = realloc(b->at, b->room);
		assert_non_null(b->at);
	}
	memcpy(b->at + b->n, bytes, n);
	b->n += n;
	return 0;
}

static int get(void *arg, void *bytes, size_t n, struct error *e)
{
	struct bytes *b = arg;

	if (n > b->n)
		return error_set(e, "there is no more");
	memcpy(bytes, b->at, n);
	b->at += n;
	b->n -= n;
	return 0;
}

static uint64_t left(void *arg)
{
	return ((struct bytes *)arg)->n;
}

static struct bytes saved(const struct search *x)
{
	struct bytes b = {0};
	const struct sink sink = {&b, put};
	struct error e = {0};

	if (x->model->save(x->model->self, &sink, &e))
		fail_msg("%s: %s", x->s.name, e.text);
	return b;
}

static int restored(const struct search *x, struct bytes b, struct error *e)
{
	const struct source source = {&b, get, left};

	return x->model->restore(x->model->self, &source, e);
}

static struct search search_open(const struct setup *setup)
{
	struct search x = {.s = system_open(setup)};

	x.model = collapsed_model(x.s.collapsed);
	x.state = calloc(x.model->words, sizeof(*x.state));
	x.next = calloc(x.model->words, sizeof(*x.next));
	assert_true(x.state && x.next);
	return x;
}

static void search_close(struct search *x)
{
	dictionary_free(&x->seen);
	free(x->state);
	free(x->next);
	system_close(&x->s);
}

/* What stands for a state, in x->next. */
static void represent(struct search *x, const uint32_t *state)
{
	struct error e = {0};

	if (x->model->representative)
		assert_int_equal(x->model->representative(x->model->self, state, x->next, &e), MODEL_OK);
	else
		memcpy(x->next, state, x->model->words * sizeof(*state));
}

static void add(struct search *x, const uint32_t *state)
{
	represent(x, state);
	assert_true(x->model->plausible(x->model->self, x->next));
	assert_int_not_equal(dictionary_intern(&x->seen, x->next, (uint32_t)x->model->words), UINT32_MAX);
}

static int on_step(void *arg, const struct model_transition *t)
{
	struct search *x = arg;

	x->digest = XXH3_64bits_withSeed(&t->label, sizeof(t->label), x->digest + t->violated + t->cause);
	if (t->next) {
		x->digest = XXH3_64bits_withSeed(t->next, x->model->words * sizeof(*t->next), x->digest);
		add(x, t->next);
	}
	return 0;
}

static void fetch(const struct search *x, uint32_t number)
{
	uint32_t count;
	const uint32_t *words = dictionary_words(&x->seen, number, &count);

	memset(x->state, 0, x->model->words * sizeof(*x->state));
	if (count > 0)
		memcpy(x->state, words, count * sizeof(*words));
}

/* Until so many states are expanded, or all are. */
static void go_on(struct search *x, uint32_t until)
{
	struct error e = {0};

	while (x->expanded < until && (x->seen.n == 0 || x->expanded < x->seen.n)) {
		enum model_status status = MODEL_REFINED;

		if (x->seen.n > 0) {
			fetch(x, x->expanded++);
			status = x->model->successors(x->model->self, x->state, on_step, x, &e);
		}
		if (status == MODEL_REFINED) {
			dictionary_free(&x->seen);
			x->expanded = 0;
			status = x->model->initial(x->model->self, x->state, &e);
			add(x, x->state);
		}
		if (status != MODEL_OK)
			fail_msg("%s: %s", x->s.name, e.text);
	}
}

static void assert_same_bytes(const struct search *a, struct bytes x, struct bytes y, const char *when)
{
	if (x.n != y.n || memcmp(x.at, y.at, x.n) != 0)
		fail_msg("%s: what it knows differs %s", a->s.name, when);
	free(x.at);
	free(y.at);
}

static int ignore(void *arg, const struct model_transition *t)
{
	struct search *x = arg;

	if (t->next)
		represent(x, t->next);
	return 0;
}

/*
 * Steps that were made before are made once more, from states of another order, so that each is made from another
 * state than the first time: nothing new comes of it.
 */
static void made_once_more(const struct setup *setup, const struct search *a, struct bytes bytes)
{
	struct search b = search_open(setup);
	struct error e = {0};
	struct bytes again;

	assert_int_equal(restored(&b, bytes, &e), 0);
	for (uint32_t i = a->expanded; i-- > 0;) {
		fetch(a, i);
		assert_int_equal(b.model->successors(b.model->self, a->state, ignore, &b, &e), MODEL_OK);
	}
	again = saved(&b);
	if (again.n != bytes.n || memcmp(again.at, bytes.at, bytes.n) != 0)
		fail_msg("%s: %u states expanded once more teach something new", a->s.name, a->expanded);
	free(again.at);
	search_close(&b);
}

/* A search interrupted after so many states, and the same without. */
static void interrupted(const struct setup *setup, uint32_t after, uint32_t until)
{
	struct search a = search_open(setup), b = search_open(setup);
	struct error e = {0};
	struct bytes bytes;

	go_on(&a, after);
	bytes = saved(&a);
	if (restored(&b, bytes, &e))
		fail_msg("%s: %s", a.s.name, e.text);
	made_once_more(setup, &a, bytes);
	assert_same_bytes(&a, bytes, saved(&b), "once restored");
	for (uint32_t i = 0; i < a.seen.n; i++) {
		fetch(&a, i);
		assert_true(b.model->plausible(b.model->self, a.state));
		assert_int_equal(dictionary_intern(&b.seen, a.state, (uint32_t)a.model->words), i);
	}
	b.expanded = a.expanded;
	a.digest = 0;
	go_on(&a, until);
	go_on(&b, until);
	assert_int_equal(a.seen.n, b.seen.n);
	for (uint32_t i = 0; i < a.seen.n; i++) {
		fetch(&a, i);
		fetch(&b, i);
		if (memcmp(a.state, b.state, a.model->words * sizeof(*a.state)) != 0)
			fail_msg("%s, interrupted after %u: state %u differs", a.s.name, after, i);
	}
	assert_int_equal(a.digest, b.digest);
	assert_same_bytes(&a, saved(&a), saved(&b), "in the end");
	search_close(&a);
	search_close(&b);
}

static const struct setup setups[] = {
        {.variant = "baseline", .cpus = 1, .vms = 2, .threads = 1, .symmetry = true},
        {.variant = "baseline", .cpus = 2, .vms = 1, .threads = 1, .symmetry = true},
        {.variant = "v3", .cpus = 2, .vms = 1, .threads = 1, .symmetry = true},
        {.variant = "v3", .cpus = 2, .vms = 1, .threads = 1},
        {.variant = "eager", .cpus = 1, .vms = 2, .threads = 2, .symmetry = true},
        {.variant = "baseline", .cpus = 2, .threads = 2, .env = ENV_NEON, .symmetry = true},
        {.variant = "baseline", .cpus = 3, .threads = 2, .symmetry = true},
        {.variant = "v3-byte", .cpus = 2, .vms = 1, .threads = 1, .big_endian = true, .symmetry = true},
        {.variant = "baseline",
         .cpus = 1,
         .vms = 1,
         .threads = 1,
         .env = ENV_FORK | ENV_EXIT,
         .symmetry = true},
        {.variant = "baseline", .cpus = 2, .vms = 1, .env = ENV_VCPU_HANDOVER, .symmetry = true},
};

static void goes_on_as_if_nothing_had_happened(void **unused)
{
	static const unsigned percent[] = {0, 3, 20, 50, 97};

	(void)unused;
	for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		struct search whole = search_open(&setups[i]);
		uint32_t n;

		go_on(&whole, UINT32_MAX);
		n = whole.seen.n;
		search_close(&whole);
		if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
			(void)fprintf(stderr, "%zu: %u states\n", i, n);
		if (n > 100000 || (quick() && n > 5000))
			continue;
		for (size_t k = 0; k < sizeof(percent) / sizeof(percent[0]); k++)
			interrupted(&setups[i], n * percent[k] / 100 + 1, UINT32_MAX);
	}
}

/* Larger groups, whose searches nobody waits for. */
static void goes_on_in_large_systems(void **unused)
{
	static const struct setup large[] = {
	        {.variant = "baseline", .cpus = 2, .vms = 2, .threads = 1, .symmetry = true},
	        {.variant = "v3", .cpus = 2, .vms = 2, .threads = 2, .symmetry = true},
	        {.variant = "eager", .cpus = 3, .vms = 3, .symmetry = true},
	        {.variant = "v3", .cpus = 2, .vms = 3, .env = ENV_SIGNAL | ENV_NEON, .symmetry = true},
	};
	static const uint32_t after[] = {1, 300, 1000, 10000};

	(void)unused;
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		for (size_t k = 0; k < sizeof(after) / sizeof(after[0]) && !(quick() && after[k] > 1000); k++)
			interrupted(&large[i], after[k], after[k] + after[k] / 2 + 1000);
	}
}

/* What belongs to one system is not taken for another's. */
static void belongs_to_one_system(void **unused)
{
	static const struct setup others[] = {
	        {.variant = "baseline", .cpus = 2, .vms = 2, .threads = 1, .symmetry = true},
	        {.variant = "baseline",
	         .cpus = 1,
	         .vms = 2,
	         .threads = 1,
	         .symmetry = true,
	         .env = ENV_SIGNAL},
	        {.variant = "v3", .cpus = 1, .vms = 2, .threads = 1, .symmetry = true},
	        {.variant = "baseline",
	         .cpus = 1,
	         .vms = 2,
	         .threads = 1,
	         .symmetry = true,
	         .big_endian = true},
	        {.variant = "baseline", .cpus = 1, .vms = 2, .threads = 1},
	};
	struct search a = search_open(&setups[0]);
	struct bytes bytes;

	(void)unused;
	go_on(&a, 1000);
	bytes = saved(&a);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct search b = search_open(&others[i]);
		struct error e = {0};

		if (restored(&b, bytes, &e) == 0)
			fail_msg("%s was taken for %s", a.s.name, b.s.name);
		assert_true(strlen(e.text) > 0);
		search_close(&b);
	}
	free(bytes.at);
	search_close(&a);
}

static uint64_t random_state = 1;

static size_t below(size_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return n == 0 ? 0 : (size_t)(random_state >> 33) % n;
}

/* `dense`: where the bytes begin that are not mostly zero. */
static void mutate(struct bytes *b, size_t dense)
{
	static const uint32_t numbers[] = {0, 1, 2, 6, 7, UINT32_MAX, 1u << 31, 0x7fffffff, 255, 1000000};
	size_t at = (below(3) == 0   ? below(128)
	             : below(2) == 0 ? dense + below(b->n - dense)
	                             : below(b->n)) /
	            4 * 4;
	uint32_t word;

	switch (below(4)) {
	case 0:
		b->n = at;
		break;
	case 1:
		b->at[at] = (uint8_t)(b->at[at] ^ 1 << below(8));
		break;
	case 2:
		word = below(2) == 0 ? (uint32_t)(below(1 << 16) << 16 | below(1 << 16))
		                     : numbers[below(sizeof(numbers) / sizeof(numbers[0]))];
		memcpy(b->at + at, &word, sizeof(word));
		break;
	default:
		memmove(b->at + at, b->at + at + 4, b->n - at - 4);
		b->n -= 4;
		break;
	}
}

/* Asks about states until the model has had enough; it may say that it cannot go on, but must not fall over. */
static void ask(struct search *b, const struct search *a)
{
	for (uint32_t i = 0; i < a->seen.n; i += a->seen.n / 40 + 1) {
		struct error e = {0};
		enum model_status status;

		fetch(a, i);
		if (!b->model->plausible(b->model->self, a->state))
			continue;
		status = b->model->successors(b->model->self, a->state, ignore, b, &e);
		if (status != MODEL_OK) {
			assert_true(status == MODEL_REFINED || strlen(e.text) > 0);
			return;
		}
	}
}

static void does_no_harm(void **unused)
{
	struct search a = search_open(&setups[0]);
	unsigned refused = 0, taken = 0, mutations = quick() ? MUTATIONS / 10 : MUTATIONS;
	struct bytes sound, changed;
	size_t dense;

	(void)unused;
	go_on(&a, 1500);
	sound = saved(&a);
	dense = sound.n / 2;
	changed.at = malloc(sound.n);
	assert_non_null(changed.at);
	(void)alarm(SECONDS_MAX);
	for (unsigned i = 0; i < mutations; i++) {
		struct search b = search_open(&setups[0]);
		struct error e = {0};

		changed.n = sound.n;
		memcpy(changed.at, sound.at, sound.n);
		for (size_t n = 1 + below(3); n > 0 && changed.n > 256; n--)
			mutate(&changed, dense < changed.n ? dense : 0);
		if (restored(&b, changed, &e)) {
			assert_true(strlen(e.text) > 0);
			refused++;
		} else {
			ask(&b, &a);
			taken++;
		}
		search_close(&b);
	}
	(void)alarm(0);
	if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
		(void)fprintf(stderr, "%zu bytes, %u refused, %u taken\n", sound.n, refused, taken);
	assert_true(refused > mutations / 4);
	assert_true(taken > 0);
	free(sound.at);
	free(changed.at);
	search_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(goes_on_as_if_nothing_had_happened),
	        cmocka_unit_test(goes_on_in_large_systems),
	        cmocka_unit_test(belongs_to_one_system),
	        cmocka_unit_test(does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
