/* SPDX-License-Identifier: MIT */
#include "checker/pages.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { MAPPED_BYTES = 4 << 20 };

void *pages_new(size_t bytes, bool huge)
{
	void *memory;

	if (bytes < MAPPED_BYTES)
		return calloc(1, bytes);
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	(void)madvise(memory, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE); /* a wish */
	return memory;
}

void pages_free(void *memory, size_t bytes)
{
	if (bytes < MAPPED_BYTES)
		free(memory);
	else if (memory)
		(void)munmap(memory, bytes);
}
