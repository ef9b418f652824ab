/* SPDX-License-Identifier: MIT */
#include "emulated.h"

#include <stdio.h>
#include <stdlib.h>

enum { SKIPPED = 77 };

const char *emulated_command(void)
{
	const char *command = getenv("CONFORMANCE_QEMU");

	return command ? command : "qemu-system-arm";
}

uint64_t emulated_seed(void)
{
	const char *seed = getenv("CONFORMANCE_SEED");

	return seed ? strtoull(seed, NULL, 10) : 1;
}

void emulated_or_skip(void)
{
	char command[256];

	(void)snprintf(command, sizeof(command), "command -v '%s' >/dev/null", emulated_command());
	if (system(command) ==
	    0) /* NOLINT(cert-env33-c): the shell looks it up as it looks up the command itself */
		return;
	(void)printf("skipped: there is no %s; install the package qemu-system-arm\n", emulated_command());
	exit(SKIPPED);
}
