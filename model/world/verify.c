/* SPDX-License-Identifier: MIT */
#include "verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "slots.h"
#include "verify_private.h"

int verify_differs(struct verify *v, const struct taken *t, const char *format, ...)
{
	char what[512], label[64] = "", where[96] = "";
	size_t at = 0;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	v->found = true;
	if (!t)
		return error_set(v->error, "internal fault: a reduction is wrong, in state %llu: %s",
		                 (unsigned long long)v->counts.states, what);
	for (unsigned i = 0; i < t->t.label.length && at < sizeof(label) - 8; i++)
		at += (size_t)snprintf(label + at, sizeof(label) - at, "%s%u", i > 0 ? "." : "",
		                       t->t.label.choice[i]);
	return error_set(v->error,
	                 "internal fault: a reduction is wrong, in state %llu, in the step %s (cpu%u: %s, "
	                 "from %s): %s",
	                 (unsigned long long)v->counts.states, label, t->cpu, world_action_names[t->action],
	                 image_where(v->world->image, t->start, where, sizeof(where)), what);
}

const char *verify_place(const struct verify *v, uint32_t i, char *buf, size_t size)
{
	const struct world *w = v->world;

	if (i < w->ram_words)
		(void)snprintf(buf, size, "memory at 0x%08x", w->ram_base + i * 4);
	else if (i < w->cpus_at)
		(void)snprintf(buf, size, "ghost %u", i - w->ghosts_at);
	else
		(void)snprintf(buf, size, "cpu%u, word %u", (i - w->cpus_at) / w->cpu_words,
		               (i - w->cpus_at) % w->cpu_words);
	return buf;
}

uint32_t verify_difference(const struct verify *v, const uint32_t *a, const uint32_t *b, unsigned except)
{
	const struct world *w = v->world;

	for (unsigned s = 0; s < w->n_slots; s++) {
		for (unsigned k = 0; k < w->slots[s].spans && s != except; k++) {
			const struct span *span = &w->slots[s].span[k];

			if (memcmp(a + span->first, b + span->first, span->count * sizeof(*a)) == 0)
				continue;
			for (uint32_t i = span->first;; i++) {
				if (a[i] != b[i])
					return i;
			}
		}
	}
	return w->words;
}

/* SplitMix64: the seed is fixed, so that a fault that was found is found again. */
uint64_t verify_random(struct verify *v)
{
	uint64_t z = v->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

int verify_step(struct verify *v, struct machine *m, const struct model_label *label,
                const struct world_choice *wanted, unsigned n_wanted)
{
	struct error e = {0};
	int failed;

	memset(m->dirty, 0, v->world->n_slots);
	v->learnt.refined = false;
	m->learnt = &v->learnt;
	m->wanted = wanted;
	m->n_wanted = n_wanted;
	failed = machine_step(m, label, &e);
	m->wanted = NULL;
	if (!failed && !m->ended && !m->disabled)
		machine_canonicalise(m);
	else
		memory_forget_spent(m);
	if (v->found) /* while it was interrupted */
		return -1;
	if (failed)
		return verify_differs(v, NULL, "the machine cannot make a step: %.300s", e.text);
	v->unknown = v->may_learn && v->learnt.refined;
	if (v->unknown)
		v->learnt = *collapsed_learnt(v->collapsed);
	if (v->learnt.refined)
		return verify_differs(v, NULL,
		                      "a step of cpu%u (%s, from 0x%08x) touches what was taken for private, "
		                      "or uses what was "
		                      "taken for dead, at 0x%08x",
		                      m->cpu_number, world_action_names[m->action], m->start, m->pc);
	return 0;
}

/* What numbers stand for. */
static void contents(struct verify *v, const uint32_t *numbers, uint32_t *words)
{
	memcpy(words, v->boot, v->world->words * sizeof(*words));
	v->view->words = words;
	for (unsigned s = 0; s < v->world->n_slots; s++) {
		uint32_t count;
		const uint32_t *in = collapsed_contents(v->collapsed, s, numbers[s], &count);

		slot_scatter(v->view, &v->world->slots[s], in, count);
	}
}

static void note_pc(void *arg, struct machine *m)
{
	struct taken *t = arg;

	if (t->n_pcs < VERIFY_PCS)
		t->pcs[t->n_pcs++] = m->cpu->core.pc;
}

/* The step that the machine has just made is the one remembered. */
static int compare_step(struct verify *v, struct taken *t)
{
	struct machine *m = v->m;
	struct model_label label;
	char place[64];
	uint32_t i;

	t->cpu = m->cpu_number;
	t->action = m->action;
	t->start = m->start;
	t->n_choices = m->n_choices;
	memcpy(t->choices, m->choices, m->n_choices * sizeof(*m->choices));
	memcpy(t->choices + m->n_choices, m->forced, m->n_forced * sizeof(*m->forced));
	t->n_all = m->n_choices + m->n_forced;
	machine_label(m, &label);
	if (memcmp(&label, &t->t.label, sizeof(label)) != 0)
		return verify_differs(v, t, "the machine makes another step in its place");
	if (m->violated != t->t.violated || m->ended != t->ends || machine_cause(m) != t->t.cause)
		return verify_differs(v, t, "it violates 0x%x%s as remembered, 0x%x%s on the machine",
		                      t->t.violated, t->ends ? " and ends the run" : "", m->violated,
		                      m->ended ? " and ends the run" : "");
	if (m->ended)
		return 0;
	i = verify_difference(v, m->words, t->next, SLOT_NONE);
	if (i < v->world->words)
		return verify_differs(v, t, "%s is 0x%08x as remembered, 0x%08x on the machine",
		                      verify_place(v, i, place, sizeof(place)), t->next[i], m->words[i]);
	machine_canonicalise(m);
	i = verify_difference(v, m->words, t->next, SLOT_NONE);
	if (i < v->world->words)
		return verify_differs(v, t, "the canonical form of what is canonical is another, at %s",
		                      verify_place(v, i, place, sizeof(place)));
	return 0;
}

static int check_steps(struct verify *v)
{
	struct model_label label = {0};
	unsigned k = 0;
	int status;

	do {
		struct taken none = {0}, *t = k < v->n ? &v->taken[k] : &none;

		memcpy(v->m->words, v->state, v->world->words * sizeof(*v->state));
		t->n_pcs = 0;
		v->m->between = note_pc;
		v->m->between_arg = t;
		status = verify_step(v, v->m, &label, NULL, 0);
		v->m->between = NULL;
		if (status)
			return -1;
		if (v->m->disabled)
			continue;
		if (k == v->n)
			return verify_differs(v, NULL, "the machine can make a step that is not remembered");
		if (compare_step(v, t))
			return -1;
		v->counts.steps++;
		k++;
	} while (machine_next_label(v->m, &label));
	return k == v->n ? 0 : verify_differs(v, &v->taken[k], "the machine cannot make it");
}

static int out_of_memory(struct verify *v)
{
	return error_set(v->error, "out of memory");
}

static struct taken *new_taken(struct verify *v)
{
	struct taken *t;

	if (v->n == v->room) {
		unsigned room = v->room ? v->room * 2 : 16;
		struct taken *taken = realloc(v->taken, room * sizeof(*taken));

		if (!taken)
			return NULL;
		memset(taken + v->room, 0, (room - v->room) * sizeof(*taken));
		v->taken = taken;
		v->room = room;
	}
	t = &v->taken[v->n];
	if (!t->numbers)
		t->numbers = calloc(v->world->n_slots + 1, sizeof(*t->numbers));
	if (!t->next)
		t->next = calloc(v->world->words, sizeof(*t->next));
	if (!t->numbers || !t->next)
		return NULL;
	v->n++;
	return t;
}

static int collect(void *arg, const struct model_transition *transition)
{
	struct verify *v = arg;
	struct taken *t = new_taken(v);

	if (!t)
		return 1;
	t->t = *transition;
	t->t.next = NULL;
	t->ends = transition->next == NULL;
	if (!t->ends)
		memcpy(t->numbers, transition->next, v->world->n_slots * sizeof(*t->numbers));
	return 0;
}

static int check(struct verify *v)
{
	contents(v, v->numbers, v->state);
	for (unsigned k = 0; k < v->n; k++) {
		if (!v->taken[k].ends)
			contents(v, v->taken[k].numbers, v->taken[k].next);
	}
	v->counts.states++;
	/* The others need to know what was chosen. */
	if (check_steps(v))
		return -1;
	if ((v->checks & VERIFY_DEAD) != 0 && verify_dead(v))
		return -1;
	if ((v->checks & VERIFY_SYMMETRY) != 0 && verify_symmetry(v))
		return -1;
	return (v->checks & VERIFY_MERGE) != 0 ? verify_merge(v) : 0;
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	struct verify *v = self;
	enum model_status status;

	v->n = 0;
	v->error = e;
	v->numbers = state;
	status = v->searched->successors(v->searched->self, state, collect, v, e);
	if (status == MODEL_STOPPED) {
		(void)out_of_memory(v);
		return MODEL_ERROR;
	}
	if (status != MODEL_OK)
		return status;
	if (check(v))
		return MODEL_ERROR;
	for (unsigned k = 0; k < v->n; k++) {
		struct model_transition t = v->taken[k].t;

		t.next = v->taken[k].ends ? NULL : v->taken[k].numbers;
		if (emit(arg, &t))
			return MODEL_STOPPED;
	}
	return MODEL_OK;
}

static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	struct verify *v = self;
	enum model_status status = v->searched->initial(v->searched->self, state, e);

	if (status != MODEL_OK)
		return status;
	v->counts = (struct verify_counts){0};
	map_free(&v->seen);
	v->learnt = *collapsed_learnt(v->collapsed);
	v->m->learnt = NULL;
	if (machine_boot(v->m, e))
		return MODEL_ERROR;
	memory_forget_spent(v->m);
	memcpy(v->boot, v->m->words, v->world->words * sizeof(*v->boot));
	return MODEL_OK;
}

static enum model_status representative(void *self, const uint32_t *state, uint32_t *out, struct error *e)
{
	struct verify *v = self;

	return v->searched->representative(v->searched->self, state, out, e);
}

static size_t memory(void *self)
{
	struct verify *v = self;

	return v->searched->memory(v->searched->self) + map_memory(&v->seen) +
	       v->room * (v->world->words + v->world->n_slots) * sizeof(uint32_t);
}

static struct machine *new_machine(const struct world *w)
{
	struct machine *m = machine_new(w);

	if (!m)
		return NULL;
	m->spent = calloc(w->ram_words, 1);
	if (m->spent)
		return m;
	machine_free(m);
	return NULL;
}

struct verify *verify_new(const struct world *w, struct collapsed *collapsed, const struct model *searched,
                          unsigned checks, struct error *e)
{
	struct verify *v = calloc(1, sizeof(*v));
	uint32_t *words = calloc((size_t)w->words * 7, sizeof(*words));

	if (v) {
		v->world = w;
		v->m = new_machine(w);
		v->other = new_machine(w);
		v->view = calloc(1, sizeof(*v->view));
		v->dead = calloc(w->words, 1);
	}
	if (!v || !words || !v->m || !v->other || !v->view || !v->dead) {
		free(words);
		verify_free(v);
		error_set(e, "out of memory");
		return NULL;
	}
	v->boot = words;
	v->state = words + w->words;
	v->a = v->state + w->words;
	v->b = v->a + w->words;
	v->c = v->b + w->words;
	v->in = v->c + w->words;
	v->out = v->in + w->words;
	v->own = v->other->words;
	v->collapsed = collapsed;
	v->searched = searched;
	v->checks = checks;
	v->model = *searched;
	v->model.self = v;
	v->model.initial = initial;
	v->model.successors = successors;
	v->model.representative = searched->representative ? representative : NULL;
	v->model.memory = memory;
	v->model.reader_new = NULL;
	v->model.reader_free = NULL;
	v->model.recall = NULL;
	v->model.recall_representative = NULL;
	return v;
}

void verify_free(struct verify *v)
{
	if (!v)
		return;
	for (unsigned i = 0; i < v->room; i++) {
		free(v->taken[i].numbers);
		free(v->taken[i].next);
	}
	free(v->taken);
	map_free(&v->seen);
	machine_free(v->m);
	machine_free(v->other);
	free(v->view);
	free(v->dead);
	free(v->boot);
	free(v);
}

const struct model *verify_model(struct verify *v)
{
	return &v->model;
}

bool verify_found(const struct verify *v)
{
	return v->found;
}

void verify_counts(const struct verify *v, struct verify_counts *counts)
{
	*counts = v->counts;
}
