/* SPDX-License-Identifier: MIT */
/* The store by itself: numbers, parents, growth, limits, accounts. */
#include "checker/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void numbers_are_dense_and_parents_kept(void **unused)
{
	struct store *store = store_new(3);
	uint32_t id, back[3];

	(void)unused;
	for (uint32_t i = 0; i < 5000; i++) {
		uint32_t vector[3] = {7, i, 7};

		assert_int_equal(store_find_or_add(store, vector, i / 2, &id), STORE_ADDED);
		assert_int_equal(id, i);
		assert_int_equal(store_find_or_add(store, vector, 99, &id), STORE_FOUND);
		assert_int_equal(id, i);
	}
	assert_int_equal(store_count(store), 5000);
	for (uint32_t i = 0; i < 5000; i++) {
		uint32_t vector[3] = {7, i, 7};

		assert_int_equal(store_find_or_add(store, vector, 99, &id), STORE_FOUND);
		assert_int_equal(id, i);
		store_read(store, i, back);
		assert_memory_equal(back, vector, sizeof(vector));
		assert_int_equal(store_parent(store, i), i / 2);
	}
	store_free(store);
}

/* Words of any size, in any order: narrow chunks, wide ones, and such as become wider. */
static void words_of_any_size(void **unused)
{
	enum { STATES = 300000 };
	struct store *store = store_new(3);
	uint32_t id, back[3];

	(void)unused;
	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < STATES; i++) {
			uint32_t vector[3] = {i & 255, i >> 8 & 255, i >> 16};

			if (i >= 90000)
				vector[0] = i & 65535;
			if (i >= 200000)
				vector[1] = i * 2654435761u;
			assert_int_equal(store_find_or_add(store, vector, i / 3, &id),
			                 pass == 0 ? STORE_ADDED : STORE_FOUND);
			assert_int_equal(id, i);
			store_read(store, i, back);
			assert_memory_equal(back, vector, sizeof(vector));
			assert_int_equal(store_parent(store, i), i / 3);
		}
	}
	store_free(store);
}

/*
 * The table tells states apart by 32 bits of hash before it compares vectors.
 * Among 2^20 states about 2^40 / 2 / 2^32 = 128 pairs agree in all 32, so this
 * fails if the vectors themselves are not compared.
 */
static void equal_tags_are_not_equal_states(void **unused)
{
	struct store *store = store_new(2);
	uint32_t id;

	(void)unused;
	for (uint32_t i = 0; i < 1u << 20; i++) {
		uint32_t vector[2] = {i, ~i};

		assert_int_equal(store_find_or_add(store, vector, 0, &id), STORE_ADDED);
	}
	for (uint32_t i = 0; i < 1u << 20; i++) {
		uint32_t vector[2] = {i, ~i};

		assert_int_equal(store_find_or_add(store, vector, 0, &id), STORE_FOUND);
		assert_int_equal(id, i);
	}
	store_free(store);
}

/* A record may be larger than a chunk is meant to be. */
static void wide_vectors(void **unused)
{
	enum { WORDS = 100000 };
	struct store *store = store_new(WORDS);
	uint32_t *vector = calloc(WORDS, sizeof(*vector));
	uint32_t id;

	(void)unused;
	assert_non_null(vector);
	for (uint32_t i = 0; i < 20; i++) {
		vector[WORDS - 1] = i;
		assert_int_equal(store_find_or_add(store, vector, i, &id), STORE_ADDED);
	}
	for (uint32_t i = 0; i < 20; i++) {
		store_read(store, i, vector);
		assert_int_equal(vector[WORDS - 1], i);
		assert_int_equal(store_parent(store, i), i);
	}
	free(vector);
	store_free(store);
}

static void limits_stop_additions_only(void **unused)
{
	struct store *store = store_new(1);
	uint32_t vector = 0, id;

	(void)unused;
	store_limit(store, 2, SIZE_MAX);
	assert_int_equal(store_find_or_add(store, &vector, 0, &id), STORE_ADDED);
	vector = 1;
	assert_int_equal(store_find_or_add(store, &vector, 0, &id), STORE_ADDED);
	vector = 2;
	assert_int_equal(store_find_or_add(store, &vector, 0, &id), STORE_STATE_LIMIT);
	vector = 1;
	assert_int_equal(store_find_or_add(store, &vector, 0, &id), STORE_FOUND);
	assert_int_equal(id, 1);
	assert_int_equal(store_count(store), 2);

	/* Lower than what is in use: what is there stays, and what fits in it is still added. */
	store_limit(store, UINT64_MAX, 1);
	for (vector = 2; store_find_or_add(store, &vector, 0, &id) == STORE_ADDED; vector++)
		;
	assert_int_equal(store_find_or_add(store, &vector, 0, &id), STORE_MEMORY_LIMIT);
	assert_int_equal(store_count(store), vector);
	/* And it goes on when the limit is raised. */
	store_limit(store, UINT64_MAX, SIZE_MAX);
	assert_int_equal(store_find_or_add(store, &vector, 0, &id), STORE_ADDED);
	assert_int_equal(id, vector);
	store_free(store);
}

static void never_exceeds_the_memory_limit(void **unused)
{
	enum { LIMIT = 3 * 1000 * 1000 };
	struct store *store = store_new(4);
	enum store_status status;
	uint32_t id, i = 0;

	(void)unused;
	store_limit(store, UINT64_MAX, LIMIT);
	do {
		uint32_t vector[4] = {i++, 1, 2, 3};

		status = store_find_or_add(store, vector, 0, &id);
		assert_true(store_bytes(store) <= LIMIT);
		assert_true(store_bytes(store) <= store_bytes_peak(store));
	} while (status == STORE_ADDED);
	assert_int_equal(status, STORE_MEMORY_LIMIT);
	assert_true(store_bytes_peak(store) <= LIMIT);
	/* Most of it was put to use: 20 bytes a record, and at least half a table of 8 bytes. */
	assert_true(store_count(store) * 20 > LIMIT / 3);
	store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(numbers_are_dense_and_parents_kept),
	        cmocka_unit_test(words_of_any_size),
	        cmocka_unit_test(equal_tags_are_not_equal_states),
	        cmocka_unit_test(wide_vectors),
	        cmocka_unit_test(limits_stop_additions_only),
	        cmocka_unit_test(never_exceeds_the_memory_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
