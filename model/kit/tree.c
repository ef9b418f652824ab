/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fatal_signals(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGHUP);
}

int tree_open(struct tree *tree, struct error *e)
{
	const char *where = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): nobody changes it */
	sigset_t set;
	int n;

	if (!where || *where == '\0')
		where = "/tmp";
	n = snprintf(tree->path, sizeof(tree->path), "%s/lazyswitch-XXXXXX", where);
	if (n < 0 || (size_t)n >= sizeof(tree->path))
		return error_set(e, "TMPDIR is too long");
	fatal_signals(&set);
	(void)pthread_sigmask(SIG_BLOCK, &set, &tree->mask);
	if (mkdtemp(tree->path))
		return 0;
	n = errno;
	(void)pthread_sigmask(SIG_SETMASK, &tree->mask, NULL);
	return error_set(
	        e, "no temporary directory can be made in %s: %s; set TMPDIR to one that can be written",
	        where, strerror(n));
}

/* `fd` is a directory, and will be closed. */
static void empty_directory(int fd)
{
	DIR *directory = fdopendir(fd);
	struct dirent *entry;

	if (!directory) {
		(void)close(fd);
		return;
	}
	while ((entry = readdir(directory)) !=
	       NULL) { /* NOLINT(concurrency-mt-unsafe): a stream of our own */
		int child;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    unlinkat(dirfd(directory), entry->d_name, 0) == 0)
			continue;
		child = openat(dirfd(directory), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		if (child < 0)
			continue;
		empty_directory(child);
		(void)unlinkat(dirfd(directory), entry->d_name, AT_REMOVEDIR);
	}
	(void)closedir(directory);
}

void tree_close(struct tree *tree)
{
	int fd = open(tree->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);

	if (fd >= 0)
		empty_directory(fd);
	(void)rmdir(tree->path);
	(void)pthread_sigmask(SIG_SETMASK, &tree->mask, NULL);
}

int tree_interrupted(void)
{
	sigset_t set;

	(void)sigpending(&set);
	return sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1 ||
	       sigismember(&set, SIGHUP) == 1;
}

const char *tree_name(const struct tree *tree, const char *name, char *buf)
{
	(void)snprintf(buf, TREE_NAME, "%s/%.500s", tree->path, name);
	return buf;
}

static int cannot_write(const char *path, struct error *e)
{
	return error_set(e, "%s: cannot be written: %s; set TMPDIR to a directory with more room", path,
	                 strerror(errno));
}

int tree_write(const struct tree *tree, const char *name, const void *bytes, size_t size, struct error *e)
{
	char path[TREE_NAME];
	FILE *f;
	int bad;

	(void)tree_name(tree, name, path);
	for (char *slash = strchr(path + strlen(tree->path) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return cannot_write(path, e);
		*slash = '/';
	}
	f = fopen(path, "wb");
	if (!f)
		return cannot_write(path, e);
	bad = size != 0 && fwrite(bytes, 1, size, f) != size;
	if (fclose(f) != 0 || bad)
		return cannot_write(path, e);
	return 0;
}

char *tree_read(const char *path, size_t max, size_t *size, struct error *e)
{
	FILE *f = fopen(path, "rb");
	struct stat status;
	char *bytes = NULL;

	if (!f) {
		error_set(e, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(f), &status) != 0)
		error_set(e, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(status.st_mode))
		error_set(e, "%s: not a regular file", path);
	else if ((uintmax_t)status.st_size > max)
		error_set(e, "%s: larger than %zu MiB", path, max >> 20);
	else if (!(bytes = malloc((size_t)status.st_size + 1)))
		error_set(e, "%s: out of memory", path);
	else if (fread(bytes, 1, (size_t)status.st_size, f) != (size_t)status.st_size) {
		error_set(e, "%s: cannot be read: %s", path, ferror(f) ? strerror(errno) : "it is shrinking");
		free(bytes);
		bytes = NULL;
	} else {
		*size = (size_t)status.st_size;
		bytes[*size] = '\0';
	}
	(void)fclose(f);
	return bytes;
}
