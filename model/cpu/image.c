/* SPDX-License-Identifier: MIT */
/* Loading of ELF executables (ELF for the ARM Architecture, IHI 0044). */
#include "image.h"

#include <capstone/capstone.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "exec.h"
#include "image_private.h"

/* Limits on what a file may ask for. */
enum {
	MAX_MEMORY = 64 << 20, /* sum of p_memsz */
	MAX_CODE = 4 << 20,    /* code_end - code_start */
	MAX_FILE = 256 << 20,
};

static bool bad(struct error *e, const char *name, const char *why)
{
	error_set(e, "%s: %s", name, why);
	return false;
}

/* What kind of file this machine runs. */
static bool check_header(struct image *image, Elf *elf, const char *name, struct error *e)
{
	GElf_Ehdr h;
	const char *ident = elf_getident(elf, NULL);

	if (elf_kind(elf) != ELF_K_ELF || ident == NULL)
		return bad(e, name, "not an ELF file (or shorter than an ELF header)");
	if (ident[EI_CLASS] != ELFCLASS32)
		return bad(
		        e, name,
		        "a 64-bit ELF file; the machine is ARMv7: build with arm-linux-gnueabihf-gcc -marm");
	if (gelf_getehdr(elf, &h) == NULL)
		return bad(e, name, elf_errmsg(-1));
	if (h.e_machine != EM_ARM)
		return bad(e, name, "not for ARM; build with arm-linux-gnueabihf-gcc -marm");
	if (h.e_type == ET_REL)
		return bad(e, name, "a relocatable object; link it first");
	if (h.e_type == ET_DYN)
		return bad(e, name,
		           "a shared object or position independent executable; link with -static -no-pie");
	if (h.e_type != ET_EXEC)
		return bad(e, name, "not an executable");
	image->big_endian = ident[EI_DATA] == ELFDATA2MSB;
	if (image->big_endian && (h.e_flags & EF_ARM_BE8) == 0)
		return bad(e, name,
		           "big endian, but not BE8 (instructions are big endian, too); link with -EB --be8");
	if ((h.e_entry & 1) != 0)
		return bad(e, name, "the entry point is Thumb code; build with -marm");
	image->entry = (uint32_t)h.e_entry;
	return true;
}

static int compare_segments(const void *a, const void *b)
{
	const struct image_segment *x = a, *y = b;

	return x->address == y->address ? 0 : x->address < y->address ? -1 : 1;
}

static bool load_segment(struct image *image, const GElf_Phdr *ph, const char *name, const uint8_t *file,
                         size_t size, struct error *e)
{
	struct image_segment *s = &image->segments[image->n_segments];

	if (ph->p_offset > size || ph->p_filesz > size - ph->p_offset)
		return bad(e, name, "truncated: a segment lies beyond the end of the file");
	if (ph->p_filesz > ph->p_memsz || ph->p_memsz > UINT32_MAX - ph->p_vaddr)
		return bad(e, name, "inconsistent: a segment's sizes cannot be");
	*s = (struct image_segment){
	        .address = (uint32_t)ph->p_vaddr,
	        .bytes = (uint32_t)ph->p_memsz,
	        .writable = (ph->p_flags & PF_W) != 0,
	        .executable = (ph->p_flags & PF_X) != 0,
	        .data = calloc(ph->p_memsz, 1),
	};
	if (s->data == NULL)
		return bad(e, name, "out of memory for segments");
	image->n_segments++;
	memcpy(s->data, file + ph->p_offset, ph->p_filesz);
	return true;
}

static bool load_segments(struct image *image, Elf *elf, const char *name, const uint8_t *file, size_t size,
                          struct error *e)
{
	size_t n = 0;
	uint64_t memory = 0;
	GElf_Phdr ph;

	if (elf_getphdrnum(elf, &n) != 0 || n == 0)
		return bad(e, name, "no program headers: not linked, or truncated");
	image->segments = calloc(n, sizeof(*image->segments));
	if (image->segments == NULL)
		return bad(e, name, "out of memory for segments");
	for (size_t i = 0; i < n; i++) {
		if (gelf_getphdr(elf, (int)i, &ph) == NULL)
			return bad(e, name,
			           "the program headers are damaged, or lie beyond the end of the file");
		if (ph.p_type == PT_INTERP || ph.p_type == PT_DYNAMIC)
			return bad(e, name, "dynamically linked; link with -static -no-pie");
		if (ph.p_type != PT_LOAD || ph.p_memsz == 0)
			continue;
		memory += ph.p_memsz;
		if (memory > MAX_MEMORY)
			return bad(e, name, "asks for more than 64 MiB of memory");
		if (!load_segment(image, &ph, name, file, size, e))
			return false;
	}
	qsort(image->segments, image->n_segments, sizeof(*image->segments), compare_segments);
	for (size_t i = 1; i < image->n_segments; i++)
		if (image->segments[i].address - image->segments[i - 1].address <
		    image->segments[i - 1].bytes)
			return bad(e, name, "inconsistent: segments overlap");
	return true;
}

static bool find_code(struct image *image, const char *name, struct error *e)
{
	bool found = false;

	for (size_t i = 0; i < image->n_segments; i++) {
		const struct image_segment *s = &image->segments[i];

		if (!s->executable)
			continue;
		if ((s->address & 3) != 0)
			return bad(e, name, "inconsistent: an executable segment is not word aligned");
		if (!found)
			image->code_start = s->address;
		found = true;
		image->code_end = (s->address + s->bytes) & ~3u;
	}
	if (!found || image->code_end <= image->code_start)
		return bad(e, name, "no code: there is no executable segment");
	if (image->code_end - image->code_start > MAX_CODE)
		return bad(e, name, "code is spread over more than 4 MiB");
	return true;
}

/* Marks the words of executable sections; without section headers every word of an executable segment counts.
 */
static void mark_code(const struct image *image, Elf *elf, uint8_t *code)
{
	uint32_t bytes = image->code_end - image->code_start;
	bool any = false;

	for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn != NULL; scn = elf_nextscn(elf, scn)) {
		GElf_Shdr sh;
		uint64_t from, to;

		if (gelf_getshdr(scn, &sh) == NULL || (sh.sh_flags & SHF_EXECINSTR) == 0 ||
		    (sh.sh_flags & SHF_ALLOC) == 0)
			continue;
		any = true;
		from = sh.sh_addr < image->code_start ? 0 : sh.sh_addr - image->code_start;
		to = sh.sh_addr + sh.sh_size;
		to = to < image->code_start ? 0 : to - image->code_start;
		for (uint64_t at = (from + 3) & ~3ull; at + 4 <= to && at < bytes; at += 4)
			code[at / 4] = 1;
	}
	if (!any)
		memset(code, 1, bytes / 4);
}

/* Instructions are little endian in BE8, too. */
static uint32_t word_at(const struct image_segment *s, uint32_t offset)
{
	const uint8_t *p = s->data + offset;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool decode_all(struct image *image, const struct image_private *p, const uint8_t *code,
                       struct error *e)
{
	struct decoder d;
	bool good = true;

	if (!decoder_open(&d, e))
		return false;
	for (size_t i = 0; i < (image->code_end - image->code_start) / 4; i++)
		decode_data(0, &image->insns[i]);
	for (size_t n = 0; n < image->n_segments && good; n++) {
		const struct image_segment *s = &image->segments[n];

		if (!s->executable)
			continue;
		for (uint32_t offset = 0; s->bytes - offset >= 4 && good; offset += 4) {
			uint32_t address = s->address + offset, index = (address - image->code_start) / 4;
			struct insn *in = &image->insns[index];

			if (code[index] != 0 && symbols_say_code(p, address))
				good = decode_insn(&d, image, address, word_at(s, offset), in, e);
			else
				decode_data(word_at(s, offset), in);
		}
	}
	decoder_close(&d);
	return good;
}

static bool load(struct image *image, Elf *elf, const char *name, const uint8_t *file, size_t size,
                 struct error *e)
{
	struct image_private *p = calloc(1, sizeof(*p));
	uint8_t *code;
	size_t words;
	bool good;

	if (p == NULL)
		return bad(e, name, "out of memory");
	image->lines = p;
	if (!check_header(image, elf, name, e) || !load_segments(image, elf, name, file, size, e) ||
	    !find_code(image, name, e) || !symbols_load(image, p, elf, name, e))
		return false;
	lines_load(p, elf);
	words = (image->code_end - image->code_start) / 4;
	image->insns = calloc(words, sizeof(*image->insns));
	code = calloc(words, 1);
	if (image->insns == NULL || code == NULL) {
		free(code);
		return bad(e, name, "out of memory for code");
	}
	mark_code(image, elf, code);
	good = decode_all(image, p, code, e);
	free(code);
	return good;
}

struct image *image_load(const char *name, const void *bytes, size_t size, struct error *e)
{
	struct image *image = calloc(1, sizeof(*image));
	char *copy = malloc(size + 1); /* libelf wants to write, and to keep it while it looks */
	Elf *elf = NULL;
	bool good = false;

	if (image == NULL || copy == NULL) {
		error_set(e, "%s: out of memory", name);
	} else if (elf_version(EV_CURRENT) == EV_NONE) {
		error_set(e, "%s: libelf is too old", name);
	} else {
		if (size != 0)
			memcpy(copy, bytes, size);
		elf = size < 4 ? NULL : elf_memory(copy, size);
		if (elf == NULL)
			error_set(e, "%s: not an ELF file", name);
		else
			good = load(image, elf, name, bytes, size, e);
	}
	if (elf != NULL)
		(void)elf_end(elf);
	free(copy);
	if (good)
		return image;
	if (image != NULL)
		image_free(image);
	return NULL;
}

struct image *image_load_file(const char *path, struct error *e)
{
	FILE *f = fopen(path, "rb");
	struct image *image = NULL;
	uint8_t *bytes = NULL;
	long size = -1;

	if (f == NULL) {
		error_set(e, "%s: cannot be opened: %s", path, strerror(errno));
		return NULL;
	}
	if (fseek(f, 0, SEEK_END) == 0)
		size = ftell(f);
	if (size < 0 || size > MAX_FILE || fseek(f, 0, SEEK_SET) != 0)
		error_set(e, "%s: not a regular file of reasonable size", path);
	else if ((bytes = malloc((size_t)size + 1)) == NULL)
		error_set(e, "%s: out of memory", path);
	else if (fread(bytes, 1, (size_t)size, f) != (size_t)size)
		error_set(e, "%s: cannot be read: %s", path, strerror(errno));
	else
		image = image_load(path, bytes, (size_t)size, e);
	free(bytes);
	(void)fclose(f);
	return image;
}

void image_free(struct image *image)
{
	struct image_private *p;

	if (image == NULL)
		return;
	p = image->lines;
	for (size_t i = 0; i < image->n_segments; i++)
		free(image->segments[i].data);
	if (p != NULL) {
		for (size_t i = 0; i < p->n_files; i++)
			free(p->files[i]);
		for (size_t i = 0; i < p->n_names; i++)
			free(p->names[i]);
		free(p->files);
		free(p->names);
		free(p->rows);
		free(p->code_symbols);
		free(p->mappings);
	}
	free(p);
	free(image->segments);
	free(image->symbols);
	free(image->insns);
	free(image);
}

const char *image_disassemble(uint32_t address, uint32_t encoding, char *buf, size_t size)
{
	const uint8_t bytes[4] = {(uint8_t)encoding, (uint8_t)(encoding >> 8), (uint8_t)(encoding >> 16),
	                          (uint8_t)(encoding >> 24)};
	cs_insn *i = NULL;
	csh handle;

	(void)snprintf(buf, size, "(no ARM instruction)");
	if (cs_open(CS_ARCH_ARM, CS_MODE_ARM, &handle) != CS_ERR_OK)
		return buf;
	if (cs_disasm(handle, bytes, sizeof(bytes), address, 1, &i) == 1) {
		(void)snprintf(buf, size, "%s%s%s", i->mnemonic, i->op_str[0] != '\0' ? " " : "", i->op_str);
		cs_free(i, 1);
	}
	(void)cs_close(&handle);
	return buf;
}
