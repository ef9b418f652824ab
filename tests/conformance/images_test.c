/* SPDX-License-Identifier: MIT */
/*
 * The images that ship, on the machine and on the emulated board: random walks, of which both must agree in every register wherever a core
 * stops, and in all memory in the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "emulated.h"
#include "model/images/images.h"
#include "sim/random.h"
#include "traces/board/judge.h"
#include "traces/board/program.h"

enum { STEPS = 250 };

static struct totals {
	size_t images, stops, states, steps;
} totals;

/* Anything may happen, but for what the emulated core cannot do: late effects of writes to trap registers. */
static unsigned draw(void *arg, struct machine *m, enum world_question question, const uint32_t *meanings,
                     unsigned alternatives)
{
	(void)m;
	(void)meanings;
	return question == QUESTION_UNSYNCED ? 0 : (unsigned)random_below(arg, alternatives);
}

/* Walks from boot. Returns how many steps were made, or SIZE_MAX if the walk must begin again: it has learnt where steps end. */
static size_t walk_once(struct machine *m, uint64_t seed, struct learnt *learnt, struct model_label *labels)
{
	const struct model_label nothing = {0};
	uint64_t random = random_stream(seed, 0);
	struct error e;
	size_t n = 0;

	assert_int_equal(machine_boot(m, &e), 0);
	m->learnt = learnt;
	m->choose = draw;
	m->choose_arg = &random;
	for (unsigned tries = 0; n < STEPS && tries < 10 * STEPS; tries++) {
		learnt->refined = false;
		if (machine_step(m, &nothing, &e))
			fail_msg("%s", e.text);
		if (learnt->refined)
			return SIZE_MAX;
		if (m->disabled)
			continue;
		machine_label(m, &labels[n++]);
		if (m->ended)
			break;
	}
	return n;
}

static size_t walk(const struct world *world, uint64_t seed, struct learnt *learnt,
                   struct model_label *labels)
{
	size_t n;

	do {
		struct machine *m = machine_new(world);

		assert_non_null(m);
		n = walk_once(m, seed, learnt, labels);
		machine_free(m);
	} while (n == SIZE_MAX);
	return n;
}

/* Up to the first step that the emulated board cannot make. */
static struct board_schedule *schedule(const struct world *world, const struct learnt *learnt,
                                       const struct model_label *labels, size_t *n)
{
	struct board_schedule *s;
	struct error e;

	for (;;) {
		s = board_schedule_new(world, learnt, labels, *n, -1, &e);
		if (!s)
			fail_msg("%s", e.text);
		if (s->unable[0] == '\0')
			return s;
		*n = s->unable_at - 1;
		board_schedule_free(s);
	}
}

static void emulate(const struct board_schedule *s, struct board_judgement *j)
{
	char path[] = "/tmp/lazyswitch-board-XXXXXX";
	int fd = mkstemp(path);
	struct board_told told;
	struct error e;

	assert_true(fd >= 0);
	assert_int_equal(board_program_write(s, fd, path, &e), 0);
	assert_int_equal(close(fd), 0);
	if (board_emulate(s, emulated_command(), path, 20, &told, &e))
		fail_msg("%s", e.text);
	(void)unlink(path);
	assert_int_equal(board_judge(s, &told, j, &e), 0);
	free(told.bytes);
}

static void compare(const struct shipped_variant *v, bool big, bool uniprocessor, uint64_t seed)
{
	struct world_config config = world_config_default();
	struct learnt *learnt = calloc(1, sizeof(*learnt));
	struct model_label *labels = calloc(STEPS, sizeof(*labels));
	struct board_judgement j;
	struct board_schedule *s;
	struct world *world;
	struct image *image;
	struct error e;
	size_t n;

	assert_non_null(learnt);
	assert_non_null(labels);
	config.cpus = uniprocessor ? 1 : 2;
	config.vms = 1;
	config.threads = 1;
	config.env = ENV_ALL;
	config.uniprocessor = uniprocessor;
	image = shipped_image(v, big, uniprocessor, &e);
	assert_non_null(image);
	world = world_new(&config, image, &e);
	assert_non_null(world);
	n = walk(world, seed, learnt, labels);
	s = schedule(world, learnt, labels, &n);
	emulate(s, &j);
	if (j.differs[0] != '\0')
		fail_msg("%s, %s endian%s, seed %llu: %s", v->name, big ? "big" : "little",
		         uniprocessor ? ", UP" : "", (unsigned long long)seed, j.differs);
	assert_true(j.whole);
	totals.images++;
	totals.stops += j.turns;
	totals.states += j.states;
	totals.steps += n;
	board_judgement_free(&j);
	board_schedule_free(s);
	world_free(world);
	image_free(image);
	free(labels);
	free(learnt);
}

static void compare_all(const struct shipped_variant *all, size_t n, bool uniprocessor)
{
	for (size_t i = 0; i < n; i++) {
		compare(&all[i], false, uniprocessor, emulated_seed() + i);
		compare(&all[i], true, uniprocessor, emulated_seed() + i);
	}
}

static void test_shipped(void **state)
{
	size_t n;
	const struct shipped_variant *all = shipped_variants(&n);

	(void)state;
	compare_all(all, n, false);
	compare_all(all, n, true);
}

static void test_history(void **state)
{
	size_t n;
	const struct shipped_variant *all = history_variants(&n);

	(void)state;
	compare_all(all, n, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_shipped),
	        cmocka_unit_test(test_history),
	};
	int failures;

	emulated_or_skip();
	failures = cmocka_run_group_tests(tests, NULL, NULL);
	(void)printf("%zu images, %zu steps of their kernels: %zu stops on the board, %zu states compared\n",
	             totals.images, totals.steps, totals.stops, totals.states);
	return failures;
}
