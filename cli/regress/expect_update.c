/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"

/* A new verdict, then what was behind the old one: a comment stays in its column, if there is room. */
static const char *replace(FILE *out, const struct expectation *row, const struct expect_file *file,
                           const struct expect_verdict *found)
{
	const char *rest = file->text + row->verdict_at + row->verdict_bytes;
	size_t blanks = strspn(rest, " "), used;
	char text[2048];

	(void)fputs(expect_verdict_text(found, text, sizeof(text)), out);
	used = strlen(text);
	if (rest[blanks] != '#')
		return rest;
	if (used + 1 < row->verdict_bytes + blanks)
		blanks = row->verdict_bytes + blanks - used;
	else
		blanks = 1;
	(void)fprintf(out, "%*s", (int)blanks, "");
	return rest + strspn(rest, " ");
}

static void write_all(FILE *out, const struct expect_file *file, const struct expect_verdict *const *found)
{
	const char *done = file->text;

	for (size_t i = 0; i < file->n_rows; i++) {
		const char *verdict = file->text + file->rows[i].verdict_at;

		if (!found[i])
			continue;
		(void)fwrite(done, 1, (size_t)(verdict - done), out);
		done = replace(out, &file->rows[i], file, found[i]);
	}
	(void)fwrite(done, 1, (size_t)(file->text + file->bytes - done), out);
}

/* Has anybody written to it since it was read? Then what is known of it is of no use. */
static int check_unchanged(const struct expect_file *file, struct error *e)
{
	struct expect_file now;
	bool same;

	if (expect_read(&now, file->name, e)) {
		expect_free(&now);
		return -1;
	}
	same = now.bytes == file->bytes && memcmp(now.text, file->text, now.bytes) == 0;
	expect_free(&now);
	return same ? 0
	            : error_set(e, "%s: somebody has changed it meanwhile; it is left as it is", file->name);
}

int expect_update(const struct expect_file *file, const struct expect_verdict *const *found, struct error *e)
{
	char *temporary;
	struct stat status;
	int fd, why;
	FILE *out;

	if (check_unchanged(file, e))
		return -1;
	temporary = malloc(strlen(file->name) + sizeof(".XXXXXX"));
	if (!temporary)
		return error_set(e, "%s: out of memory", file->name);
	(void)sprintf(temporary, "%s.XXXXXX", file->name);
	fd = mkstemp(temporary);
	out = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!out) {
		why = errno;
		if (fd >= 0)
			(void)close(fd);
		goto failed;
	}
	if (stat(file->name, &status) == 0)
		(void)fchmod(fd, status.st_mode & 07777);
	write_all(out, file, found);
	errno = 0;
	if (fflush(out) != 0 || ferror(out) || fsync(fd) != 0) {
		why = errno;
		(void)fclose(out);
		goto failed;
	}
	if (fclose(out) != 0 || rename(temporary, file->name) != 0) {
		why = errno;
		goto failed;
	}
	free(temporary);
	return 0;
failed:
	if (fd >= 0)
		(void)unlink(temporary);
	free(temporary);
	return error_set(e, "%s: cannot be rewritten: %s", file->name, strerror(why));
}
