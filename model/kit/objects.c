/* SPDX-License-Identifier: MIT */
#include "objects.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "tree.h"

enum { MAX_OBJECT = 64 << 20, MAX_SYMBOLS = 1 << 20 };

int kit_object_kind(const char *path, const void *bytes, size_t size, bool *relocatable, bool *big_endian,
                    struct error *e)
{
	Elf32_Ehdr h;

	if (size < sizeof(h) || memcmp(bytes, ELFMAG, SELFMAG) != 0)
		return error_set(e, "%s: not an ELF file (sources end in .S or .c)", path);
	memcpy(&h, bytes, sizeof(h)); /* the fields looked at are bytes, or compared in both orders */
	*big_endian = h.e_ident[EI_DATA] == ELFDATA2MSB;
	*relocatable = h.e_type == (*big_endian ? ET_REL << 8 : ET_REL);
	if (*relocatable &&
	    (h.e_ident[EI_CLASS] != ELFCLASS32 || h.e_machine != (*big_endian ? EM_ARM << 8 : EM_ARM)))
		return error_set(e, "%s: not for ARM; build with arm-linux-gnueabihf-gcc -marm", path);
	return 0;
}

static int add(struct objects *o, const char *name, unsigned object, bool defined, bool weak)
{
	if (o->n == o->capacity) {
		size_t capacity = o->capacity ? o->capacity * 2 : 256;
		struct object_symbol *symbols =
		        capacity > MAX_SYMBOLS ? NULL : realloc(o->symbols, capacity * sizeof(*symbols));

		if (!symbols)
			return -1;
		o->symbols = symbols;
		o->capacity = capacity;
	}
	o->symbols[o->n].name = strdup(name);
	if (!o->symbols[o->n].name)
		return -1;
	o->symbols[o->n].object = object;
	o->symbols[o->n].defined = defined;
	o->symbols[o->n++].weak = weak;
	return 0;
}

/* One symbol of the table; `referred`: a relocation names it. */
static int add_symbol(struct objects *o, Elf *elf, size_t strings, const GElf_Sym *sym, unsigned object,
                      bool referred)
{
	unsigned bind = GELF_ST_BIND(sym->st_info);
	const char *name = elf_strptr(elf, strings, sym->st_name);

	if ((bind != STB_GLOBAL && bind != STB_WEAK) || !name || *name == '\0')
		return 0;
	if (sym->st_shndx == SHN_UNDEF)
		return add(o, name, object, false, bind == STB_WEAK);
	if (add(o, name, object, true, bind == STB_WEAK))
		return -1;
	return referred ? add(o, name, object, false, false) : 0;
}

/* Which symbols relocations outside of debug information name. */
static void mark_referred(Elf *elf, bool *referred, size_t n)
{
	for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn; scn = elf_nextscn(elf, scn)) {
		GElf_Shdr sh, target;
		Elf_Data *data;
		Elf_Scn *where;

		if (!gelf_getshdr(scn, &sh) || (sh.sh_type != SHT_REL && sh.sh_type != SHT_RELA) ||
		    sh.sh_entsize == 0)
			continue;
		where = elf_getscn(elf, sh.sh_info);
		if (!where || !gelf_getshdr(where, &target) || (target.sh_flags & SHF_ALLOC) == 0)
			continue;
		data = elf_getdata(scn, NULL);
		for (size_t i = 0; data && i < data->d_size / sh.sh_entsize; i++) {
			GElf_Rel rel;
			GElf_Rela rela;
			size_t symbol = n;

			if (sh.sh_type == SHT_REL && gelf_getrel(data, (int)i, &rel))
				symbol = GELF_R_SYM(rel.r_info);
			else if (sh.sh_type == SHT_RELA && gelf_getrela(data, (int)i, &rela))
				symbol = GELF_R_SYM(rela.r_info);
			if (symbol < n)
				referred[symbol] = true;
		}
	}
}

static int read_symbols(struct objects *o, unsigned object, Elf *elf)
{
	for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn; scn = elf_nextscn(elf, scn)) {
		GElf_Shdr sh;
		GElf_Sym sym;
		Elf_Data *data;
		bool *referred;
		size_t n;
		int status = 0;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		n = data && data->d_buf ? data->d_size / sizeof(Elf32_Sym) : 0;
		referred = calloc(n + 1, sizeof(*referred));
		if (!referred)
			return -1;
		mark_referred(elf, referred, n);
		for (size_t i = 0; status == 0 && i < n; i++) {
			if (gelf_getsym(data, (int)i, &sym))
				status = add_symbol(o, elf, sh.sh_link, &sym, object, referred[i]);
		}
		free(referred);
		return status;
	}
	return 0;
}

int objects_read(struct objects *o, unsigned object, const char *path, struct error *e)
{
	size_t size = 0;
	char *bytes = tree_read(path, MAX_OBJECT, &size, e);
	Elf *elf;
	int status;

	if (!bytes)
		return -1;
	(void)elf_version(EV_CURRENT);
	elf = elf_memory(bytes, size);
	if (!elf || elf_kind(elf) != ELF_K_ELF)
		status = error_set(e, "%s: not an object file", path);
	else if ((status = read_symbols(o, object, elf)) != 0)
		error_set(e, "%s: too many symbols for the memory that there is", path);
	if (elf)
		(void)elf_end(elf);
	free(bytes);
	return status;
}

void objects_free(struct objects *o)
{
	for (size_t i = 0; i < o->n; i++)
		free(o->symbols[i].name);
	free(o->symbols);
	*o = (struct objects){0};
}
