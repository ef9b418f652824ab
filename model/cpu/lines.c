/* SPDX-License-Identifier: MIT */
/* Source lines: the DWARF line table, flattened once with libdw. */
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

#include "image_private.h"

/* Enough for a kernel's worth of switching code; more is hostile. */
enum { MAX_ROWS = 1 << 20, MAX_FILES = 1 << 14 };

/* One copy of each file name. NULL if there is no memory, or too many. */
static const char *intern(struct image_private *p, const char *name)
{
	char **files;

	for (size_t i = p->n_files; i-- > 0;)
		if (strcmp(p->files[i], name) == 0)
			return p->files[i];
	if (p->n_files == MAX_FILES)
		return NULL;
	files = realloc(p->files, (p->n_files + 1) * sizeof(*files));
	if (files == NULL)
		return NULL;
	p->files = files;
	files[p->n_files] = strdup(name);
	return files[p->n_files] == NULL ? NULL : files[p->n_files++];
}

static void add_row(struct image_private *p, Dwarf_Line *line, size_t *capacity)
{
	Dwarf_Addr address;
	const char *file;
	bool end = false;
	int number;

	if (dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &number) != 0 || address > UINT32_MAX ||
	    p->n_rows == MAX_ROWS)
		return;
	file = dwarf_linesrc(line, NULL, NULL);
	(void)dwarf_lineendsequence(line, &end);
	if (file == NULL || (file = intern(p, file)) == NULL)
		return;
	if (p->n_rows == *capacity) {
		size_t wanted = *capacity == 0 ? 256 : *capacity * 2;
		struct line_row *rows = realloc(p->rows, wanted * sizeof(*rows));

		if (rows == NULL)
			return;
		p->rows = rows;
		*capacity = wanted;
	}
	p->rows[p->n_rows++] = (struct line_row){(uint32_t)address, end || number < 0 ? 0 : number, file};
}

/* At one address the end of a sequence comes before the start of the next; of several lines the last one
 * wins. */
static int compare_rows(const void *a, const void *b)
{
	const struct line_row *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->line != 0) - (y->line != 0);
}

void lines_load(struct image_private *p, Elf *elf)
{
	Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
	Dwarf_Off offset = 0, next;
	size_t header, capacity = 0;

	if (dwarf == NULL)
		return;
	while (dwarf_nextcu(dwarf, offset, &next, &header, NULL, NULL, NULL) == 0) {
		Dwarf_Die die;
		Dwarf_Lines *lines;
		size_t n;

		if (dwarf_offdie(dwarf, offset + header, &die) != NULL &&
		    dwarf_getsrclines(&die, &lines, &n) == 0)
			for (size_t i = 0; i < n; i++)
				add_row(p, dwarf_onesrcline(lines, i), &capacity);
		if (next <= offset)
			break;
		offset = next;
	}
	(void)dwarf_end(dwarf);
	if (p->n_rows != 0)
		qsort(p->rows, p->n_rows, sizeof(*p->rows), compare_rows);
}

bool image_line(const struct image *image, uint32_t address, const char **file, int *line)
{
	const struct image_private *p = image->lines;
	size_t low = 0, high = p == NULL ? 0 : p->n_rows;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->rows[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || p->rows[low - 1].line == 0)
		return false;
	*file = p->rows[low - 1].file;
	*line = p->rows[low - 1].line;
	return true;
}
