/* SPDX-License-Identifier: MIT */
/* The parts that know nothing of ARM, against naive counterparts; poison's encoding; flags on hand-made code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/world/dictionary.h"
#include "model/world/liveness.h"
#include "model/world/map.h"
#include "model/world/poison.h"
#include "model/world/step_cache.h"
#include "model/world/tags.h"

static uint64_t next_random(uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return *random >> 33;
}

static void a_map_against_an_array(void **unused)
{
	enum { KEYS = 20000 };
	uint32_t *values = calloc(KEYS, sizeof(*values));
	struct map map = {0};
	uint64_t random = 7;
	uint32_t value;
	size_t used = 0;

	(void)unused;
	assert_false(map_get(&map, 1, &value));
	for (unsigned i = 0; i < 40000; i++) {
		uint32_t k = (uint32_t)(next_random(&random) % KEYS);
		uint64_t key = (uint64_t)(k + 1) << (k % 3 * 16); /* many equal low bits */

		if (values[k] == 0) {
			assert_false(map_get(&map, key, &value));
			values[k] = i + 1;
			assert_true(map_put(&map, key, i + 1));
			used++;
		}
		assert_true(map_get(&map, key, &value));
		assert_int_equal(value, values[k]);
	}
	assert_int_equal(map.used, used);
	assert_true(map.size >= 2 * used - 2);
	assert_true(map_memory(&map) >= map.size * sizeof(uint64_t));
	for (uint32_t k = 0; k < KEYS; k++) {
		assert_int_equal(map_get(&map, (uint64_t)(k + 1) << (k % 3 * 16), &value), values[k] != 0);
		if (values[k] != 0)
			assert_int_equal(value, values[k]);
	}
	map_free(&map);
	assert_int_equal(map.size, 0);
	free(values);
}

static void equal_contents_have_equal_numbers(void **unused)
{
	enum { MANY = 3000, LONGEST = 6 };
	uint32_t(*all)[LONGEST] = calloc(MANY, sizeof(*all));
	struct dictionary d = {0};
	uint64_t random = 3;

	(void)unused;
	for (unsigned i = 0; i < MANY; i++) {
		uint32_t words[LONGEST] = {0}, before = d.n, number, count,
		         n = (uint32_t)(next_random(&random) % (LONGEST + 1));
		const uint32_t *stored;

		for (unsigned k = 0; k < n; k++)
			words[k] = (uint32_t)(next_random(&random) % 3);
		number = dictionary_intern(&d, words, LONGEST);
		assert_true(number < d.n);
		assert_int_equal(dictionary_intern(&d, words, n), number); /* trailing zeros do not count */
		if (number == before)
			memcpy(all[number], words, sizeof(words));
		assert_memory_equal(all[number], words, sizeof(words));
		stored = dictionary_words(&d, number, &count);
		assert_true(count <= LONGEST);
		if (count > 0) {
			assert_memory_equal(stored, words, count * sizeof(*words));
			assert_int_not_equal(stored[count - 1], 0);
		}
		for (unsigned k = count; k < LONGEST; k++)
			assert_int_equal(words[k], 0);
	}
	for (uint32_t i = 0; i < d.n; i++) {
		for (uint32_t k = 0; k < i; k++)
			assert_int_not_equal(memcmp(all[i], all[k], sizeof(all[i])), 0);
	}
	assert_true(dictionary_memory(&d) > 0);
	dictionary_free(&d);
	assert_int_equal(d.n, 0);
	free(all);
}

static void what_a_write_makes_old(void **unused)
{
	const uint32_t words[] = {
	        tag(1, 0, 0), 5, tag(2, 0, 0), tag(1, TAG_FPSCR, 0), tag(1, 3, 1) | TAG_STALE, 0, 0};
	uint32_t expected[] = {words[0] | TAG_STALE, 5, words[2], words[3] | TAG_STALE, words[4]}, count;
	struct dictionary d = {0};
	uint32_t number = dictionary_intern(&d, words, 7), stale;

	(void)unused;
	stale = dictionary_stale(&d, number, 1);
	assert_int_not_equal(stale, number);
	assert_memory_equal(dictionary_words(&d, stale, &count), expected, sizeof(expected));
	assert_int_equal(count, 5);
	assert_int_equal(dictionary_stale(&d, number, 1), stale); /* remembered */
	assert_int_equal(dictionary_stale(&d, stale, 1), stale);  /* nothing is left to age */
	assert_int_equal(dictionary_stale(&d, number, 3), number);
	assert_int_equal(dictionary_stale(&d, dictionary_stale(&d, number, 2), 1),
	                 dictionary_stale(&d, dictionary_stale(&d, number, 1), 2));
	dictionary_free(&d);
}

static void tags_say_whose_they_are(void **unused)
{
	(void)unused;
	for (unsigned owner = 0; owner < 64; owner++) {
		for (unsigned reg = 0; reg <= TAG_FPSCR; reg++) {
			for (unsigned half = 0; half < 2; half++) {
				uint32_t t = tag(owner, reg, half);

				assert_true(is_tag(t) && is_tag(t | TAG_STALE));
				assert_false(is_poison(t) || is_poison(t | TAG_STALE));
				assert_int_equal(tag_owner(t), owner);
				assert_int_equal(tag_owner(t | TAG_STALE), owner);
				assert_false(tag_stale(t));
				assert_true(tag_stale(t | TAG_STALE));
				if (reg > 0)
					assert_int_not_equal(t, tag(owner, reg - 1, half));
			}
			assert_int_not_equal(tag(owner, reg, 0), tag(owner, reg, 1));
		}
	}
	assert_false(is_tag(0) || is_tag(UINT32_MAX) || is_tag(0x40010000));
}

/* Every guess has a name of its own. */
static void guesses_do_not_collide(void **unused)
{
	uint8_t *taken = calloc(LEARNT_GUESSES, 1);

	(void)unused;
	for (uint32_t insn = 0; insn < LEARNT_GUESSES / 2 / 16; insn++) {
		for (unsigned reg = 0; reg < 15; reg++) {
			uint32_t p = poison_register(insn, reg);

			assert_true(is_poison(p));
			assert_int_equal(taken[poison_guess(p)]++, 0);
		}
	}
	for (unsigned class = 0; class < SLOT_CLASSES; class ++) {
		for (uint32_t offset = 0; offset < 1024; offset++) {
			for (unsigned phase = 0; phase < 2; phase++) {
				uint32_t p = poison_memory((enum slot_class) class, offset, phase);

				assert_true(is_poison(p));
				assert_int_equal(taken[poison_guess(p)]++, 0);
			}
		}
	}
	assert_true(is_poison(POISON_ANONYMOUS));
	assert_int_equal(taken[poison_guess(POISON_ANONYMOUS)], 0);
	free(taken);
}

static void steps_are_remembered(void **unused)
{
	struct step_cache c;
	const struct slot_write writes[] = {{3, 30}, {4, 40}};
	struct leaf leaf = {.violated = 5, .wrote = -1, .n_writes = 2};

	(void)unused;
	assert_true(step_cache_init(&c));
	assert_int_equal(step_cache_next(&c, STEP_CACHE_ROOT, 0), STEP_CACHE_NONE);
	for (uint32_t i = 0; i < 3000; i++) {
		uint32_t node = step_cache_extend(&c, STEP_CACHE_ROOT, i), index;

		assert_int_not_equal(node, STEP_CACHE_NONE);
		assert_int_equal(step_cache_extend(&c, STEP_CACHE_ROOT, i), node);
		assert_int_equal(step_cache_next(&c, STEP_CACHE_ROOT, i), node);
		assert_int_equal(step_cache_next(&c, node, i), STEP_CACHE_NONE);
		leaf.violated = i;
		index = step_cache_leaf(&c, &leaf, writes);
		assert_int_equal(index, i);
		assert_true(step_cache_define(&c, node, NODE_LEAF, index));
	}
	assert_true(step_cache_define(&c, STEP_CACHE_ROOT, NODE_READ, 7));
	for (uint32_t i = 0; i < 3000; i++) {
		/* As walks see it, in a row or not. */
		struct branch b = step_cache_walk(&c, step_cache_branch(&c, STEP_CACHE_ROOT), i);
		uint32_t node = step_cache_next(&c, STEP_CACHE_ROOT, i);

		assert_int_equal(b.node, node);
		assert_int_equal(branch_kind(b), NODE_LEAF);
		assert_int_equal(branch_what(b), i);
		assert_int_equal(c.writes[b.first].number, i);
		assert_int_equal(c.writes[b.first].slot, 2 | (i == 0 ? 0 : LEAF_IS_MORE));
		assert_int_equal(c.leaves[i].violated, i);
		assert_int_equal(c.leaves[i].writes, b.first + 1);
		assert_int_equal(c.writes[b.first + 2].number, 40);
	}
	assert_int_equal(branch_kind(step_cache_walk(&c, step_cache_branch(&c, STEP_CACHE_ROOT), 3000)),
	                 NODE_UNKNOWN);
	assert_false(step_cache_define(&c, STEP_CACHE_ROOT, NODE_READ, UINT32_MAX));
	assert_true(step_cache_memory(&c) > 3000 * sizeof(leaf));
	step_cache_free(&c);
}

/* An image of these instructions. */
static uint32_t *live_registers(struct insn *insns, uint32_t n)
{
	const struct image image = {.code_start = 0x1000, .code_end = 0x1000 + 4 * n, .insns = insns};
	uint32_t *result = liveness(&image);

	assert_non_null(result);
	return result;
}

/* The flags: bits 31 to 28 of CPSR, as bits 3 to 0. */
enum { FLAG_V = 1, FLAG_C = 2, FLAG_Z = 4, FLAG_N = 8 };

static uint8_t *live(struct insn *insns, uint32_t n)
{
	uint32_t *all = live_registers(insns, n);
	uint8_t *flags = calloc(n, sizeof(*flags));

	assert_non_null(flags);
	for (uint32_t i = 0; flags && i < n; i++)
		flags[i] = (uint8_t)(all[i] >> 28);
	free(all);
	return flags;
}

#define REG(n) (1u << (n))

static void registers_live_and_dead(void **unused)
{
	/* 0: sets r0; 1: calls 4; 2: reads r5; 3: loops; 4: reads r0, sets r1; 5: reads SPSR; 6: returns */
	struct insn code[] = {
	        {.defs = REG(0), .cond = 14},
	        {.flow = FLOW_CALL, .defs = REG(14), .cond = 14, .target = 0x1010},
	        {.uses = REG(5), .cond = 14},
	        {.flow = FLOW_BRANCH, .cond = 14, .target = 0x100c},
	        {.uses = REG(0), .defs = REG(1), .cond = 14},
	        {.touch = TOUCH_PSR, .cond = 14},
	        {.flow = FLOW_RETURN, .uses = REG(14), .cond = 14},
	};
	uint32_t *l = live_registers(code, 7);

	(void)unused;
	assert_int_equal(l[3], 0);
	assert_int_equal(l[2], REG(5));
	assert_int_equal(l[6], REG(14) | REG(5));           /* live behind the call */
	assert_int_equal(l[5], REG(13) | REG(14) | REG(5)); /* perhaps another mode's SP */
	assert_int_equal(l[4], REG(0) | REG(13) | REG(14) | REG(5));
	assert_int_equal(l[1], REG(0) | REG(13) | REG(5)); /* the call sets LR */
	assert_int_equal(l[0], REG(13) | REG(5));
	free(l);
}

#define SETS                                                                                                 \
	{                                                                                                    \
		.defs = INSN_FLAGS, .cond = 14                                                               \
	}
#define PLAIN                                                                                                \
	{                                                                                                    \
		.cond = 14                                                                                   \
	}
#define BRANCH(number)                                                                                       \
	{                                                                                                    \
		.flow = FLOW_BRANCH, .cond = 14, .target = 0x1000 + 4 * (number)                             \
	}
#define BRANCH_IF(number)                                                                                    \
	{                                                                                                    \
		.flow = FLOW_BRANCH, .uses = INSN_FLAGS, .target = 0x1000 + 4 * (number)                     \
	}
#define USES                                                                                                 \
	{                                                                                                    \
		.uses = INSN_FLAGS                                                                           \
	}
#define CALL(number)                                                                                         \
	{                                                                                                    \
		.flow = FLOW_CALL, .cond = 14, .target = 0x1000 + 4 * (number)                               \
	}
#define RETURN                                                                                               \
	{                                                                                                    \
		.flow = FLOW_RETURN, .cond = 14                                                              \
	}

static void flags_in_straight_code(void **unused)
{
	struct insn code[] = {PLAIN, SETS, PLAIN, USES, SETS, {.flow = FLOW_END, .cond = 14}};
	uint8_t *l = live(code, 6);

	(void)unused;
	assert_false(l[0] || l[1]);
	assert_true(l[2] && l[3]);
	assert_false(l[4]);
	assert_true(l[5]); /* who knows */
	free(l);
}

static void flags_over_a_loop(void **unused)
{
	/* 0: plain; 1: sets; 2: plain; 3: beq 2; 4: sets; 5: b 4 */
	struct insn code[] = {PLAIN, SETS, PLAIN, BRANCH_IF(2), SETS, BRANCH(4)};
	uint8_t *l = live(code, 6);

	(void)unused;
	assert_false(l[0] || l[1] || l[4] || l[5]);
	assert_true(l[2] && l[3]);
	free(l);
}

static void flags_over_a_call(void **unused)
{
	/* 0: bl 4; 1: beq 0; 2: sets; 3: b 2; 4: plain; 5: return: the flags go back to 1 */
	struct insn code[] = {CALL(4), BRANCH_IF(0), SETS, BRANCH(2), PLAIN, RETURN};
	/* The same with nobody looking behind the call. */
	struct insn dead[] = {CALL(4), SETS, SETS, BRANCH(2), PLAIN, RETURN};
	uint8_t *l = live(code, 6), *d = live(dead, 6);

	(void)unused;
	assert_true(l[0] && l[1] && l[4] && l[5]);
	assert_false(l[2] || l[3]);
	assert_false(d[0] || d[4] || d[5]);
	free(l);
	free(d);
}

static void flags_where_nothing_is_known(void **unused)
{
	static const enum insn_flow flows[] = {FLOW_INDIRECT, FLOW_INDIRECT_CALL, FLOW_EXCEPTION};

	(void)unused;
	for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
		struct insn code[] = {PLAIN, {.flow = (uint8_t)flows[i], .cond = 14}, SETS, BRANCH(2)};
		struct insn out[] = {PLAIN, BRANCH(1000)};
		uint8_t *l = live(code, 4), *o = live(out, 2);

		assert_true(l[0] && l[1]);
		assert_false(l[2]);
		assert_true(o[0]);
		free(l);
		free(o);
	}
}

static void flags_at_an_exception_return(void **unused)
{
	struct insn code[] = {PLAIN, {.flow = FLOW_EXCEPTION_RETURN, .cond = 14}};
	struct insn perhaps[] = {PLAIN, {.flow = FLOW_EXCEPTION_RETURN, .cond = 1}, USES};
	uint32_t *l = live_registers(code, 2), *p = live_registers(perhaps, 3);

	(void)unused;
	/* It brings flags of its own, and leads to where any register may be read. */
	assert_int_equal(l[0], 0x7fff);
	assert_true((p[0] & PSR_FLAGS) != 0);
	free(l);
	free(p);
}

/* Flags one by one: what a logical instruction leaves alone, and what a condition looks at. */
static void flags_one_by_one(void **unused)
{
	static const struct {
		uint32_t raw;
		unsigned leaves;
	} logical[] = {
	        {0xe3110102, FLAG_V},          /* tst r1, #0x80000000: rotated */
	        {0xe3110001, FLAG_V | FLAG_C}, /* tst r1, #1 */
	        {0xe1110002, FLAG_V | FLAG_C}, /* tst r1, r2 */
	        {0xe1b01002, FLAG_V | FLAG_C}, /* movs r1, r2 */
	        {0xe1b01082, 15},              /* movs r1, r2, lsl #1: not looked into */
	        {0x13110102, 15},              /* tstne: not certain */
	};
	static const struct {
		unsigned cond, looks_at;
	} branches[] = {
	        {0, FLAG_Z},           {1, FLAG_Z},           {2, FLAG_C},
	        {5, FLAG_N},           {7, FLAG_V},           {8, FLAG_C | FLAG_Z},
	        {10, FLAG_N | FLAG_V}, {11, FLAG_N | FLAG_V}, {13, FLAG_N | FLAG_V | FLAG_Z},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(logical) / sizeof(logical[0]); i++) {
		struct insn code[] = {{.raw = logical[i].raw, .uses = INSN_FLAGS, .cond = 14},
		                      {.flow = FLOW_END, .cond = 14}};
		uint8_t *l = live(code, 2);

		assert_int_equal(l[0], logical[i].leaves);
		free(l);
	}
	for (size_t i = 0; i < sizeof(branches) / sizeof(branches[0]); i++) {
		struct insn code[] = {{.raw = branches[i].cond << 28 | 0x0a000000,
		                       .uses = INSN_FLAGS,
		                       .cond = (uint8_t)branches[i].cond,
		                       .flow = FLOW_BRANCH,
		                       .target = 0x1004},
		                      SETS,
		                      BRANCH(1)};
		uint8_t *l = live(code, 3);

		assert_int_equal(l[0], branches[i].looks_at);
		free(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_map_against_an_array),
	        cmocka_unit_test(equal_contents_have_equal_numbers),
	        cmocka_unit_test(what_a_write_makes_old),
	        cmocka_unit_test(tags_say_whose_they_are),
	        cmocka_unit_test(guesses_do_not_collide),
	        cmocka_unit_test(steps_are_remembered),
	        cmocka_unit_test(registers_live_and_dead),
	        cmocka_unit_test(flags_in_straight_code),
	        cmocka_unit_test(flags_over_a_loop),
	        cmocka_unit_test(flags_over_a_call),
	        cmocka_unit_test(flags_where_nothing_is_known),
	        cmocka_unit_test(flags_at_an_exception_return),
	        cmocka_unit_test(flags_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
