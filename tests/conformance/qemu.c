/* SPDX-License-Identifier: MIT */
/* The emulated core: QEMU with the runner, the code and the cases in RAM; it writes the cases back to its standard output. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch.h"

/* How long a batch may take: a case that never comes back must not hang the tests. */
enum { SECONDS = 120 };

static bool write_file(const char *path, const void *data, size_t bytes, struct error *e)
{
	FILE *f = fopen(path, "wb");
	bool good = f != NULL && (bytes == 0 || fwrite(data, bytes, 1, f) == 1);

	if (f != NULL && fclose(f) != 0)
		good = false;
	if (!good)
		error_set(e, "%s: cannot be written: %s", path, strerror(errno));
	return good;
}

static size_t stride(const struct batch *b)
{
	return STATE_WORDS * 4 + (size_t)b->window_bytes;
}

static uint8_t *pack(const struct batch *b, size_t *bytes)
{
	uint8_t *all, *p;

	*bytes = HEAD_WORDS * 4 + b->n_cases * stride(b);
	all = calloc(*bytes, 1);
	if (!all)
		return NULL;
	put_word(all + HEAD_COUNT * 4, (uint32_t)b->n_cases, b->big_endian);
	put_word(all + HEAD_STRIDE * 4, (uint32_t)stride(b), b->big_endian);
	put_word(all + HEAD_TOTAL * 4, (uint32_t)*bytes, b->big_endian);
	p = all + HEAD_WORDS * 4;
	for (size_t i = 0; i < b->n_cases; i++, p += stride(b)) {
		for (unsigned w = 0; w < STATE_WORDS; w++)
			put_word(p + 4 * w, b->cases[i].in[w], b->big_endian);
		memcpy(p + STATE_WORDS * 4, b->cases[i].window, b->window_bytes);
	}
	return all;
}

static void unpack(struct batch *b, const uint8_t *all)
{
	const uint8_t *p = all + HEAD_WORDS * 4;

	for (size_t i = 0; i < b->n_cases; i++, p += stride(b)) {
		for (unsigned w = 0; w < STATE_WORDS; w++)
			b->cases[i].theirs[w] = get_word(p + 4 * w, b->big_endian);
		memcpy(b->cases[i].window_theirs, p + STATE_WORDS * 4, b->window_bytes);
	}
}

enum { ARGUMENTS_MAX = 64 };

struct command {
	char *argv[ARGUMENTS_MAX + 1];
	unsigned argc;
	char text[SEGMENTS_MAX + 4][512];
	unsigned texts;
};

static void argument(struct command *c, const char *text)
{
	if (c->argc < ARGUMENTS_MAX)
		c->argv[c->argc++] = (char *)text;
}

/* "," separates the properties of a device: doubled, it is one in a file's name. */
static void load(struct command *c, const char *file, uint32_t address)
{
	char *to = c->text[c->texts++], *end = to + sizeof(c->text[0]) - 64;

	to += sprintf(to, "loader,force-raw=on,addr=0x%x,file=", address);
	for (; *file != '\0' && to < end; file++) {
		if (*file == ',')
			*to++ = ',';
		*to++ = *file;
	}
	*to = '\0';
	argument(c, "-device");
	argument(c, c->text[c->texts - 1]);
}

/* Reads all that it says, at most `bytes`; returns how much it was, and how it ended. */
static size_t run(struct command *c, uint8_t *out, size_t bytes, int *status)
{
	int fds[2];
	size_t got = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(fds) != 0)
		return 0;
	pid = fork();
	if (pid == 0) {
		(void)dup2(fds[1], STDOUT_FILENO);
		(void)close(fds[0]);
		(void)close(fds[1]);
		(void)alarm(SECONDS);
		execvp(c->argv[0], c->argv);
		_exit(127);
	}
	(void)close(fds[1]);
	while (pid > 0 && got < bytes && (n = read(fds[0], out + got, bytes - got)) != 0) {
		if (n > 0)
			got += (size_t)n;
		else if (errno != EINTR)
			break;
	}
	(void)close(fds[0]);
	*status = -1;
	if (pid > 0)
		(void)waitpid(pid, status, 0);
	return got;
}

static bool run_all(struct batch *b, struct command *c, size_t bytes, struct error *e)
{
	uint8_t *out = malloc(bytes);
	int status;
	size_t got;

	if (!out) {
		error_set(e, "out of memory");
		return false;
	}
	got = run(c, out, bytes, &status);
	if (got == bytes)
		unpack(b, out);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		error_set(e, "%s: not finished after %d seconds", c->argv[0], SECONDS);
	else
		error_set(e, "%s: wrote %zu of %zu bytes, status %d", c->argv[0], got, bytes, status);
	free(out);
	return got == bytes;
}

bool batch_run(struct batch *b, const char *qemu, const char *runner, struct error *e)
{
	static const char *const options[] = {"-M",
	                                      "virt,virtualization=on",
	                                      "-cpu",
	                                      "cortex-a15",
	                                      "-m",
	                                      "512",
	                                      "-smp",
	                                      "1",
	                                      "-accel",
	                                      "tcg,thread=single",
	                                      "-display",
	                                      "none",
	                                      "-serial",
	                                      "none",
	                                      "-monitor",
	                                      "none",
	                                      "-net",
	                                      "none",
	                                      "-semihosting-config",
	                                      "enable=on,target=native"};
	struct command c = {.argc = 0};
	char dir[] = "/tmp/conformance-XXXXXX", start[64];
	char paths[SEGMENTS_MAX + 1][64];
	size_t bytes;
	uint8_t *all = pack(b, &bytes);
	unsigned n = 0;
	bool good = all != NULL && bytes <= CASES_MAX && mkdtemp(dir) != NULL;

	if (!good) {
		error_set(e, "a batch of %zu cases: out of memory, or no temporary directory", b->n_cases);
		free(all);
		return false;
	}
	argument(&c, qemu);
	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		argument(&c, options[i]);
	load(&c, runner, RUNNER);
	for (unsigned i = 0; good && i < b->n_segments; i++) {
		if (b->segments[i].address == RUNNER)
			continue;
		(void)snprintf(paths[n], sizeof(paths[n]), "%s/segment%u", dir, i);
		good = write_file(paths[n], b->segments[i].data, b->segments[i].bytes, e);
		load(&c, paths[n++], b->segments[i].address);
	}
	(void)snprintf(paths[n], sizeof(paths[n]), "%s/cases", dir);
	good = good && write_file(paths[n], all, bytes, e);
	load(&c, paths[n++], CASES);
	(void)snprintf(start, sizeof(start), "loader,addr=0x%x,cpu-num=0", (unsigned)RUNNER);
	argument(&c, "-device");
	argument(&c, start);
	good = good && run_all(b, &c, bytes, e);
	for (unsigned i = 0; i < n; i++)
		(void)unlink(paths[i]);
	(void)rmdir(dir);
	free(all);
	return good;
}
