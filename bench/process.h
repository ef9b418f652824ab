/* SPDX-License-Identifier: MIT */
/* A command of the shell, run to its end. */
#ifndef LAZYSWITCH_BENCH_PROCESS_H
#define LAZYSWITCH_BENCH_PROCESS_H

#include <stdint.h>

#include "model/error.h"

struct outcome {
	int status;   /* exit status, or 128 + signal */
	char *output; /* stdout and stderr; the caller frees it */
	double seconds;
	uint64_t peak; /* largest resident set of the process and its descendants, bytes */
};

/* Returns 0, or -1 with `e` filled in when it could not even be started. */
int process_run(const char *command, struct outcome *outcome, struct error *e);

#endif
