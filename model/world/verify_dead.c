/* SPDX-License-Identifier: MIT */
/*
 * Dead values: from states with anything else in their place the machine must make the same steps, with the same
 * violations, to the same states but for values that are dead there or have only been moved.
 */
#include <string.h>

#include "poison.h"
#include "tags.h"
#include "verify_private.h"

enum { LIVE, POISONED, CLEARED, TRIED };

/* What is put where dead values are. */
enum filling { FILL_ZEROS, FILL_ONES, FILL_NUMBERED, FILL_NUMBERED_TOO, FILL_ALIVE, FILLINGS };

enum { JUNK = 0x5ca1ab1e, ALIVE = 64, NUMBERED = 0x40000000 };

struct fill {
	struct verify *v;
	enum filling kind;
	uint32_t flags[NR_CPUS]; /* that are dead */
	bool any_flags;
	uint32_t alive[ALIVE]; /* values from elsewhere in the state, but no FP data */
};

/* Words of a CPU that its canonical form may clear. */
static bool may_be_cleared(uint32_t at)
{
	const uint32_t lr = offsetof(struct cpu, core.lr) / 4, spsr = offsetof(struct cpu, core.spsr) / 4;

	return at < offsetof(struct cpu, core.sp) / 4 || at - lr < BANKS || at - spsr < BANKS ||
	       at == offsetof(struct cpu, core.elr_hyp) / 4 || at == offsetof(struct cpu, sys.hsr) / 4;
}

static void disturb(struct verify *v, uint32_t *words, uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++) {
		if (v->state[i] != 0)
			continue;
		words[i] = JUNK;
		v->dead[i] = TRIED;
	}
}

/* Is it for this CPU to bring the slot into canonical form? */
static bool in_its_hands(const struct verify *v, unsigned cpu, const struct slot *slot)
{
	if (slot->class == SLOT_HYP_STACK || (slot->class == SLOT_TASK && slot->index < NR_CPUS))
		return slot->index == cpu;
	if (slot->class != SLOT_TASK)
		return false;
	for (unsigned c = 0; c < v->world->config.cpus; c++) {
		if (machine_task(v->m, c) == slot->index)
			return c == cpu;
	}
	return true;
}

/* What the canonical form makes zero: found by asking it, with something else there. */
static void find_cleared(struct fill *f, unsigned cpu)
{
	struct verify *v = f->v;
	const struct world *w = v->world;
	struct machine *m = v->m;
	uint32_t first = w->cpus_at + cpu * w->cpu_words;

	memcpy(m->words, v->state, w->words * sizeof(*m->words));
	m->cpu_number = cpu;
	m->cpu = machine_cpu(m, cpu);
	m->host_sp = 0;
	m->n_spent = 0;
	m->learnt = &v->learnt;
	for (unsigned s = 0; s < w->n_slots; s++) {
		const struct slot *slot = &w->slots[s];

		m->dirty[s] = in_its_hands(v, cpu, slot);
		for (unsigned k = 0; m->dirty[s] && k < slot->spans; k++) {
			if (slot->span[k].reversed)
				disturb(v, m->words, slot->span[k].first, slot->span[k].count);
		}
	}
	for (uint32_t i = 0; i < w->cpu_words; i++) {
		if (may_be_cleared(i))
			disturb(v, m->words, first + i, 1);
	}
	m->cpu->core.cpsr |= PSR_FLAGS;
	machine_canonicalise(m);
	f->flags[cpu] = PSR_FLAGS & ~m->cpu->core.cpsr;
	f->any_flags |= f->flags[cpu] != 0;
	for (uint32_t i = 0; i < w->words; i++) {
		if (v->dead[i] == TRIED)
			v->dead[i] = m->words[i] == 0 ? CLEARED : LIVE;
	}
}

static void find_dead(struct fill *f)
{
	struct verify *v = f->v;
	const struct world *w = v->world;

	for (uint32_t i = 0; i < w->words; i++)
		v->dead[i] = is_poison(v->state[i]) ? POISONED : LIVE;
	for (unsigned c = 0; c < w->config.cpus; c++)
		find_cleared(f, c);
	for (unsigned n = 0; n < ALIVE; n++) {
		uint32_t value = 4 * n;

		for (unsigned tries = 0; tries < 200; tries++) {
			uint32_t i = (uint32_t)((verify_random(v) >> 32) * w->words >> 32);

			if (v->dead[i] == LIVE && v->state[i] != 0 && !is_tag(v->state[i])) {
				value = v->state[i];
				break;
			}
		}
		f->alive[n] = value;
	}
}

static uint32_t filling(const struct fill *f, uint32_t i)
{
	switch (f->kind) {
	case FILL_ZEROS:
		return 0;
	case FILL_ONES:
		return UINT32_MAX;
	case FILL_NUMBERED:
	case FILL_NUMBERED_TOO:
		return NUMBERED + i * 8 + f->kind;
	default:
		return f->alive[i % ALIVE];
	}
}

/* Has this word come from where a word was cleared? */
static bool is_moved(const struct fill *f, uint32_t word)
{
	uint32_t i = (word - NUMBERED - f->kind) / 8;

	if (f->kind == FILL_NUMBERED || f->kind == FILL_NUMBERED_TOO)
		return i < f->v->world->words && f->v->dead[i] == CLEARED && word == filling(f, i);
	for (unsigned n = 0; f->kind == FILL_ALIVE && n < ALIVE; n++) {
		if (word == f->alive[n])
			return true;
	}
	return word == filling(f, 0);
}

static void fill(const struct fill *f, uint32_t *words)
{
	static const uint32_t flags[FILLINGS] = {0, 0xf0000000, 0x50000000, 0xa0000000, 0x60000000};
	struct verify *v = f->v;
	const struct world *w = v->world;

	memcpy(words, v->state, w->words * sizeof(*words));
	for (uint32_t i = 0; i < w->words; i++) {
		if (v->dead[i] != LIVE)
			words[i] = filling(f, i);
	}
	for (unsigned c = 0; c < w->config.cpus; c++)
		words[w->cpus_at + c * w->cpu_words + offsetof(struct cpu, core.cpsr) / 4] |=
		        f->flags[c] & flags[f->kind];
}

/* Does a word that should be `expected` differ in nothing that counts? */
static bool alike(const struct fill *f, const uint32_t *filled, uint32_t i, uint32_t expected, uint32_t word)
{
	if (word == expected || is_poison(expected))
		return true;
	if (word == filled[i] && expected == f->v->state[i])
		return true;
	/* A PSR was saved, with flags that are dead. */
	if (f->any_flags && ((word ^ expected) & ~(uint32_t)PSR_FLAGS) == 0 && (word & 0x10) != 0)
		return true;
	return expected == 0 && is_moved(f, word);
}

static int compare_result(const struct fill *f, const uint32_t *filled, const struct taken *t)
{
	struct verify *v = f->v;
	const struct world *w = v->world;
	const uint32_t *words = v->m->words;

	for (unsigned s = 0; s < w->n_slots; s++) {
		for (unsigned k = 0; k < w->slots[s].spans; k++) {
			const struct span *span = &w->slots[s].span[k];

			for (uint32_t i = span->first; i < span->first + span->count; i++) {
				char place[64];

				if (alike(f, filled, i, t->next[i], words[i]))
					continue;
				return verify_differs(
				        v, t,
				        "what was taken for dead is not (filling %d): %s becomes 0x%08x, not "
				        "0x%08x",
				        (int)f->kind, verify_place(v, i, place, sizeof(place)), words[i],
				        t->next[i]);
			}
		}
	}
	return 0;
}

static int check_filling(struct fill *f)
{
	struct verify *v = f->v;
	struct machine *m = v->m;
	struct model_label label = {0}, made;
	unsigned k = 0;

	fill(f, v->a);
	do {
		const struct taken *t = k < v->n ? &v->taken[k] : NULL;

		memcpy(m->words, v->a, v->world->words * sizeof(*m->words));
		if (verify_step(v, m, &label, NULL, 0))
			return -1;
		if (m->disabled)
			continue;
		machine_label(m, &made);
		if (!t || memcmp(&made, &t->t.label, sizeof(made)) != 0)
			return verify_differs(
			        v, t, "what was taken for dead is not (filling %d): there are other steps",
			        (int)f->kind);
		if (m->violated != t->t.violated || m->ended != t->ends)
			return verify_differs(v, t,
			                      "what was taken for dead is not (filling %d): it violates "
			                      "0x%x, not 0x%x; %.200s",
			                      (int)f->kind, m->violated, t->t.violated,
			                      m->n_violations > 0 ? m->violations[0].text : "");
		if (!m->ended && compare_result(f, v->a, t))
			return -1;
		v->counts.fillings++;
		k++;
	} while (machine_next_label(m, &label));
	return k == v->n ? 0
	                 : verify_differs(v, &v->taken[k],
	                                  "what was taken for dead is not (filling %d): it cannot be made",
	                                  (int)f->kind);
}

int verify_dead(struct verify *v)
{
	struct fill f = {.v = v};

	if ((v->world->config.unreduced & REDUCTION_DEAD) != 0)
		return 0;
	find_dead(&f);
	for (unsigned kind = 0; kind < FILLINGS; kind++) {
		f.kind = (enum filling)kind;
		if (check_filling(&f))
			return -1;
	}
	return 0;
}
