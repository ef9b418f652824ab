/* SPDX-License-Identifier: MIT */
/* Runs the lazyswitch command, the way a shell would. */
#ifndef LAZYSWITCH_TESTS_CLI_RUN_COMMAND_H
#define LAZYSWITCH_TESTS_CLI_RUN_COMMAND_H

#include <stddef.h>

struct outcome {
	int status; /* exit status, or 128 + signal */
	char *out, *err;
};

/* `arguments` as in a shell, behind the command's name: redirections work, too. To be released with
 * outcome_free(). */
struct outcome run_command(const char *arguments);
/* The same, with words in front of the command: "env X=Y". */
struct outcome run_command_after(const char *before, const char *arguments);
/* The same, ended by a signal ("INT") after so many seconds. */
struct outcome run_command_signalled(const char *arguments, const char *signal, const char *seconds);
void outcome_free(struct outcome *outcome);

/* A new directory for temporary files, removed with everything in it by remove_directory(). */
char *make_directory(void);
void remove_directory(char *path);

#endif
