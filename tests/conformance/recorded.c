/* SPDX-License-Identifier: MIT */
/*
 * Batches in files, with what the emulated core made of them. They are read by the same program on the same machine: everything of fixed
 * size is written as it is.
 */
#include "recorded.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAGIC = 0x4c535743 };

static bool transfer(FILE *f, void *p, size_t bytes, bool write)
{
	if (bytes == 0)
		return true;
	return write ? fwrite(p, bytes, 1, f) == 1 : fread(p, bytes, 1, f) == 1;
}

bool batch_save(const struct batch *b, const char *path, struct error *e)
{
	FILE *f = fopen(path, "wb");
	uint32_t head[5] = {MAGIC, b->big_endian, b->window_bytes, b->n_segments, (uint32_t)b->n_cases};
	bool good = f && transfer(f, head, sizeof(head), true);

	for (unsigned i = 0; good && i < b->n_segments; i++) {
		const struct segment *s = &b->segments[i];
		uint32_t shead[3] = {s->address, s->bytes, s->code};

		good = transfer(f, shead, sizeof(shead), true) && transfer(f, s->data, s->bytes, true);
	}
	for (size_t i = 0; good && i < b->n_cases; i++) {
		struct conformance_case c = b->cases[i];

		good = transfer(f, &c, sizeof(c), true) && transfer(f, c.window, b->window_bytes, true) &&
		       transfer(f, c.window_theirs, b->window_bytes, true);
	}
	if (f && fclose(f) != 0)
		good = false;
	if (!good)
		error_set(e, "%s: cannot be written: %s", path, strerror(errno));
	return good;
}

bool batch_load(struct batch *b, const char *path, struct error *e)
{
	FILE *f = fopen(path, "rb");
	uint32_t head[5];
	bool good = f && transfer(f, head, sizeof(head), false) && head[0] == MAGIC;

	if (good)
		batch_init(b, head[1] != 0, head[2]);
	else
		batch_init(b, false, 0);
	for (unsigned i = 0; good && i < head[3]; i++) {
		uint32_t shead[3];

		good = transfer(f, shead, sizeof(shead), false);
		if (good) {
			struct segment *s = batch_segment(b, shead[0], shead[1], shead[2] != 0);

			good = transfer(f, s->data, s->bytes, false);
		}
	}
	for (size_t i = 0; good && i < head[4]; i++) {
		struct conformance_case *c = batch_case(b);
		uint8_t *window = c->window, *theirs = c->window_theirs;

		good = transfer(f, c, sizeof(*c), false);
		c->window = window;
		c->window_theirs = theirs;
		good = good && transfer(f, window, b->window_bytes, false) &&
		       transfer(f, theirs, b->window_bytes, false);
	}
	if (f)
		(void)fclose(f);
	if (!good)
		error_set(e, "%s: cannot be read, or is no record of a batch", path);
	return good;
}
