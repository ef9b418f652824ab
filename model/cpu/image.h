/* SPDX-License-Identifier: MIT */
/*
 * An executable image: an ARM ELF file, loaded with libelf, decoded once with
 * Capstone, with symbols and (libdw) source lines. Read-only after loading.
 */
#ifndef LAZYSWITCH_MODEL_CPU_IMAGE_H
#define LAZYSWITCH_MODEL_CPU_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../error.h"
#include "insn.h"

struct image_symbol {
	uint32_t address;
	uint32_t size; /* as in the file; 0 for labels */
	bool function; /* STT_FUNC */
	bool global;   /* STB_GLOBAL or STB_WEAK */
	bool weak;
	const char *name; /* owned by the image */
};

struct image_segment {
	uint32_t address;
	uint32_t bytes;
	bool writable;
	bool executable;
	uint8_t *data; /* file contents, zero filled to `bytes`; owned by the image */
};

struct image {
	bool big_endian; /* data (BE8); instructions are always little endian */
	uint32_t entry;
	struct image_segment *segments; /* PT_LOAD, sorted by address */
	size_t n_segments;
	struct image_symbol *symbols; /* sorted by address; mapping symbols ($a, $d) left out */
	size_t n_symbols;
	uint32_t code_start, code_end; /* of the executable segment(s), code_start is word aligned */
	struct insn *insns; /* one for each word of [code_start, code_end); data words decode as INSN_DATA */
	/* CP15 registers that the image names and that are storage only: their encodings, in slot order. */
	uint16_t cp15_key[96];
	unsigned n_cp15;
	void *lines; /* libdw handle, private */
};

/*
 * Loads an ELF executable from memory. `name` is used in messages. The bytes may be freed
 * afterwards. Returns NULL with `e` filled in if it is not a statically linked little-endian
 * or BE8 ARM executable, is truncated or inconsistent, or has no code. Never reads outside [bytes, bytes +
 * size).
 */
struct image *image_load(const char *name, const void *bytes, size_t size, struct error *e);
/* The same from a file. */
struct image *image_load_file(const char *path, struct error *e);
void image_free(struct image *image);

/* NULL if there is no symbol of that name. */
const struct image_symbol *image_symbol(const struct image *image, const char *name);
/* The last function or label (never a data object) at or before the code address, or NULL. */
const struct image_symbol *image_symbol_at(const struct image *image, uint32_t address);

/* Writes "symbol+0x1c" (or the bare address) into buf; returns buf. */
const char *image_where(const struct image *image, uint32_t address, char *buf, size_t size);
/* Source position of a code address. Returns false if unknown; *file is owned by the image. */
bool image_line(const struct image *image, uint32_t address, const char **file, int *line);
/* Writes the disassembly ("vmsr fpexc, r2") of one instruction word into buf; returns buf. */
const char *image_disassemble(uint32_t address, uint32_t encoding, char *buf, size_t size);

/* The same for the word at an address of the code, with the targets of branches by name ("bl vfp_enable"), and ".word
 * 0x0000002a" for data. */
const char *image_instruction(const struct image *image, uint32_t address, char *buf, size_t size);

/* The decoded instruction at an address, or NULL if the address is outside the code or unaligned. */
static inline const struct insn *image_insn(const struct image *image, uint32_t address)
{
	uint32_t offset = address - image->code_start;

	if (offset >= image->code_end - image->code_start || (address & 3) != 0)
		return NULL;
	return &image->insns[offset / 4];
}

#endif
