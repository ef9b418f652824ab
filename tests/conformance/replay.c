/* SPDX-License-Identifier: MIT */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "departures.h"
#include "model/cpu/exec.h"
#include "state.h"

static bool inside(uint32_t address, uint32_t bytes, uint32_t at, uint32_t size)
{
	return address >= at && bytes <= size && address - at <= size - bytes;
}

static uint8_t *memory_at(const struct replay *r, uint32_t address, uint32_t bytes, bool write)
{
	if (inside(address, bytes, r->window_at, r->window_bytes))
		return r->window + (address - r->window_at);
	for (size_t i = 0; !write && i < r->image->n_segments; i++) {
		const struct image_segment *s = &r->image->segments[i];

		if (inside(address, bytes, s->address, s->bytes))
			return s->data + (address - s->address);
	}
	return NULL;
}

static enum cpu_access on_access(void *self, uint32_t address, uint32_t bytes, bool write, struct error *e)
{
	if (memory_at(self, address, bytes, write) != NULL)
		return ACCESS_OK;
	error_set(e, "no memory at 0x%08x", address);
	return ACCESS_FAULT;
}

static uint32_t on_load(void *self, uint32_t address, unsigned bytes)
{
	const struct replay *r = self;
	const uint8_t *p = memory_at(r, address, bytes, false);
	uint32_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint32_t)p[i] << 8 * (r->image->big_endian ? bytes - 1 - i : i);
	return value;
}

static void on_store(void *self, uint32_t address, unsigned bytes, uint32_t value)
{
	const struct replay *r = self;
	uint8_t *p = memory_at(r, address, bytes, true);

	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> 8 * (r->image->big_endian ? bytes - 1 - i : i));
}

static unsigned on_choose(void *self, unsigned n)
{
	struct replay *r = self;

	(void)n;
	r->choices++;
	return 0;
}

static bool on_event(void *self, const struct cpu_event *event)
{
	struct replay *r = self;

	if (event->kind == CPU_BKPT)
		r->bkpt = true;
	return true;
}

void replay_enter(struct replay *r, const struct image *image, const struct conformance_case *c,
                  uint8_t *window)
{
	memset(r, 0, sizeof(*r));
	r->image = image;
	r->window = window;
	r->window_at = c->in[W_WINDOW];
	r->window_bytes = c->in[W_WINDOW_BYTES];
	memcpy(window, c->window, r->window_bytes);
	state_enter(&r->cpu, image, c->in);
}

enum replay_end replay_step(struct replay *r, struct error *e)
{
	const struct cpu_env env = {r, on_access, on_load, on_store, on_choose, on_event};
	enum cpu_status status = cpu_step(&r->cpu, r->image, &env, e);

	r->insns++;
	if (r->bkpt)
		return END_BKPT;
	return status == CPU_OK ? END_VECTOR : END_FAULT;
}

bool replay_at_end(const struct replay *r, unsigned *vector)
{
	uint32_t pc = r->cpu.core.pc;

	if (pc == RUNNER_STOP) {
		*vector = VECTOR_STOP;
		return true;
	}
	*vector = (pc - RUNNER_HYP_VECTORS) / 4;
	return pc >= RUNNER_HYP_VECTORS && *vector < 8;
}

enum replay_end replay_run(struct replay *r, unsigned limit, uint32_t words[STATE_WORDS], struct error *e)
{
	unsigned vector = 0;

	while (!replay_at_end(r, &vector)) {
		enum replay_end end = r->insns < limit ? replay_step(r, e) : END_LIMIT;

		if (end == END_BKPT)
			vector = ~0u;
		if (end == END_BKPT)
			state_leave(&r->cpu, r->image, vector, words);
		if (end != END_VECTOR)
			return end;
	}
	state_leave(&r->cpu, r->image, vector, words);
	return END_VECTOR;
}

bool replay_same(const struct conformance_case *c, const uint32_t ours[STATE_WORDS], const uint8_t *window,
                 uint32_t window_bytes, bool big_endian, char *text, size_t size)
{
	size_t used = 0;
	unsigned n = 0;

	text[0] = '\0';
	for (unsigned w = 0; w < W_WINDOW; w++) {
		char name[32];

		if (w == W_PC || ours[w] == c->theirs[w])
			continue;
		if (n++ < 4 && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s is 0x%08x, not 0x%08x",
			                         n > 1 ? ", " : "", state_name(w, big_endian, name), ours[w],
			                         c->theirs[w]);
	}
	for (uint32_t i = 0; i < window_bytes; i++) {
		if (window[i] == c->window_theirs[i])
			continue;
		if (n++ < 4 && used < size)
			used += (size_t)snprintf(text + used, size - used,
			                         "%sbyte 0x%08x is 0x%02x, not 0x%02x", n > 1 ? ", " : "",
			                         c->in[W_WINDOW] + i, window[i], c->window_theirs[i]);
	}
	return n == 0;
}

/* Cases for one image: those whose code lies close together, so that a run which stops early decodes little. */
enum { CHUNK = 1 << 20 };

static void code_range(const struct batch *b, size_t first, size_t last, uint32_t *from, uint32_t *to)
{
	const struct segment *code = NULL;

	*from = *to = CODE;
	for (unsigned i = 0; i < b->n_segments; i++)
		if (b->segments[i].address == CODE)
			code = &b->segments[i];
	if (!code)
		return;
	*to = CODE + code->bytes;
	if (first > 0 && b->cases[first].in[W_PC] >= CODE &&
	    b->cases[first].in[W_PC] > b->cases[first - 1].in[W_PC])
		*from = b->cases[first].in[W_PC];
	if (last < b->n_cases && b->cases[last].in[W_PC] > *from && b->cases[last].in[W_PC] < *to &&
	    b->cases[last].in[W_PC] > b->cases[last - 1].in[W_PC])
		*to = b->cases[last].in[W_PC];
}

static void compare_one(const struct batch *b, const struct image *image, const struct conformance_case *c,
                        uint8_t *window, struct differences *d)
{
	struct replay r;
	struct error e = {""};
	uint32_t words[STATE_WORDS];
	char text[sizeof(e.text) + 64];
	enum replay_end end;

	replay_enter(&r, image, c, window);
	end = replay_run(&r, REPLAY_LIMIT, words, &e);
	d->cases++;
	d->insns += r.insns;
	if (end == END_VECTOR) {
		departures_report(words);
		if (replay_same(c, words, window, b->window_bytes, b->big_endian, text, sizeof(text)))
			return;
	} else {
		(void)snprintf(text, sizeof(text), "our machine stops: %s",
		               end == END_LIMIT  ? "too many instructions"
		               : end == END_BKPT ? "BKPT"
		                                 : e.text);
	}
	if (d->different++ == 0)
		(void)snprintf(d->first, sizeof(d->first), "%.63s: %.900s", c->name, text);
}

bool replay_batch(const struct batch *b, bool stop, struct differences *d, struct error *e)
{
	uint8_t *window = malloc(b->window_bytes + 1);

	if (!window) {
		error_set(e, "out of memory");
		return false;
	}
	for (size_t first = 0; first < b->n_cases && !(stop && d->different > 0); first += CHUNK) {
		size_t last = first + CHUNK < b->n_cases ? first + CHUNK : b->n_cases;
		uint32_t from, to;
		struct image *image;

		code_range(b, first, last, &from, &to);
		image = batch_image(b, from, to, e);
		if (!image) {
			free(window);
			return false;
		}
		for (size_t i = first; i < last && !(stop && d->different > 0); i++)
			compare_one(b, image, &b->cases[i], window, d);
		image_free(image);
	}
	free(window);
	return true;
}
