/* SPDX-License-Identifier: MIT */
#include "emulated.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

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

bool emulated_is_there(void)
{
	const char *command = emulated_command();
	char *argv[] = {strdup(command), strdup("--version"), NULL};
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!argv[0] || !argv[1] || posix_spawnp(&pid, command, &actions, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		status = -1;
	(void)posix_spawn_file_actions_destroy(&actions);
	free(argv[0]);
	free(argv[1]);
	return status == 0;
}

void emulated_or_skip(void)
{
	if (emulated_is_there())
		return;
	(void)printf("skipped: there is no %s; install the package qemu-system-arm\n", emulated_command());
	exit(getenv("CI") ? EXIT_FAILURE
	                  : SKIPPED); /* CI installs it: what is skipped there would never be missed */
}
