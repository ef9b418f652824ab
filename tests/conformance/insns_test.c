/* SPDX-License-Identifier: MIT */
/*
 * Sequences of every form of instruction that the machine knows, in random states, on the machine and on the emulated core: all registers,
 * flags, banked registers and memory must be the same afterwards. What is kept out, and what differs by name, is in docs/explanation/fidelity.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "emulated.h"
#include "generate.h"
#include "replay.h"

enum { PROGRAMS = 5000, INSNS_MIN = 10 * PROGRAMS };

static void run(bool big_endian, uint64_t seed)
{
	const char *runner = big_endian ? RUNNERS "big.bin" : RUNNERS "little.bin";
	struct differences d = {0};
	struct generated g;
	struct error e = {""};
	struct batch b;

	batch_init(&b, big_endian, WINDOW_BYTES);
	if (!generate(&b, runner, PROGRAMS, seed, &g, &e) || !batch_run(&b, emulated_command(), runner, &e) ||
	    !replay_batch(&b, false, &d, &e))
		fail_msg("%s", e.text);
	(void)printf("%s endian, seed %llu: %zu cases, %zu instructions, %zu cases differ\n",
	             big_endian ? "big" : "little", (unsigned long long)seed, d.cases, d.insns, d.different);
	if (d.different > 0)
		fail_msg("%s", d.first);
	if (g.forms_never > 0)
		fail_msg("these forms were never executed:%s", g.never);
	assert_true(d.insns >= INSNS_MIN);
	batch_free(&b);
}

static void test_little_endian(void **state)
{
	(void)state;
	run(false, emulated_seed());
}

static void test_big_endian(void **state)
{
	(void)state;
	run(true, emulated_seed() + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_little_endian),
	        cmocka_unit_test(test_big_endian),
	};

	emulated_or_skip();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
