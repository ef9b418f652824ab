/* SPDX-License-Identifier: MIT */
/* Checkpoints, whose checksums are made right, so that what is behind them is read. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "tests/checker/forge.h"

enum { SECTION_MAX = 1 << 26 };

/* Reads everything, as a search that goes on would. */
static void read_all(const char *path, const char *identity)
{
	static const char *const names[] = {"head", "states"};
	struct error e = {0};
	struct checkpoint_reader *r = checkpoint_open(path, identity, &e);
	bool sound = r != NULL;

	for (size_t i = 0; sound && i < sizeof(names) / sizeof(names[0]); i++) {
		uint64_t length = 0;
		char *section;

		sound = checkpoint_enter(r, names[i], &length, &e) == 0 && length <= SECTION_MAX;
		section = sound ? malloc(length + 1) : NULL;
		sound = section && checkpoint_read(r, section, length, &e) == 0;
		free(section);
	}
	if (sound)
		(void)checkpoint_end(r, &e);
	checkpoint_close(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *copy = malloc(size + 1), *identity, path[64];
	int fd = memfd_create("checkpoint", MFD_CLOEXEC);
	struct error e = {0};

	fuzz_require(copy && fd >= 0);
	memcpy(copy, bytes, size);
	forge(copy, size);
	fuzz_require(write(fd, copy, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	identity = checkpoint_identity(path, &e);
	if (identity)
		read_all(path, identity);
	else
		fuzz_require(strncmp(e.text, path, strlen(path)) == 0);
	free(identity);
	free(copy);
	(void)close(fd);
	return 0;
}
