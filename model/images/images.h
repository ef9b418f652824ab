/* SPDX-License-Identifier: MIT */
/* The shipped variants, and bugs of the past, as ELF images embedded into the program, each in four builds. */
#ifndef LAZYSWITCH_MODEL_IMAGES_IMAGES_H
#define LAZYSWITCH_MODEL_IMAGES_IMAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cpu/image.h"

/* A file embedded into the program: [start, end). */
struct embedded {
	const unsigned char *start, *end;
};

struct shipped_variant {
	const char *name;
	const char *summary;       /* one line */
	struct embedded elf[2][2]; /* [uniprocessor][big endian] */
};

/* All of them, in the order of variants.def; *count says how many. */
const struct shipped_variant *shipped_variants(size_t *count);

/* The bugs of the past, as they were and as they were mended (model/history), in the order of their files. */
const struct shipped_variant *history_variants(size_t *count);

/* NULL if there is none of that name among either. */
const struct shipped_variant *shipped_variant(const char *name);

/*
 * Loads the image of a shipped variant, for a big- or little-endian kernel, without (uniprocessor) or with
 * CONFIG_SMP; see image_load().
 */
struct image *shipped_image(const struct shipped_variant *variant, bool big_endian, bool uniprocessor,
                            struct error *e);

#endif
