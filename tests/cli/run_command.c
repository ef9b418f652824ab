/* SPDX-License-Identifier: MIT */
#include "run_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text;
	long size;

	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	assert_true(size >= 0);
	rewind(f);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)size, f), size);
	text[size] = '\0';
	assert_int_equal(fclose(f), 0);
	return text;
}

struct outcome run_command_after(const char *before, const char *arguments)
{
	char *directory = make_directory(), out[64], err[64], command[4096];
	struct outcome outcome;
	int status;

	(void)snprintf(out, sizeof(out), "%s/out", directory);
	(void)snprintf(err, sizeof(err), "%s/err", directory);
	/* A redirection in the arguments comes last, and so wins. */
	(void)snprintf(command, sizeof(command), "exec >%s 2>%s; exec %s %s %s", out, err, before, LAZYSWITCH,
	               arguments);
	/* NOLINTNEXTLINE(cert-env33-c): redirections are part of what is tested */
	status = system(command);
	outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	outcome.out = read_file(out);
	outcome.err = read_file(err);
	remove_directory(directory);
	return outcome;
}

struct outcome run_command(const char *arguments)
{
	return run_command_after("", arguments);
}

struct outcome run_command_signalled(const char *arguments, const char *signal, const char *seconds)
{
	char before[64];

	(void)snprintf(before, sizeof(before), "timeout --preserve-status -s %s %s", signal, seconds);
	return run_command_after(before, arguments);
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->out);
	free(outcome->err);
}

char *make_directory(void)
{
	char *path = strdup("/tmp/lazyswitch-test-XXXXXX");

	assert_non_null(path);
	assert_non_null(mkdtemp(path));
	return path;
}

void remove_directory(char *path)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf %s", path);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	free(path);
}
