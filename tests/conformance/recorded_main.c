/* SPDX-License-Identifier: MIT */
/*
 * recorded record FILE little|big SEED CASES: makes cases, and keeps them with what the emulated core makes of them.
 * recorded replay FILE...: the machine again, against what was kept. Status 1: it differs, 2: an error.
 *
 * So a machine that is wrong can be held against cases that it had no part in: those of its own making may be without what it cannot do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulated.h"
#include "generate.h"
#include "recorded.h"
#include "replay.h"

static int record(char **argv)
{
	bool big_endian = strcmp(argv[3], "big") == 0;
	const char *runner = big_endian ? RUNNERS "big.bin" : RUNNERS "little.bin";
	struct generated g;
	struct batch b;
	struct error e;
	bool good;

	batch_init(&b, big_endian, WINDOW_BYTES);
	good = generate(&b, runner, strtoull(argv[5], NULL, 10), strtoull(argv[4], NULL, 10), &g, &e) &&
	       batch_run(&b, emulated_command(), runner, &e) && batch_save(&b, argv[2], &e);
	if (!good)
		(void)printf("%s\n", e.text);
	batch_free(&b);
	return good ? 0 : 2;
}

static int replay(const char *file)
{
	struct differences d = {0};
	struct batch b;
	struct error e;
	int status = 2;

	if (!batch_load(&b, file, &e) || !replay_batch(&b, true, &d, &e))
		(void)printf("%s\n", e.text);
	else if (d.different > 0)
		(void)printf("%s\n", d.first);
	else
		(void)printf("%zu cases, %zu instructions: no difference\n", d.cases, d.insns);
	if (d.cases > 0)
		status = d.different > 0;
	batch_free(&b);
	return status;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc == 6 && strcmp(argv[1], "record") == 0)
		return record(argv);
	if (argc < 3 || strcmp(argv[1], "replay") != 0)
		return 2;
	for (int i = 2; i < argc && status == 0; i++)
		status = replay(argv[i]);
	return status;
}
