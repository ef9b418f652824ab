/* SPDX-License-Identifier: MIT */
#include "sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTING_MAX = 4096 }; /* instructions; a function that is longer is shown in parts */

int sources_open(struct report_sources *s, const struct image *image, const struct report_texts *texts)
{
	*s = (struct report_sources){.image = image, .texts = texts};
	s->known = calloc((image->code_end - image->code_start) / 4 + 1, sizeof(*s->known));
	return s->known ? 0 : -1;
}

void sources_close(struct report_sources *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->source[i].name);
		free(s->source[i].path);
		free(s->source[i].text);
	}
	for (size_t i = 0; i < s->n_missing; i++)
		free(s->missing[i]);
	free(s->missing);
	free(s->source);
	free(s->known);
}

static unsigned count_lines(const char *text, size_t size)
{
	unsigned lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	return lines + (size > 0 && text[size - 1] != '\n');
}

/* Takes over the strings of `source`, also when it fails. Returns its number, or -1. */
static int add(struct report_sources *s, struct report_source source)
{
	struct report_source *all = realloc(s->source, (s->n + 1) * sizeof(*all));

	if (all)
		s->source = all;
	if (!all || !source.name || !source.path || !source.text) {
		free(source.name);
		free(source.path);
		free(source.text);
		return -1;
	}
	source.lines = count_lines(source.text, source.size);
	s->source[s->n] = source;
	return (int)s->n++;
}

static bool is_missing(const struct report_sources *s, const char *file)
{
	for (size_t i = 0; i < s->n_missing; i++) {
		if (strcmp(s->missing[i], file) == 0)
			return true;
	}
	return false;
}

static int add_missing(struct report_sources *s, const char *file)
{
	char **all = realloc(s->missing, (s->n_missing + 1) * sizeof(*all));

	if (!all)
		return -1;
	s->missing = all;
	all[s->n_missing] = strdup(file);
	return all[s->n_missing] ? (s->n_missing++, 0) : -1;
}

/* The source of a file of the line table. Returns 1 with *number, 0 if its text is not there, or -1. */
static int find_file(struct report_sources *s, const char *file, uint32_t *number)
{
	const char *slash = strrchr(file, '/');
	struct report_source source = {0};
	int added, there;

	for (size_t i = 0; i < s->n; i++) {
		if (!s->source[i].listing && strcmp(s->source[i].path, file) == 0) {
			*number = (uint32_t)i;
			return 1;
		}
	}
	if (is_missing(s, file))
		return 0;
	there = s->texts->text(s->texts->arg, file, &source.text, &source.size);
	if (there <= 0)
		return there < 0 ? -1 : add_missing(s, file);
	source.name = strdup(slash ? slash + 1 : file);
	source.path = strdup(file);
	added = add(s, source);
	*number = (uint32_t)added;
	return added < 0 ? -1 : 1;
}

/* The function that an address lies in, or what else begins before it. */
static uint32_t listing_start(const struct image *image, uint32_t pc)
{
	const struct image_symbol *at = image_symbol_at(image, pc);
	uint32_t start = at ? at->address : image->code_start;

	for (size_t i = 0; i < image->n_symbols && image->symbols[i].address <= pc; i++) {
		if (image->symbols[i].function && image->symbols[i].address >= image->code_start)
			start = image->symbols[i].address;
	}
	return start + (pc - start) / (4 * LISTING_MAX) * (4 * LISTING_MAX);
}

/* Up to the next function. */
static uint32_t listing_end(const struct image *image, uint32_t start)
{
	uint32_t end = image->code_end;

	for (size_t i = 0; i < image->n_symbols; i++) {
		if (image->symbols[i].function && image->symbols[i].address > start) {
			end = image->symbols[i].address < end ? image->symbols[i].address : end;
			break;
		}
	}
	return end - start > 4 * LISTING_MAX ? start + 4 * LISTING_MAX : end;
}

static void list(const struct image *image, uint32_t start, uint32_t end, FILE *f)
{
	char text[160], where[128];

	for (uint32_t address = start; address < end; address += 4) {
		image_instruction(image, address, text, sizeof(text));
		image_where(image, address, where, sizeof(where));
		(void)fprintf(f, "%08x  %08x  %s", address, image_insn(image, address)->raw, text);
		if (!strchr(where, '+') && address > start)
			(void)fprintf(f, "\t@ %s:", where);
		(void)fputc('\n', f);
	}
}

static int add_listing(struct report_sources *s, uint32_t pc)
{
	uint32_t start = listing_start(s->image, pc);
	struct report_source source = {.listing = true, .start = start, .end = listing_end(s->image, start)};
	char where[128], path[160];
	FILE *f = open_memstream(&source.text, &source.size);
	int failed;

	if (!f)
		return -1;
	list(s->image, source.start, source.end, f);
	failed = ferror(f);
	if (fclose(f) != 0 || failed) {
		free(source.text);
		return -1;
	}
	image_where(s->image, start, where, sizeof(where));
	(void)snprintf(path, sizeof(path), "disassembly of %s", where);
	source.name = strdup(where);
	source.path = strdup(path);
	return add(s, source);
}

static int place_in_listing(struct report_sources *s, uint32_t pc, struct report_place *place)
{
	int number = -1;

	for (size_t i = 0; i < s->n && number < 0; i++) {
		if (s->source[i].listing && pc - s->source[i].start < s->source[i].end - s->source[i].start)
			number = (int)i;
	}
	if (number < 0)
		number = add_listing(s, pc);
	if (number < 0)
		return -1;
	*place = (struct report_place){(uint32_t)number, (pc - s->source[number].start) / 4 + 1};
	return 0;
}

int sources_place(struct report_sources *s, uint32_t pc, struct report_place *place)
{
	struct report_place *known;
	const char *file;
	uint32_t number = 0;
	int line, found = 0;

	*place = (struct report_place){0};
	if (!image_insn(s->image, pc))
		return 0;
	known = &s->known[(pc - s->image->code_start) / 4];
	if (known->line == 0) {
		if (image_line(s->image, pc, &file, &line))
			found = find_file(s, file, &number);
		if (found < 0)
			return -1;
		if (found > 0 && line > 0 && (unsigned)line <= s->source[number].lines)
			*known = (struct report_place){number, (uint32_t)line};
		else if (place_in_listing(s, pc, known))
			return -1;
	}
	*place = *known;
	return 0;
}
