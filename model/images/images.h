/* SPDX-License-Identifier: MIT */
/* The shipped variants, as ELF images embedded into the program. */
#ifndef LAZYSWITCH_MODEL_IMAGES_IMAGES_H
#define LAZYSWITCH_MODEL_IMAGES_IMAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cpu/image.h"

struct shipped_variant {
	const char *name;
	const char *summary;                      /* one line */
	const unsigned char *little, *little_end; /* the ELF files */
	const unsigned char *big, *big_end;
};

/* All of them, in the order of variants.def; *count says how many. */
const struct shipped_variant *shipped_variants(size_t *count);

/* NULL if there is none of that name. */
const struct shipped_variant *shipped_variant(const char *name);

/* Loads the image of a shipped variant; see image_load(). */
struct image *shipped_image(const struct shipped_variant *variant, bool big_endian, struct error *e);

#endif
