/* SPDX-License-Identifier: MIT */
#include "checker/distributed/shard_file.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_DIGITS = 16 };

char *shard_part_name(const char *file, uint64_t id, uint64_t part)
{
	size_t size = strlen(file) + ID_DIGITS + 24;
	char *name = malloc(size);

	if (name)
		(void)snprintf(name, size, "%s.%016" PRIx64 "-%" PRIu64, file, id, part);
	return name;
}

char *shard_part_identity(const char *identity, uint64_t id, uint64_t part, uint64_t parts)
{
	size_t size = strlen(identity) + 100;
	char *text = malloc(size);

	if (text)
		(void)snprintf(text, size, "%ssaved=%016" PRIx64 "\npart=%" PRIu64 "\nof=%" PRIu64 "\n",
		               identity, id, part, parts);
	return text;
}

void shard_remove_part(const char *file, uint64_t id, uint64_t part)
{
	char *name = shard_part_name(file, id, part);

	if (name)
		(void)remove(name);
	free(name);
}

/* Is that the end of a part's name, behind the file's: ".0123456789abcdef-12", or that and ".part"? */
static bool is_part(const char *end, uint64_t *id)
{
	size_t n = 1;

	if (*end != '.')
		return false;
	while (n <= ID_DIGITS && isxdigit((unsigned char)end[n]))
		n++;
	if (n != ID_DIGITS + 1 || end[n] != '-' || !isdigit((unsigned char)end[n + 1]))
		return false;
	*id = strtoull(end + 1, NULL, 16);
	n++;
	while (isdigit((unsigned char)end[n]))
		n++;
	return end[n] == '\0' || strcmp(end + n, ".part") == 0;
}

void shard_remove_parts(const char *file, uint64_t but)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	size_t length = strlen(base), room = strlen(file) + 300;
	char *path = malloc(room);
	struct dirent *entry;
	DIR *dir = NULL;

	if (path) {
		(void)snprintf(path, room, "%.*s", (int)(base - file), file);
		dir = opendir(slash ? path : ".");
	}
	while (dir && (entry = readdir(dir))) {
		uint64_t id;

		if (strncmp(entry->d_name, base, length) != 0 || !is_part(entry->d_name + length, &id) ||
		    id == but)
			continue;
		(void)snprintf(path, room, "%.*s%s", (int)(base - file), file, entry->d_name);
		(void)remove(path);
	}
	if (dir)
		(void)closedir(dir);
	free(path);
}
