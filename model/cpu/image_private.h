/* SPDX-License-Identifier: MIT */
/* Internal to model/cpu: what stands behind image.lines, and the parts of loading. */
#ifndef LAZYSWITCH_MODEL_CPU_IMAGE_PRIVATE_H
#define LAZYSWITCH_MODEL_CPU_IMAGE_PRIVATE_H

#include <gelf.h>

#include "image.h"

/* One row of the line table; valid up to the next row's address. */
struct line_row {
	uint32_t address;
	int line;         /* 0: no source from here on */
	const char *file; /* in the name pool */
};

/* Mapping symbols ($a, $d, $t), section AAELF 4.5.5. */
struct mapping {
	uint32_t address;
	bool code;
};

struct image_private {
	struct line_row *rows; /* sorted by address */
	size_t n_rows;
	char **files; /* owned names */
	size_t n_files;
	char **names; /* of the symbols; owned */
	size_t n_names;
	uint32_t *code_symbols; /* indexes into image.symbols: functions and labels in code */
	size_t n_code_symbols;
	struct mapping *mappings; /* sorted by address */
	size_t n_mappings;
};

/* lines.c: fills rows and files from .debug_line; an image without (good) debug information has none. */
void lines_load(struct image_private *p, Elf *elf);

/* symbols.c: fills symbols, code_symbols and mappings. Returns false with `e` filled in on hostile tables. */
bool symbols_load(struct image *image, struct image_private *p, Elf *elf, const char *name, struct error *e);
/* False if the address is under $d or $t. */
bool symbols_say_code(const struct image_private *p, uint32_t address);

#endif
