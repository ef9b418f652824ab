/* SPDX-License-Identifier: MIT */
/* A variant as the user names it: one that ships, or an ELF file. */
#ifndef LAZYSWITCH_CLI_VARIANT_H
#define LAZYSWITCH_CLI_VARIANT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cpu/image.h"

enum endianness { ENDIAN_UNSAID, ENDIAN_LITTLE, ENDIAN_BIG };

struct variant {
	const char *name; /* as given; borrowed */
	char stem[128];   /* for file names: the name, without directories and ".elf" */
	bool shipped;
	struct image *image;
	uint64_t hash; /* XXH3 of the ELF file */
};

/* Which build of it. */
struct variant_options {
	enum endianness endian; /* little if unsaid; must agree with a linked image */
	bool uniprocessor;      /* for a kernel without CONFIG_SMP */
};

/*
 * Loads a variant. A name with a slash or that ends in ".elf" is a file. Returns 0, or -1 with `e` filled
 * in.
 */
int variant_open(struct variant *v, const char *name, const struct variant_options *options, struct error *e);
void variant_close(struct variant *v);

/* Does the name mean a file? */
bool variant_is_path(const char *name);

#endif
