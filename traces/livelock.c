/* SPDX-License-Identifier: MIT */
#include "livelock.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "model/world/poison.h"

/* The first times round may leave something in registers and on stacks that every later time leaves there, too. */
enum { ROUNDS_MAX = 3 };

struct attempt {
	struct machine *m;
	const struct model_label *round;
	size_t n;
	uint32_t *before; /* the machine before the round */
	uint32_t *kept;   /* during a look at what a CPU could do */
	uint32_t
	        excused; /* CPUs that have made a step in this round, or waited for the world at some point */
};

/* Can this CPU not go on unless the world chooses something for it to do? */
static bool waits_for_the_world(struct attempt *a, unsigned cpu)
{
	struct machine *m = a->m;
	const struct model_label label = {.length = 1, .choice = {(uint8_t)cpu}};
	size_t bytes = m->world->words * sizeof(*m->words);
	bool waits;
	struct error e;

	memcpy(a->kept, m->words, bytes);
	/* Going on comes first of all actions. */
	waits = machine_step(m, &label, &e) == 0 && (m->disabled || machine_process(m) != cpu);
	if (m->learnt)
		m->learnt->refined = false;
	memcpy(m->words, a->kept, bytes);
	return waits;
}

static bool make_step(struct machine *m, const struct model_label *label)
{
	struct model_label made;
	struct error e;

	if (machine_step(m, label, &e) || m->disabled || m->ended || m->progress)
		return false;
	if (m->learnt && m->learnt->refined) {
		m->learnt->refined = false;
		return false;
	}
	machine_label(m, &made);
	return memcmp(&made, label, sizeof(made)) == 0;
}

/* Once round. */
static bool go_round(struct attempt *a)
{
	unsigned cpus = a->m->world->config.cpus;

	a->excused = 0;
	for (size_t i = 0; i < a->n; i++) {
		for (unsigned cpu = 0; cpu < cpus; cpu++) {
			if ((a->excused >> cpu & 1) == 0 && waits_for_the_world(a, cpu))
				a->excused |= 1u << cpu;
		}
		if (!make_step(a->m, &a->round[i]))
			return false;
		if (machine_process(a->m) < cpus)
			a->excused |= 1u << machine_process(a->m);
	}
	return a->excused == (1u << cpus) - 1;
}

/* May word i be anything, for all that the core does outside of its instructions? RAM, R0 to R12 and LR may. */
static bool is_plain_data(const struct machine *m, uint32_t i)
{
	const struct world *w = m->world;
	uint32_t at = i - w->cpus_at;

	if (i < w->ram_words)
		return true;
	if (at >= w->config.cpus * w->cpu_words)
		return false;
	at = at % w->cpu_words * (uint32_t)sizeof(uint32_t);
	return at - offsetof(struct cpu, core.r) < sizeof(((struct cpu_core *)NULL)->r) ||
	       at - offsetof(struct cpu, core.lr) < sizeof(((struct cpu_core *)NULL)->lr);
}

/*
 * The words that the last round has changed: do the steps depend on none of them? They are poisoned, so that any use
 * is noticed, and the round is made once more: it must leave everything else as it is.
 */
static bool ignores_the_difference(struct attempt *a)
{
	struct machine *m = a->m;
	uint32_t words = m->world->words;
	bool ignored;

	if (!m->learnt)
		return false;
	for (uint32_t i = 0; i < words; i++) {
		if (m->words[i] == a->before[i])
			continue;
		if (!is_plain_data(m, i))
			return false;
		m->words[i] = POISON_ANONYMOUS;
	}
	memcpy(a->before, m->words, words * sizeof(*m->words));
	ignored = go_round(a);
	for (uint32_t i = 0; ignored && i < words; i++)
		ignored = m->words[i] == a->before[i] || a->before[i] == POISON_ANONYMOUS;
	return ignored;
}

bool livelock(struct machine *m, const struct model_label *round, size_t n)
{
	size_t words = m->world->words, bytes = words * sizeof(uint32_t);
	uint32_t *copies = calloc(3 * words, sizeof(*copies)), *end = copies;
	struct attempt a = {.m = m, .round = round, .n = n};
	bool fair = true, back = false;

	if (!copies)
		return false;
	a.before = copies + words;
	a.kept = copies + 2 * words;
	memcpy(end, m->words, bytes);
	for (unsigned i = 0; fair && !back && i < ROUNDS_MAX; i++) {
		memcpy(a.before, m->words, bytes);
		fair = go_round(&a);
		back = fair && memcmp(a.before, m->words, bytes) == 0;
	}
	if (fair && !back)
		back = ignores_the_difference(&a);
	memcpy(m->words, end, bytes);
	m->n_violations = 0; /* what happened here is not part of the trace */
	free(copies);
	return back;
}
