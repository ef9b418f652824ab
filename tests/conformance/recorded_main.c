/* SPDX-License-Identifier: MIT */
/*
 * recorded record FILE little|big SEED CASES: makes cases, and keeps them with what the emulated core makes of them.
 * recorded record FILE matrix SEED N: the same for one in N cells of the trap matrix.
 * recorded replay FILE...: the machine again, against what was kept. Status 1: it differs, 2: an error.
 * recorded judge FILE: the same for the trap matrix. Status 1: a cell is wrong, or a departure is not needed.
 *
 * So a machine that is wrong can be held against cases that it had no part in: those of its own making may be without what it cannot do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulated.h"
#include "generate.h"
#include "judge.h"
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

static int record_matrix(char **argv)
{
	static const char runner[] = RUNNERS "little.bin";
	struct batch b;
	struct error e;
	bool good;

	batch_init(&b, false, MATRIX_WINDOW_BYTES);
	good = matrix_make(&b, runner, MATRIX, strtoull(argv[4], NULL, 10),
	                   (unsigned)strtoul(argv[5], NULL, 10), &e) &&
	       batch_run(&b, emulated_command(), runner, &e) && batch_save(&b, argv[2], &e);
	if (!good)
		(void)printf("%s\n", e.text);
	batch_free(&b);
	return good ? 0 : 2;
}

static int judge_matrix(const char *file)
{
	struct judgement j;
	struct image *image = NULL;
	const char *stale;
	struct batch b;
	struct error e;
	int status = 1;

	if (!batch_load(&b, file, &e) || !(image = matrix_image(&b, &e))) {
		(void)printf("%s\n", e.text);
		batch_free(&b);
		return 2;
	}
	judge(&b, image, 0, b.n_cases, ALL_DEPARTURES, &j);
	stale = judge_stale(&j);
	if (j.wrong > 0) {
		(void)printf("%s\n", j.first);
	} else if (stale) {
		(void)printf("no cell needs this departure: %s\n", stale);
	} else {
		(void)printf("%zu cells: as foretold\n", j.cells);
		status = 0;
	}
	image_free(image);
	batch_free(&b);
	return status;
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
		return strcmp(argv[3], "matrix") == 0 ? record_matrix(argv) : record(argv);
	if (argc == 3 && strcmp(argv[1], "judge") == 0)
		return judge_matrix(argv[2]);
	if (argc < 3 || strcmp(argv[1], "replay") != 0)
		return 2;
	for (int i = 2; i < argc && status == 0; i++)
		status = replay(argv[i]);
	return status;
}
