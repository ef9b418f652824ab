/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 32 };

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* As strings, whatever the locale: the order is part of the output. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_input(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".expect") == 0 || strcmp(dot, ".trace") == 0);
}

struct walk {
	int (*found)(void *arg, const char *name, struct error *e);
	void *arg;
	struct error *error;
};

static int walk(const struct walk *w, const char *directory, unsigned depth);

static int visit(const struct walk *w, const char *directory, const char *name, unsigned depth)
{
	size_t n = strlen(directory), bytes = n + strlen(name) + 2;
	char *path = malloc(bytes);
	struct stat status;
	int result = 0;

	if (!path)
		return error_set(w->error, "out of memory");
	(void)snprintf(path, bytes, "%s%s%s", directory, n > 0 && directory[n - 1] == '/' ? "" : "/", name);
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		result = walk(w, path, depth + 1);
	else if (is_input(name))
		result = w->found(w->arg, path, w->error);
	free(path);
	return result;
}

static int walk(const struct walk *w, const char *directory, unsigned depth)
{
	struct dirent **entries;
	int n = scandir(directory, &entries, visible, by_name), status = 0;

	if (n < 0)
		return error_set(w->error, "%s: %s", directory, strerror(errno));
	if (depth > DEPTH_MAX)
		status = error_set(w->error, "%s: more than %d directories deep", directory, DEPTH_MAX);
	for (int i = 0; i < n; i++) {
		if (status == 0)
			status = visit(w, directory, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
	return status;
}

int corpus_walk(const char *directory, int (*found)(void *arg, const char *name, struct error *e), void *arg,
                struct error *e)
{
	const struct walk w = {.found = found, .arg = arg, .error = e};

	return walk(&w, directory, 0);
}
