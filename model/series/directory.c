/* SPDX-License-Identifier: MIT */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "series.h"

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static int add(char ***files, size_t *n, const char *directory, const char *name, size_t length,
               struct error *e)
{
	size_t size = strlen(directory) + length + 2;
	char **all = *n < SERIES_PATCHES_MAX ? realloc(*files, (*n + 1) * sizeof(*all)) : NULL;

	if (*n == SERIES_PATCHES_MAX)
		return error_set(e, "%s: more than %d patches", directory, SERIES_PATCHES_MAX);
	if (!all)
		return error_set(e, "%s: out of memory", directory);
	*files = all;
	all[*n] = malloc(size);
	if (!all[*n])
		return error_set(e, "%s: out of memory", directory);
	(void)snprintf(all[*n], size, "%s%s%.*s", directory, ends_in(directory, "/") ? "" : "/", (int)length,
	               name);
	++*n;
	return 0;
}

/* A name a line, perhaps with options of patch(1) behind it; "#" begins a comment. */
static int read_series(FILE *f, const char *directory, char ***files, size_t *n, struct error *e)
{
	char line[512];
	int status = 0;

	while (status == 0 && fgets(line, sizeof(line), f)) {
		const char *name = line + strspn(line, " \t");
		size_t length = strcspn(name, " \t\r\n#");

		if (length > 0)
			status = add(files, n, directory, name, length, e);
	}
	return status;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list(const char *path, char ***files, size_t *n, struct error *e)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int status = 0;

	if (!directory)
		return error_set(e, "%s: %s", path, strerror(errno));
	while (status == 0 && (entry = readdir(directory)) !=
	                              NULL) { /* NOLINT(concurrency-mt-unsafe): a stream of our own */
		if (ends_in(entry->d_name, ".patch") || ends_in(entry->d_name, ".diff"))
			status = add(files, n, path, entry->d_name, strlen(entry->d_name), e);
	}
	(void)closedir(directory);
	if (*n > 1)
		qsort(*files, *n, sizeof(**files), by_name);
	return status;
}

int directory_patches(const char *path, char ***files, size_t *n, struct error *e)
{
	char name[4200];
	FILE *series;
	int status;

	*files = NULL;
	*n = 0;
	(void)snprintf(name, sizeof(name), "%.4000s/series", path);
	series = access(name, F_OK) == 0 ? fopen(name, "r") : NULL;
	status = series ? read_series(series, path, files, n, e) : list(path, files, n, e);
	if (series)
		(void)fclose(series);
	if (status == 0 && *n == 0)
		status = error_set(e, "%s: a directory without *.patch, *.diff or a file `series'", path);
	if (status == 0)
		return 0;
	for (size_t i = 0; i < *n; i++)
		free((*files)[i]);
	free(*files);
	return -1;
}
