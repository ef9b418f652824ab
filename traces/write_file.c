/* SPDX-License-Identifier: MIT */
#include "write_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Closes the file; tells whether all of it has arrived; `on_disk`: on the disk. */
static int finish(FILE *f, int on_disk)
{
	int failed = ferror(f), why = errno;

	if (fflush(f) != 0 || (on_disk && fsync(fileno(f)) != 0)) {
		why = errno;
		failed = 1;
	}
	if (fclose(f) != 0 && !failed) {
		why = errno;
		failed = 1;
	}
	errno = why;
	return failed ? -1 : 0;
}

static int cannot(const char *path, const char *what, struct error *e)
{
	return error_set(e, "%s: cannot write %s: %s", path, what, strerror(errno));
}

static int write_there(const char *path, const char *what, void (*print)(void *arg, FILE *f), void *arg,
                       struct error *e)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return cannot(path, what, e);
	print(arg, f);
	return finish(f, 0) == 0 ? 0 : cannot(path, what, e);
}

int write_file(const char *path, const char *what, void (*print)(void *arg, FILE *f), void *arg,
               struct error *e)
{
	char temporary[4096 + 8];
	struct stat old;
	int fd, status;
	FILE *f;

	if (stat(path, &old) == 0 && !S_ISREG(old.st_mode))
		return write_there(path, what, print, arg, e);
	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return cannot(path, what, e);
	}
	fd = mkstemp(temporary);
	if (fd < 0)
		return cannot(path, what, e);
	(void)fchmod(fd, 0644); /* mkstemp is for secrets */
	f = fdopen(fd, "w");
	if (!f) {
		status = cannot(path, what, e);
		(void)close(fd);
		(void)unlink(temporary);
		return status;
	}
	print(arg, f);
	if (finish(f, 1) != 0 || rename(temporary, path) != 0) {
		status = cannot(path, what, e);
		(void)unlink(temporary);
		return status;
	}
	return 0;
}
