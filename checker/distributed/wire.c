/* SPDX-License-Identifier: MIT */
#include "checker/distributed/wire.h"

#include <stdlib.h>
#include <string.h>

/* In front of a segment: how long it is. */
enum { HEAD_BYTES = sizeof(uint32_t) };

bool wire_init(struct wire_writer *w, size_t words)
{
	*w = (struct wire_writer){.open = SIZE_MAX, .last = calloc(words, sizeof(*w->last)), .words = words};
	return w->last != NULL;
}

void wire_free(struct wire_writer *w)
{
	free(w->bytes);
	free(w->last);
	*w = (struct wire_writer){0};
}

void wire_clear(struct wire_writer *w)
{
	w->n = 0;
	w->open = SIZE_MAX;
}

/* Room for the longest record there is, and a head. */
static bool reserve(struct wire_writer *w)
{
	size_t more = HEAD_BYTES + (2 + 2 * w->words) * WIRE_NUMBER_MAX, size = w->size;
	uint8_t *bytes;

	if (w->size - w->n >= more)
		return true;
	while (size - w->n < more)
		size = size ? 2 * size : 1 << 12;
	bytes = realloc(w->bytes, size);
	if (!bytes)
		return false;
	w->bytes = bytes;
	w->size = size;
	return true;
}

void wire_close(struct wire_writer *w)
{
	uint32_t length;

	if (w->open == SIZE_MAX)
		return;
	length = (uint32_t)(w->n - w->open - HEAD_BYTES);
	memcpy(w->bytes + w->open, &length, sizeof(length));
	w->open = SIZE_MAX;
}

static void open_segment(struct wire_writer *w)
{
	w->open = w->n;
	w->n += HEAD_BYTES;
	w->tag = 0;
	memset(w->last, 0, w->words * sizeof(*w->last));
}

/* A tag may be less than the one before, but seldom is: the lowest bit says so. */
static uint64_t fold(uint64_t tag, uint64_t last)
{
	return tag >= last ? (tag - last) << 1 : (last - tag) << 1 | 1;
}

static uint64_t unfold(uint64_t folded, uint64_t last)
{
	return (folded & 1) == 0 ? last + (folded >> 1) : last - (folded >> 1);
}

/* The words that differ: how many of the same lie before each, plus one, and its value; then a zero. */
bool wire_put(struct wire_writer *w, uint64_t tag, const uint32_t *state)
{
	size_t same = 0;
	uint8_t *at;

	if (!reserve(w))
		return false;
	if (w->open == SIZE_MAX)
		open_segment(w);
	at = wire_number(w->bytes + w->n, fold(tag, w->tag));
	for (size_t i = 0; i < w->words; i++) {
		if (state[i] == w->last[i])
			continue;
		at = wire_number(at, i - same + 1);
		at = wire_number(at, state[i]);
		w->last[i] = state[i];
		same = i + 1;
	}
	*at++ = 0;
	w->tag = tag;
	w->n = (size_t)(at - w->bytes);
	if (w->n - w->open >= WIRE_SEGMENT_BYTES)
		wire_close(w);
	return true;
}

int wire_next(const uint8_t **bytes, size_t *n, struct wire_segment *segment)
{
	uint32_t length;

	if (*n == 0)
		return 0;
	if (*n < HEAD_BYTES)
		return -1;
	memcpy(&length, *bytes, sizeof(length));
	if (length > *n - HEAD_BYTES)
		return -1;
	*segment = (struct wire_segment){.at = *bytes + HEAD_BYTES, .end = *bytes + HEAD_BYTES + length};
	*bytes += HEAD_BYTES + length;
	*n -= HEAD_BYTES + length;
	return 1;
}

int wire_get(struct wire_segment *segment, uint64_t *tag, uint32_t *state, size_t words)
{
	const uint8_t *at = segment->at;
	uint64_t number, value;
	size_t word = 0;

	if (at == segment->end)
		return 0;
	at = wire_read_number(at, segment->end, &number);
	if (!at)
		return -1;
	segment->tag = *tag = unfold(number, segment->tag);
	for (;;) {
		at = wire_read_number(at, segment->end, &number);
		if (!at)
			return -1;
		if (number == 0)
			break;
		at = wire_read_number(at, segment->end, &value);
		if (!at || number > words - word || value > UINT32_MAX)
			return -1;
		word += number;
		state[word - 1] = (uint32_t)value;
	}
	segment->at = at;
	return 1;
}
