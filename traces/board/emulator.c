/* SPDX-License-Identifier: MIT */
#include "emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

size_t board_told_size(const struct board_schedule *s)
{
	size_t n = s->n_turns * STATE_WORDS * 4 + (size_t)s->world->ram_words * 4;

	for (size_t i = 0; i < s->n_turns; i++)
		n += s->turns[i].dump_bytes;
	return n;
}

static int start(char *const argv[], int *from, pid_t *pid, struct error *e)
{
	posix_spawn_file_actions_t actions;
	int fds[2], status;

	*pid = 0;
	if (pipe(fds) != 0)
		return error_set(e, "no pipe for %s: %s", argv[0], strerror(errno));
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	(void)posix_spawn_file_actions_addclose(&actions, fds[0]);
	(void)posix_spawn_file_actions_addclose(&actions, fds[1]);
	status = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(fds[1]);
	*from = fds[0];
	if (status == 0)
		return 0;
	(void)close(fds[0]);
	return error_set(e,
	                 "%s cannot be started: %s; install qemu-system-arm, or name the program with --qemu",
	                 argv[0], strerror(status));
}

/* Until all is told, or nothing comes for so long: true; or the other end is closed: false. */
static bool listen_to(int from, size_t size, unsigned seconds, struct board_told *told)
{
	struct pollfd p = {.fd = from, .events = POLLIN};

	while (told->n < size) {
		int ready = poll(&p, 1, (int)seconds * 1000);
		ssize_t n;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return true;
		n = read(from, told->bytes + told->n, size - told->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		told->n += (size_t)n;
	}
	return true;
}

/* Commas separate the properties of a device: in a name they are doubled. */
static void name_file(char *device, size_t size, const char *program)
{
	size_t n = (size_t)snprintf(device, size, "loader,cpu-num=0,file=");

	for (; *program != '\0' && n + 2 < size; program++) {
		if (*program == ',')
			device[n++] = ',';
		device[n++] = *program;
	}
	device[n] = '\0';
}

int board_emulate(const struct board_schedule *s, const char *emulator, const char *program, unsigned seconds,
                  struct board_told *told, struct error *e)
{
	char cores[16], device[4352], command[4096];
	char *argv[] = {command,
	                "-M",
	                "virt,virtualization=on",
	                "-cpu",
	                "cortex-a15",
	                "-smp",
	                cores,
	                "-m",
	                "256",
	                "-accel",
	                "tcg,thread=single",
	                "-nodefaults",
	                "-display",
	                "none",
	                "-semihosting-config",
	                "enable=on,target=native",
	                "-device",
	                device,
	                NULL};
	int from = -1, status = 0;
	pid_t pid = 0;

	(void)snprintf(command, sizeof(command), "%s", emulator);
	(void)snprintf(cores, sizeof(cores), "%u", s->world->config.cpus);
	name_file(device, sizeof(device), program);
	*told = (struct board_told){.bytes = malloc(board_told_size(s) + 1)};
	if (!told->bytes)
		return error_set(e, "out of memory");
	if (start(argv, &from, &pid, e)) {
		free(told->bytes);
		told->bytes = NULL;
		return -1;
	}
	if (listen_to(from, board_told_size(s), seconds, told) && pid > 0)
		(void)kill(pid, SIGKILL); /* it has nothing more to say, or hangs */
	(void)close(from);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (told->n > 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 0)
		return 0;
	free(told->bytes);
	told->bytes = NULL;
	return error_set(e,
	                 "%s ended with status %d and without a word from the board: see its message above",
	                 emulator, WEXITSTATUS(status));
}
