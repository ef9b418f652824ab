/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "variant.h"

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

bool variant_is_source(const char *name)
{
	return ends_in(name, ".S") || ends_in(name, ".s") || ends_in(name, ".c");
}

bool variant_is_path(const char *name)
{
	return strpbrk(name, "/,") || variant_is_source(name) || ends_in(name, ".o") || ends_in(name, ".elf");
}
