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

/*
 * Loads a variant. A name with a slash or that ends in ".elf" is a file. `endian` picks the build of a
 * shipped one (little if unsaid) and must agree with a file. Returns 0, or -1 with `e` filled in.
 */
int variant_open(struct variant *v, const char *name, enum endianness endian, struct error *e);
void variant_close(struct variant *v);

#endif
