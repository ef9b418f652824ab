/* SPDX-License-Identifier: MIT */
/* Mails and mailboxes: what is taken from them is text, and fits on a line where it is a field. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "model/series/series.h"

static void check_field(const char *field)
{
	fuzz_require(!field || !strpbrk(field, "\r\n"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("mail", MFD_CLOEXEC);
	struct error e = {0};
	struct series series;
	char path[64];
	const char *name = path;

	fuzz_require(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (series_read(&series, &name, 1, &e) == 0)
		fuzz_require(series.n > 0);
	else
		fuzz_require(strncmp(e.text, path, strlen(path)) == 0);
	for (size_t i = 0; i < series.n; i++) {
		const struct series_patch *p = &series.patch[i];

		fuzz_require(strlen(p->text) == p->size && *p->title != '\0');
		check_field(p->mail.from);
		check_field(p->mail.to);
		check_field(p->mail.cc);
		check_field(p->mail.subject);
		check_field(p->mail.id);
		check_field(p->mail.references);
	}
	series_free(&series);
	(void)close(fd);
	return 0;
}
