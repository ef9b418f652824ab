/* SPDX-License-Identifier: MIT */
/* Symbols and mapping symbols of an image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_private.h"

static int rank(const struct image_symbol *s)
{
	return (s->function ? 4 : 0) + (s->global ? 2 : 0) + (s->weak ? 0 : 1);
}

/* By address; of several at one address the best name comes last. */
static int compare_symbols(const void *a, const void *b)
{
	const struct image_symbol *x = a, *y = b;
	int order;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	order = rank(x) - rank(y);
	return order != 0 ? order : strcmp(y->name, x->name);
}

static int compare_mappings(const void *a, const void *b)
{
	const struct mapping *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	/* A stretch of no length: the later, code, wins. */
	return (int)x->code - (int)y->code;
}

static bool is_mapping(const char *name)
{
	return name[0] == '$' && (name[1] == 'a' || name[1] == 'd' || name[1] == 't') &&
	       (name[2] == '\0' || name[2] == '.');
}

static bool in_code_section(Elf *elf, size_t index)
{
	Elf_Scn *scn = index < SHN_LORESERVE ? elf_getscn(elf, index) : NULL;
	GElf_Shdr shdr;

	return scn != NULL && gelf_getshdr(scn, &shdr) != NULL && (shdr.sh_flags & SHF_EXECINSTR) != 0;
}

/* What there is to know of one symbol beside struct image_symbol, until sorting is over. */
struct loading {
	struct image_symbol symbol; /* first: sorted by it */
	bool code;
};

static bool add(struct image_private *p, Elf *elf, const GElf_Sym *sym, const char *text,
                struct loading *list, size_t *n)
{
	unsigned type = GELF_ST_TYPE(sym->st_info), bind = GELF_ST_BIND(sym->st_info);
	struct loading *l = &list[*n];
	char *copy;

	if (text == NULL || text[0] == '\0' || sym->st_shndx == SHN_UNDEF || type == STT_FILE ||
	    type == STT_SECTION)
		return true;
	if (is_mapping(text)) {
		p->mappings[p->n_mappings++] = (struct mapping){(uint32_t)sym->st_value, text[1] == 'a'};
		return true;
	}
	copy = strdup(text);
	if (copy == NULL)
		return false;
	p->names[p->n_names++] = copy;
	l->symbol.address = (uint32_t)sym->st_value;
	l->symbol.size = (uint32_t)sym->st_size;
	l->symbol.function = type == STT_FUNC;
	l->symbol.weak = bind == STB_WEAK;
	l->symbol.global = bind == STB_GLOBAL || l->symbol.weak;
	l->symbol.name = copy;
	l->code = type == STT_FUNC || (type == STT_NOTYPE && in_code_section(elf, sym->st_shndx));
	(*n)++;
	return true;
}

static bool finish(struct image *image, struct image_private *p, struct loading *list, size_t n)
{
	qsort(list, n, sizeof(*list), compare_symbols);
	qsort(p->mappings, p->n_mappings, sizeof(*p->mappings), compare_mappings);
	image->symbols = calloc(n + 1, sizeof(*image->symbols));
	p->code_symbols = calloc(n + 1, sizeof(*p->code_symbols));
	if (image->symbols == NULL || p->code_symbols == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		image->symbols[i] = list[i].symbol;
		if (list[i].code)
			p->code_symbols[p->n_code_symbols++] = (uint32_t)i;
	}
	image->n_symbols = n;
	return true;
}

static bool load_table(struct image *image, struct image_private *p, Elf *elf, const GElf_Shdr *shdr,
                       Elf_Data *data)
{
	size_t count = data->d_buf == NULL ? 0 : data->d_size / sizeof(Elf32_Sym), n = 0;
	struct loading *list = calloc(count + 1, sizeof(*list));
	bool good = list != NULL;

	p->mappings = calloc(count + 1, sizeof(*p->mappings));
	p->names = calloc(count + 1, sizeof(*p->names));
	good = good && p->mappings != NULL && p->names != NULL;
	for (size_t i = 0; good && i < count; i++) {
		GElf_Sym sym;

		if (gelf_getsym(data, (int)i, &sym) != NULL)
			good = add(p, elf, &sym, elf_strptr(elf, shdr->sh_link, sym.st_name), list, &n);
	}
	good = good && finish(image, p, list, n);
	free(list);
	return good;
}

bool symbols_load(struct image *image, struct image_private *p, Elf *elf, const char *name, struct error *e)
{
	for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn != NULL; scn = elf_nextscn(elf, scn)) {
		GElf_Shdr shdr;
		Elf_Data *data;

		if (gelf_getshdr(scn, &shdr) == NULL || shdr.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		if (data == NULL) {
			error_set(e, "%s: the symbol table is damaged: %s", name, elf_errmsg(-1));
			return false;
		}
		if (!load_table(image, p, elf, &shdr, data)) {
			error_set(e, "%s: out of memory for symbols", name);
			return false;
		}
		return true;
	}
	return true;
}

bool symbols_say_code(const struct image_private *p, uint32_t address)
{
	size_t low = 0, high = p->n_mappings;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->mappings[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 || p->mappings[low - 1].code;
}

const struct image_symbol *image_symbol(const struct image *image, const char *name)
{
	const struct image_symbol *found = NULL;

	for (size_t i = 0; i < image->n_symbols; i++)
		if (strcmp(image->symbols[i].name, name) == 0 &&
		    (found == NULL || rank(&image->symbols[i]) > rank(found)))
			found = &image->symbols[i];
	return found;
}

const struct image_symbol *image_symbol_at(const struct image *image, uint32_t address)
{
	const struct image_private *p = image->lines;
	size_t low = 0, high = p == NULL ? 0 : p->n_code_symbols;

	if (address - image->code_start >= image->code_end - image->code_start)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->symbols[p->code_symbols[middle]].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &image->symbols[p->code_symbols[low - 1]];
}

const char *image_where(const struct image *image, uint32_t address, char *buf, size_t size)
{
	const struct image_symbol *s = image_symbol_at(image, address);

	if (s == NULL)
		(void)snprintf(buf, size, "0x%08x", address);
	else if (s->address == address)
		(void)snprintf(buf, size, "%s", s->name);
	else
		(void)snprintf(buf, size, "%s+0x%x", s->name, address - s->address);
	return buf;
}

const char *image_instruction(const struct image *image, uint32_t address, char *buf, size_t size)
{
	const struct insn *insn = image_insn(image, address);
	char *number;

	if (insn == NULL || insn->flow == FLOW_END) {
		(void)snprintf(buf, size, ".word 0x%08x", insn == NULL ? 0 : insn->raw);
		return buf;
	}
	image_disassemble(address, insn->raw, buf, size);
	number = strstr(buf, "#0x");
	if ((insn->flow == FLOW_BRANCH || insn->flow == FLOW_CALL) && number != NULL)
		image_where(image, insn->target, number, size - (size_t)(number - buf));
	return buf;
}
