/* SPDX-License-Identifier: MIT */
/* The parts of the store, each against something simple. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checker/ancestry.h"
#include "checker/bitstate.h"
#include "checker/claims.h"
#include "checker/intern.h"
#include "checker/keyset.h"
#include "checker/queue.h"
#include "checker/team.h"
#include "checker/tree.h"

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* Interning by many threads at once: the same key, the same number, also after the table has grown. */

enum { KEYS = 30000, MEMBERS = 4 };

struct interning {
	struct intern in;
	uint64_t seed;
	int64_t numbers[MEMBERS][KEYS];
};

static struct intern_key key_number(const struct interning *x, unsigned i)
{
	uint64_t r = mix(x->seed + i / 3);

	return (struct intern_key){r & 0xffff, r >> 20 & 0xff};
}

static int64_t number_of(struct intern *in, struct intern_key key, bool guess)
{
	uint32_t tag = intern_tag(key);

	return intern_number(in, key, tag, guess ? intern_guess(in, tag) : UINT32_MAX);
}

static void intern_all(void *arg, unsigned member)
{
	struct interning *x = arg;

	for (unsigned i = 0; i < KEYS; i++)
		x->numbers[member][i] = number_of(&x->in, key_number(x, i), i % 2 != 0);
}

static void keys_have_one_number(void **unused)
{
	static struct interning x;
	struct team *team = team_new(MEMBERS, 7);

	(void)unused;
	assert_non_null(team);
	for (unsigned round = 0; round < 20; round++) {
		x.seed = round * 1000000;
		assert_true(intern_init(&x.in));
		while (x.in.capacity < 2 * KEYS)
			assert_true(intern_grow(&x.in));
		team_do(team, intern_all, &x);
		/* Numbers that were given out in vain must not come to life. */
		assert_true(intern_grow(&x.in));
		assert_true(intern_grow(&x.in));
		for (unsigned i = 0; i < KEYS; i++) {
			for (unsigned m = 0; m < MEMBERS; m++)
				assert_int_equal(x.numbers[m][i], x.numbers[0][i]);
			assert_int_equal(number_of(&x.in, key_number(&x, i), true), x.numbers[0][i]);
			assert_int_equal(x.in.keys[x.numbers[0][i]].a, key_number(&x, i).a);
			assert_int_equal(x.in.keys[x.numbers[0][i]].b, key_number(&x, i).b);
		}
		intern_free(&x.in);
	}
	team_free(team);
}

static void a_full_table_says_so(void **unused)
{
	struct intern in;
	uint64_t key = 0;

	(void)unused;
	assert_true(intern_init(&in));
	while (number_of(&in, (struct intern_key){mix(key) >> 1, key}, true) != INTERN_FULL)
		key++;
	assert_int_equal(key, in.capacity);
	assert_true(intern_crowded(&in));
	assert_true(intern_grow(&in));
	assert_int_equal(number_of(&in, (struct intern_key){mix(key) >> 1, key}, true), key);
	for (uint64_t i = 0; i < key; i++)
		assert_int_equal(number_of(&in, (struct intern_key){mix(i) >> 1, i}, false), i);
	intern_free(&in);
}

/* Roots of all widths that a set may have, and sets from nearly empty to as full as they get. */

struct collected {
	uint64_t *roots;
	size_t n;
};

static void collect(void *arg, uint64_t root)
{
	struct collected *c = arg;

	c->roots[c->n++] = root;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t random_root(uint64_t i, unsigned left, unsigned right)
{
	uint64_t r = mix(i);

	if (right == 0)
		return r >> (64 - left);
	return r >> (64 - left) << 32 | (mix(r) >> (64 - right));
}

static bool contains(const struct keyset *set, uint64_t root)
{
	uint64_t fetched = keyset_fetch(set, root);
	unsigned missing;

	return keyset_missing(set, &root, &fetched, 1, &missing) == 0;
}

static void set_gives_back_what_it_holds(unsigned left, unsigned right, unsigned bucket_bits)
{
	struct keyset set = keyset_shape(bucket_bits, left, right);
	uint64_t room = keyset_room(&set), n = 0;
	uint64_t *roots = calloc(room + 1, sizeof(*roots)), *found = calloc(room + 1, sizeof(*found));
	struct collected c = {.roots = found};

	assert_non_null(roots);
	assert_non_null(found);
	assert_true(keyset_allocate(&set));
	for (uint64_t i = 0; i < 3 * room; i++) {
		uint64_t root = random_root(i + left * 1000 + right, left, right);
		bool known = contains(&set, root);

		assert_true(keyset_fits(&set, root));
		if (known)
			continue;
		if (!keyset_add(&set, root))
			break;
		assert_true(contains(&set, root));
		roots[n++] = root;
	}
	/* Nearly everything finds a place, or else there are no other roots. */
	if (left + right > bucket_bits + 10)
		assert_true(n > room / 3 * 2);
	keyset_each(&set, 0, UINT64_C(1) << bucket_bits, collect, &c);
	assert_int_equal(c.n, n);
	qsort(roots, n, sizeof(*roots), compare);
	qsort(found, n, sizeof(*found), compare);
	assert_memory_equal(roots, found, n * sizeof(*roots));
	free(roots);
	free(found);
	keyset_free(&set);
}

static void sets_give_back_what_they_hold(void **unused)
{
	(void)unused;
	for (unsigned bucket_bits = KEYSET_BUCKET_BITS_MIN; bucket_bits <= 10; bucket_bits += 3) {
		for (unsigned left = 1; left <= 32; left += left < 8 ? 1 : 6) {
			for (unsigned right = 1; right <= 32; right += left < 8 ? 31 : 7)
				set_gives_back_what_it_holds(left, right, bucket_bits);
			set_gives_back_what_it_holds(left, 32, bucket_bits);
		}
		for (unsigned left = 1; left <= 63; left += 1)
			set_gives_back_what_it_holds(left, 0, bucket_bits);
	}
}

static void other_widths_do_not_fit(void **unused)
{
	struct keyset set = keyset_shape(4, 5, 7), wide = keyset_shape(4, 32, 32),
	              lane = keyset_shape(4, 9, 0);

	(void)unused;
	assert_true(keyset_fits(&set, UINT64_C(31) << 32 | 127));
	assert_false(keyset_fits(&set, UINT64_C(32) << 32));
	assert_false(keyset_fits(&set, 128));
	assert_true(keyset_fits(&wide, UINT64_MAX));
	assert_true(keyset_fits(&lane, 511));
	assert_false(keyset_fits(&lane, 512));
}

struct adding {
	struct keyset set;
	struct bitstate bits;
	struct claims claims;
};

enum { ADDED = 20000 };

static void add_some(void *arg, unsigned member)
{
	struct adding *x = arg;

	for (uint32_t i = member; i < ADDED; i += MEMBERS) {
		const uint32_t state[] = {i, i * 7};

		assert_true(keyset_add(&x->set, random_root(i, 30, 30)));
		bitstate_add(&x->bits, bitstate_key(state, 2));
	}
	/* All claim the same. */
	for (uint32_t i = 0; i < ADDED; i++)
		(void)claims_add(&x->claims, mix(i / 2), claim_make((i * 31 + member * 17) % 2000, member));
}

static void many_may_add_at_once(void **unused)
{
	struct team *team = team_new(MEMBERS, 3);

	(void)unused;
	for (unsigned round = 0; round < 10; round++) {
		struct adding x = {.set = keyset_shape(13, 30, 30)};
		uint32_t missed = 0;

		assert_true(keyset_allocate(&x.set));
		assert_true(bitstate_init(&x.bits, 1 << 20));
		assert_true(claims_init(&x.claims, 16));
		team_do(team, add_some, &x);
		for (uint32_t i = 0; i < ADDED; i++) {
			const uint32_t state[] = {i, i * 7}, other[] = {i, i * 7 + 1};

			assert_true(contains(&x.set, random_root(i, 30, 30)));
			assert_false(contains(&x.set, random_root(i + ADDED, 30, 30)));
			assert_true(bitstate_contains(&x.bits, bitstate_key(state, 2)));
			missed += bitstate_contains(&x.bits, bitstate_key(other, 2));
		}
		assert_true(missed < 20);
		for (uint32_t i = 0; i < ADDED; i += 2) {
			uint64_t least = CLAIM_NONE;
			int64_t slot;

			for (unsigned m = 0; m < MEMBERS; m++) {
				for (uint32_t k = i; k < i + 2; k++) {
					uint64_t claim = claim_make((k * 31 + m * 17) % 2000, m);

					least = claim < least ? claim : least;
				}
			}
			slot = claims_add(&x.claims, mix(i / 2), least);
			assert_true(slot >= 0);
			assert_int_equal(claims_winner(&x.claims, (uint32_t)slot), least);
			assert_int_equal(claims_add(&x.claims, mix(i / 2), CLAIM_NONE - 1), CLAIMS_LOST);
		}
		bitstate_clear(&x.bits);
		for (uint32_t i = 0; i < ADDED; i++) {
			const uint32_t state[] = {i, i * 7};

			assert_false(bitstate_contains(&x.bits, bitstate_key(state, 2)));
		}
		keyset_free(&x.set);
		bitstate_free(&x.bits);
		claims_free(&x.claims);
	}
	team_free(team);
}

/* How often a state that was not added is taken for one that was, is what it says. */
static void confusion_is_as_computed(void **unused)
{
	struct bitstate bits;
	double expected = 0;
	unsigned confused = 0;

	(void)unused;
	assert_true(bitstate_init(&bits, 1 << 16));
	for (uint32_t i = 0; i < 60000; i++)
		bitstate_add(&bits, bitstate_key(&i, 1));
	for (uint32_t i = 1000000; i < 1200000; i++) {
		expected += bitstate_confusion(&bits, bitstate_key(&i, 1));
		confused += bitstate_contains(&bits, bitstate_key(&i, 1));
	}
	assert_true(confused > 1000);
	assert_true(confused > 0.95 * expected && confused < 1.05 * expected);
	bitstate_free(&bits);
}

/* States come back from their roots, equal ones have equal roots, whatever they were derived from. */

static void random_state(uint32_t *state, size_t words, const uint32_t *greatest, uint64_t seed)
{
	for (size_t i = 0; i < words; i++)
		state[i] = greatest[i] == UINT32_MAX
		                   ? (uint32_t)mix(seed + i)
		                   : (uint32_t)(mix(seed / 5 + i) % ((uint64_t)greatest[i] + 1));
}

/* The words that differ, from the last on, and some that do not; each twice. */
static size_t differing(uint16_t *changed, const uint32_t *old, const uint32_t *state, size_t words)
{
	size_t n = 0;

	for (size_t i = words; i-- > 0;) {
		if (old[i] == state[i] && i % 5 != 0)
			continue;
		changed[n++] = (uint16_t)i;
		changed[n++] = (uint16_t)i;
	}
	return n;
}

static void trees_give_back_states(void **unused)
{
	enum { WORDS_MAX = 70, STATES = 500 };
	static uint64_t roots[STATES];

	(void)unused;
	for (size_t words = 1; words <= WORDS_MAX; words = words < 5 ? words + 1 : words * 2) {
		uint32_t greatest[WORDS_MAX], state[WORDS_MAX];
		uint16_t changed[2 * WORDS_MAX];
		size_t n_changed;
		struct tree tree;
		struct tree_cursor cursor, nowhere;
		struct tree_batch batch;

		for (size_t i = 0; i < words; i++)
			greatest[i] = i % 7 == 3 ? UINT32_MAX : (uint32_t)(mix(i) % 40);
		assert_true(tree_init(&tree, greatest, words));
		assert_true(tree_cursor_init(&cursor, &tree));
		assert_true(tree_cursor_init(&nowhere, &tree));
		assert_true(tree_batch_init(&batch, &tree));
		tree_go_nowhere(&tree, &cursor);
		tree_go_nowhere(&tree, &nowhere);
		for (unsigned round = 0; round < 2; round++) {
			for (unsigned s = 0; s < STATES; s++) {
				const struct tree_cursor *from =
				        round == 0 && s % 3 != 0 ? &cursor : &nowhere;

				random_state(state, words, greatest, s * 11);
				tree_batch_clear(&tree, &batch);
				n_changed =
				        s % 2 == 0 ? SIZE_MAX : differing(changed, from->state, state, words);
				assert_true(tree_batch_add(&tree, from, &batch, state,
				                           s % 2 == 0 ? NULL : changed, n_changed));
				while (!tree_batch_roots(&tree, &batch)) {
					assert_true(tree_growth(&tree) != 0);
					assert_true(tree_grow(&tree));
					tree_batch_clear(&tree, &batch);
					assert_true(tree_batch_add(&tree, &nowhere, &batch, state, NULL, 0));
				}
				if (round == 0)
					roots[s] = batch.roots[0];
				assert_int_equal(batch.roots[0], roots[s]);
				tree_go(&tree, &cursor, roots[s]);
				assert_memory_equal(cursor.state, state, words * sizeof(*state));
			}
		}
		/* A word that is too great is noticed. */
		for (size_t i = 0; i < words; i++) {
			if (greatest[i] == UINT32_MAX)
				continue;
			state[i] = 2 * greatest[i] + 2;
			changed[0] = (uint16_t)i;
			tree_batch_clear(&tree, &batch);
			while (tree_batch_add(&tree, &nowhere, &batch, state, NULL, 0)) {
				state[i] *= 2;
				tree_batch_clear(&tree, &batch);
			}
			assert_false(tree_batch_add(&tree, &nowhere, &batch, state, changed, 1));
			state[i] = 0;
		}
		tree_batch_free(&batch);
		tree_cursor_free(&nowhere);
		tree_cursor_free(&cursor);
		tree_free(&tree);
	}
}

static void parents_and_steps_come_back(void **unused)
{
	enum { STATES = 200000 };
	uint32_t *parent = calloc(STATES, sizeof(*parent)), *step = calloc(STATES, sizeof(*step));
	struct ancestry a = {0};
	uint32_t next = 1, known;

	(void)unused;
	assert_non_null(parent);
	assert_non_null(step);
	for (uint32_t p = 0; p < STATES; p++) {
		uint32_t children = (uint32_t)(mix(p) % 64 == 0 ? mix(p) >> 8 & 255
		                               : p == 0         ? 1
		                                                : mix(p) % 3);

		if (p + 1 == next && children == 0)
			children = 1; /* it goes on */
		if (children > STATES - next)
			children = STATES - next;
		assert_true(ancestry_reserve(&a, 1, children));
		ancestry_parent(&a, children);
		for (uint32_t i = 0; i < children; i++, next++) {
			parent[next] = p;
			step[next] =
			        (uint32_t)(mix(next) % 100 == 0 ? mix(next) >> 40 & 0xffff : mix(next) & 255);
			if (!ancestry_step(&a, next, step[next]))
				assert_true(ancestry_exception(&a, next, step[next]));
		}
	}
	assert_int_equal(next, STATES);
	assert_true(ancestry_sound(&a));
	for (uint32_t child = 1; child < STATES; child++) {
		assert_int_equal(ancestry_of(&a, child, &known), parent[child]);
		assert_int_equal(known, step[child]);
	}
	assert_true(ancestry_bytes(&a) < STATES * 2);
	ancestry_free(&a);
	free(parent);
	free(step);
}

static void the_queue_forgets_what_is_done(void **unused)
{
	enum { STATES = 100000 };
	struct queue queue = {0};
	size_t most = 0;

	(void)unused;
	for (uint64_t first = 0, end = 0; first < STATES; first += 700) {
		assert_true(queue_reserve(&queue, end + 1000));
		for (uint64_t i = end; i < end + 1000; i++)
			*queue_at(&queue, i) = i * 3;
		end += 1000;
		for (uint64_t i = first; i < first + 700; i++)
			assert_int_equal(*queue_at(&queue, i), i * 3);
		queue_forget(&queue, first + 700);
		assert_int_equal(*queue_at(&queue, end - 1), (end - 1) * 3);
		most = queue_bytes(&queue);
	}
	assert_true(most < STATES * sizeof(uint64_t) / 2);
	queue_free(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(keys_have_one_number),
	        cmocka_unit_test(a_full_table_says_so),
	        cmocka_unit_test(sets_give_back_what_they_hold),
	        cmocka_unit_test(other_widths_do_not_fit),
	        cmocka_unit_test(many_may_add_at_once),
	        cmocka_unit_test(confusion_is_as_computed),
	        cmocka_unit_test(trees_give_back_states),
	        cmocka_unit_test(parents_and_steps_come_back),
	        cmocka_unit_test(the_queue_forgets_what_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
