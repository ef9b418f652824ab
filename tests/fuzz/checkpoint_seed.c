/* SPDX-License-Identifier: MIT */
/* Writes a checkpoint for the fuzzer to begin with: checkpoint_seed FILE. */
#include <stdio.h>

#include "checker/checkpoint_file.h"

int main(int argc, char **argv)
{
	struct checkpoint_writer *w;
	uint32_t words[300];
	struct error e = {0};
	int status = -1;

	for (uint32_t i = 0; i < 300; i++)
		words[i] = i / 7;
	w = argc == 2 ? checkpoint_create(argv[1], "--cpus=2\nvariant=v3 12ab\n", &e) : NULL;
	if (w && checkpoint_put(w, "head", words, sizeof(words), &e) == 0 &&
	    checkpoint_put(w, "states", words, 100, &e) == 0)
		status = checkpoint_commit(w, &e);
	else
		checkpoint_abandon(w);
	if (status)
		(void)fprintf(stderr, "checkpoint_seed: %s\n", e.text);
	return status ? 1 : 0;
}
