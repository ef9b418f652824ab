/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static char *read_all(int fd)
{
	char *text = NULL, block[4096];
	size_t size;
	FILE *to = open_memstream(&text, &size);
	ssize_t n;

	if (!to)
		return NULL;
	while ((n = read(fd, block, sizeof(block))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			(void)fwrite(block, 1, (size_t)n, to);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

int process_run(const char *command, struct outcome *o, struct error *e)
{
	double began = now();
	struct rusage usage;
	int fds[2], status;
	pid_t child;

	if (pipe(fds) != 0)
		return error_set(e, "pipe: %s", strerror(errno));
	child = fork();
	if (child < 0) {
		(void)close(fds[0]);
		(void)close(fds[1]);
		return error_set(e, "fork: %s", strerror(errno));
	}
	if (child == 0) {
		(void)dup2(fds[1], STDOUT_FILENO);
		(void)dup2(fds[1], STDERR_FILENO);
		(void)close(fds[0]);
		(void)close(fds[1]);
		(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	(void)close(fds[1]);
	o->output = read_all(fds[0]);
	(void)close(fds[0]);
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return error_set(e, "wait: %s", strerror(errno));
	o->seconds = now() - began;
	o->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	o->peak = (uint64_t)usage.ru_maxrss << 10;
	return o->output ? 0 : error_set(e, "out of memory");
}
