/* SPDX-License-Identifier: MIT */
#include "checker/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Of huge pages, and of what is worth having one. */
#define PAGE_BYTES  ((size_t)2 << 20)
#define WORTH_BYTES ((size_t)256 << 10)

static size_t round_up(size_t bytes)
{
	return (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
}

/* Mapped with room to spare, so that what is left of it begins where a huge page can. */
static void *map_aligned(size_t bytes)
{
	uint8_t *memory =
	        mmap(NULL, bytes + PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before, after;

	if (memory == MAP_FAILED)
		return NULL;
	before = round_up((uintptr_t)memory) - (uintptr_t)memory;
	after = PAGE_BYTES - before;
	if (before > 0)
		(void)munmap(memory, before);
	if (after > 0)
		(void)munmap(memory + before + bytes, after);
	(void)madvise(memory + before, bytes, MADV_HUGEPAGE); /* a wish */
	return memory + before;
}

void *pages_new(size_t bytes)
{
	if (bytes < WORTH_BYTES)
		return calloc(1, bytes);
	return bytes <= SIZE_MAX - 2 * PAGE_BYTES ? map_aligned(round_up(bytes)) : NULL;
}

void pages_free(void *memory, size_t bytes)
{
	if (bytes < WORTH_BYTES)
		free(memory);
	else if (memory)
		(void)munmap(memory, round_up(bytes));
}
