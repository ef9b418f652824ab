/* SPDX-License-Identifier: MIT */
#include "read_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int read_file(FILE *f, const char *path, size_t max, uint8_t **bytes, size_t *size, struct error *e)
{
	struct stat status;

	if (fstat(fileno(f), &status) != 0)
		return error_set(e, "%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return error_set(e, "%s: is a directory; name a source or an ELF file", path);
	if (!S_ISREG(status.st_mode) || (uintmax_t)status.st_size > max)
		return error_set(e, "%s: not a regular file of reasonable size", path);
	*size = (size_t)status.st_size;
	*bytes = malloc(*size + 1);
	if (!*bytes)
		return error_set(e, "%s: out of memory", path);
	if (fread(*bytes, 1, *size, f) != *size)
		return error_set(e, "%s: cannot be read: %s", path,
		                 ferror(f) ? strerror(errno) : "it is shrinking");
	return 0;
}
