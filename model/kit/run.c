/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* An honest compilation takes a tenth of a second and some 50 MiB. */
enum {
	CPU_SECONDS = 4,
	WALL_SECONDS = 8,
	FILE_BYTES = 64 << 20,
	ADDRESS_BYTES = 512 << 20,
	SHOWN_BYTES = 64 << 10,
	STATUS_MISSING = 127,
	STATUS_NO_EXEC = 126,
};

static void limit(__rlimit_resource_t resource, rlim_t value)
{
	struct rlimit l;

	if (getrlimit(resource, &l) != 0)
		return;
	if (l.rlim_max == RLIM_INFINITY || l.rlim_max > value)
		l.rlim_max = value;
	l.rlim_cur = l.rlim_max;
	(void)setrlimit(resource, &l);
}

/* Between fork() and exec(): only what a signal handler may do, too. */
static _Noreturn void child(const char *const *argv, char **environment, int output)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t mask;

	(void)setsid(); /* no terminal to ask questions on; and a process group to be killed as a whole */
	(void)dup2(null, 0);
	(void)dup2(output, 1);
	(void)dup2(output, 2);
	(void)sigemptyset(&mask);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_FSIZE, FILE_BYTES);
	limit(RLIMIT_AS, ADDRESS_BYTES);
	limit(RLIMIT_CORE, 0);
	environ = environment;
	(void)execvp(argv[0], (char *const *)(void *)argv);
	_exit(errno == ENOENT ? STATUS_MISSING : STATUS_NO_EXEC);
}

/* Our environment with another TMPDIR. The caller frees it; `setting` is borrowed. */
static char **environment_with(char *setting)
{
	size_t n = 0, m = 0;
	char **copy;

	while (environ[n])
		n++;
	copy = calloc(n + 2, sizeof(*copy));
	if (!copy)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (strncmp(environ[i], "TMPDIR=", 7) != 0)
			copy[m++] = environ[i];
	}
	copy[m] = setting;
	return copy;
}

/* What the program has printed so far, and where it goes. */
struct sink {
	const struct run_output *output;
	size_t kept, said;
	bool cut;
};

static void keep(struct sink *sink, const char *bytes, size_t n)
{
	const struct run_output *o = sink->output;

	if (n > o->size - 1 - sink->kept)
		n = o->size - 1 - sink->kept;
	memcpy(o->text + sink->kept, bytes, n);
	sink->kept += n;
	o->text[sink->kept] = '\0';
}

static void say(struct sink *sink, const char *bytes, size_t n)
{
	static const char rest[] = "\n[the rest of these messages is left out]\n";
	const struct run_output *o = sink->output;
	size_t fits = n < SHOWN_BYTES - sink->said ? n : SHOWN_BYTES - sink->said;

	if (fits > 0)
		o->say(o->say_arg, bytes, fits);
	sink->said += fits;
	if (fits < n && !sink->cut)
		o->say(o->say_arg, rest, sizeof(rest) - 1);
	sink->cut = fits < n;
}

static void take(struct sink *sink, const char *bytes, size_t n)
{
	keep(sink, bytes, n);
	if (sink->output->say)
		say(sink, bytes, n);
}

static bool expired(const struct timespec *start)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec >= WALL_SECONDS;
}

/* Until the program has closed its output, and then until it has ended. */
static enum run_result attend(pid_t pid, int fd, struct sink *sink, int *status)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	struct timespec start;
	bool open = true;
	char buf[4096];

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		if (open && poll(&p, 1, 50) > 0) {
			ssize_t n = read(fd, buf, sizeof(buf));

			if (n > 0)
				take(sink, buf, (size_t)n);
			else if (n == 0 || errno != EINTR)
				open = false;
		}
		if (!open && waitpid(pid, status, WNOHANG) == pid)
			return RUN_GOOD;
		if (!open)
			(void)nanosleep(&pause, NULL);
		if (!tree_interrupted() && !expired(&start))
			continue;
		(void)kill(-pid, SIGKILL); /* with what it has started */
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, status, 0);
		return tree_interrupted() ? RUN_INTERRUPTED : RUN_LIMIT;
	}
}

static enum run_result judge(enum run_result result, int status)
{
	if (result != RUN_GOOD)
		return result;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL ? RUN_LIMIT : RUN_FAILED;
	if (WEXITSTATUS(status) == STATUS_MISSING || WEXITSTATUS(status) == STATUS_NO_EXEC)
		return RUN_MISSING;
	return WEXITSTATUS(status) == 0 ? RUN_GOOD : RUN_FAILED;
}

enum run_result run(const struct tree *tree, const char *const *argv, const struct run_output *output)
{
	struct sink sink = {.output = output};
	char tmpdir[TREE_NAME];
	char **environment;
	enum run_result result;
	int fds[2], status = 0;
	pid_t pid;

	output->text[0] = '\0';
	(void)snprintf(tmpdir, sizeof(tmpdir), "TMPDIR=%s", tree->path);
	environment = environment_with(tmpdir);
	/* Not even another thread's fork may have them: who waits for the end of the output would wait for its program, too. */
	if (!environment || pipe2(fds, O_CLOEXEC) != 0) {
		free(environment);
		return RUN_IMPOSSIBLE;
	}
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		child(argv, environment, fds[1]);
	free(environment);
	(void)close(fds[1]);
	if (pid < 0) {
		(void)close(fds[0]);
		return RUN_IMPOSSIBLE;
	}
	result = attend(pid, fds[0], &sink, &status);
	(void)close(fds[0]);
	return judge(result, status);
}
