/* SPDX-License-Identifier: MIT */
/* Batches in memory, and as ELF executables. */
#include "batch.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

void batch_init(struct batch *b, bool big_endian, uint32_t window_bytes)
{
	memset(b, 0, sizeof(*b));
	b->big_endian = big_endian;
	b->window_bytes = window_bytes;
}

void batch_free(struct batch *b)
{
	for (unsigned i = 0; i < b->n_segments; i++)
		free(b->segments[i].data);
	for (size_t i = 0; i < b->n_cases; i++) {
		free(b->cases[i].window);
		free(b->cases[i].window_theirs);
	}
	free(b->cases);
	memset(b, 0, sizeof(*b));
}

struct segment *batch_segment(struct batch *b, uint32_t address, uint32_t bytes, bool code)
{
	struct segment *s = b->n_segments < SEGMENTS_MAX ? &b->segments[b->n_segments++] : must(NULL);

	*s = (struct segment){address, bytes, code, must(calloc(bytes + 1, 1))};
	return s;
}

struct conformance_case *batch_case(struct batch *b)
{
	struct conformance_case *c;

	if (b->n_cases == b->room) {
		b->room = b->room == 0 ? 64 : 2 * b->room;
		b->cases = must(realloc(b->cases, b->room * sizeof(*b->cases)));
	}
	c = &b->cases[b->n_cases++];
	memset(c, 0, sizeof(*c));
	c->window = must(calloc(b->window_bytes + 1, 1));
	c->window_theirs = must(calloc(b->window_bytes + 1, 1));
	c->in[W_WINDOW_BYTES] = b->window_bytes;
	return c;
}

bool batch_add_runner(struct batch *b, const char *path, struct error *e)
{
	struct segment *s = batch_segment(b, RUNNER, RUNNER_HEAD_BYTES, true);
	FILE *f = fopen(path, "rb");
	bool good = f != NULL && fread(s->data, s->bytes, 1, f) == 1;

	if (f != NULL)
		(void)fclose(f);
	if (!good)
		error_set(e, "%s: the runner cannot be read", path);
	return good;
}

void batch_add_cp15(struct batch *b)
{
	const uint32_t *reads;
	unsigned n = state_cp15_code(&reads);
	struct segment *s = batch_segment(b, NAMES, 4 * n, true);

	for (unsigned i = 0; i < n; i++)
		put_word(s->data + 4 * i, reads[i], false);
}

static void put_half(uint8_t *p, unsigned value, bool big_endian)
{
	p[big_endian ? 1 : 0] = (uint8_t)value;
	p[big_endian ? 0 : 1] = (uint8_t)(value >> 8);
}

/* The part of a segment that goes into an image. */
static void clip(const struct segment *s, uint32_t from, uint32_t to, uint32_t *first, uint32_t *bytes)
{
	*first = 0;
	*bytes = s->bytes;
	if (s->address != CODE)
		return;
	*first = from - s->address;
	*bytes = to - from;
}

struct image *batch_image(const struct batch *b, uint32_t from, uint32_t to, struct error *e)
{
	bool big = b->big_endian;
	size_t size = sizeof(Elf32_Ehdr) + b->n_segments * sizeof(Elf32_Phdr), at = size;
	struct image *image;
	uint8_t *file, *h;

	for (unsigned i = 0; i < b->n_segments; i++)
		size += b->segments[i].bytes;
	file = must(calloc(size, 1));
	memcpy(file, ELFMAG, SELFMAG);
	file[EI_CLASS] = ELFCLASS32;
	file[EI_DATA] = big ? ELFDATA2MSB : ELFDATA2LSB;
	file[EI_VERSION] = EV_CURRENT;
	put_half(file + 16, ET_EXEC, big);
	put_half(file + 18, EM_ARM, big);
	put_word(file + 20, EV_CURRENT, big);
	put_word(file + 24, CODE, big);               /* e_entry */
	put_word(file + 28, sizeof(Elf32_Ehdr), big); /* e_phoff */
	put_word(file + 36, EF_ARM_EABI_VER5 | (big ? EF_ARM_BE8 : 0), big);
	put_half(file + 40, sizeof(Elf32_Ehdr), big);
	put_half(file + 42, sizeof(Elf32_Phdr), big);
	put_half(file + 44, b->n_segments, big);
	put_half(file + 46, sizeof(Elf32_Shdr), big);
	h = file + sizeof(Elf32_Ehdr);
	for (unsigned i = 0; i < b->n_segments; i++, h += sizeof(Elf32_Phdr)) {
		const struct segment *s = &b->segments[i];
		uint32_t first, bytes;

		clip(s, from, to, &first, &bytes);
		put_word(h, PT_LOAD, big);
		put_word(h + 4, (uint32_t)at, big);
		put_word(h + 8, s->address + first, big);
		put_word(h + 12, s->address + first, big);
		put_word(h + 16, bytes, big);
		put_word(h + 20, bytes, big);
		put_word(h + 24, s->code ? PF_R | PF_X : PF_R | PF_W, big);
		put_word(h + 28, 4, big);
		memcpy(file + at, s->data + first, bytes);
		at += bytes;
	}
	image = image_load("a batch of cases", file, at, e);
	free(file);
	return image;
}
