/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "memory.h"
#include "poison.h"
#include "tags.h"

struct machine *machine_new(const struct world *w)
{
	struct machine *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->world = w;
	m->words = calloc(w->words, sizeof(*m->words));
	m->loaded = calloc(w->n_slots, 1);
	m->dirty = calloc(w->n_slots, 1);
	if (!m->words || !m->loaded || !m->dirty) {
		machine_free(m);
		return NULL;
	}
	m->ghosts = (struct ghosts *)(void *)(m->words + w->ghosts_at);
	memset(m->loaded, 1, w->n_slots);
	return m;
}

void machine_free(struct machine *m)
{
	if (!m)
		return;
	free(m->words);
	free(m->loaded);
	free(m->dirty);
	free(m->spent);
	coverage_free(m->coverage);
	free(m);
}

uint32_t machine_word(struct machine *m, uint32_t address)
{
	uint32_t i = (address - m->world->ram_base) / 4;
	unsigned slot = m->world->slot_of[i];

	if (slot < m->world->n_slots)
		memory_need(m, slot);
	poison_used(m, m->words[i]); /* whoever asks decides by it */
	return m->words[i];
}

uint32_t machine_task(const struct machine *m, unsigned number)
{
	const struct cpu *cpu = machine_cpu(m, number);
	uint32_t task = (cpu->core.sp[BANK_SVC] - m->world->symbols.thread_union) / THREAD_SIZE;

	if (cpu_in_guest(cpu) || cpu_mode(cpu) == MODE_HYP || !world_has_task(&m->world->config, task))
		return m->ghosts->running[number];
	return task;
}

int machine_task_vcpu(const struct machine *m, uint32_t task)
{
	const struct world *w = m->world;
	uint32_t first = NR_CPUS + w->config.threads, vcpu, locked;

	if ((w->config.env & ENV_VCPU_HANDOVER) == 0) {
		vcpu = task - first;
	} else {
		locked = m->words[(w->symbols.thread_union + task * THREAD_SIZE + TI_VCPU - w->ram_base) / 4];
		vcpu = (locked - w->symbols.kvm_vcpus) / VCPU_SIZE;
	}
	return vcpu < world_vcpus(&w->config) ? (int)vcpu : -1;
}

int machine_need_task_vcpu(struct machine *m, uint32_t task)
{
	if ((m->world->config.env & ENV_VCPU_HANDOVER) != 0)
		(void)machine_word(m, m->world->symbols.thread_union + task * THREAD_SIZE + TI_VCPU);
	return machine_task_vcpu(m, task);
}

void machine_label(const struct machine *m, struct model_label *label)
{
	*label = (struct model_label){.length = (uint8_t)m->n_choices};
	for (unsigned i = 0; i < m->n_choices; i++)
		label->choice[i] = (uint8_t)m->choices[i].answer;
}

void tags_make_stale(uint32_t *words, size_t n, unsigned owner, unsigned versions)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t age;

		if (!is_tag(words[i]) || tag_owner(words[i]) != owner || tag_oldest(words[i]))
			continue;
		age = ((words[i] & TAG_AGE) >> TAG_AGE_SHIFT) + 1;
		words[i] = (words[i] & ~TAG_AGE) | (age < versions ? age << TAG_AGE_SHIFT : TAG_STALE);
	}
}

bool machine_next_label(const struct machine *m, struct model_label *label)
{
	unsigned n = m->n_choices;

	while (n > 0 && m->choices[n - 1].answer + 1 == m->choices[n - 1].alternatives)
		n--;
	if (n == 0)
		return false;
	for (unsigned i = 0; i < n; i++)
		label->choice[i] = (uint8_t)m->choices[i].answer;
	label->choice[n - 1]++;
	label->length = (uint8_t)n;
	return true;
}

unsigned machine_process(const struct machine *m)
{
	return m->action == ACTION_GO ? m->cpu_number : m->world->config.cpus;
}

uint32_t machine_cause(const struct machine *m)
{
	uint64_t hash = m->start ^ (uint64_t)m->action << 32;
	char kind[sizeof(m->violations[0].text)];

	if (m->n_violations == 0)
		return 0;
	for (unsigned i = 0; i < m->n_violations; i++) {
		const struct violation *v = &m->violations[i];
		size_t n = 0;

		/* Which vCPU, which register does not matter: names without numbers. */
		for (const char *c = v->text; *c; c++) {
			if (c[0] == '0' && c[1] == 'x')
				c += 1 + strspn(c + 2, "0123456789abcdef");
			else if (*c < '0' || *c > '9')
				kind[n++] = *c;
		}
		hash = XXH3_64bits_withSeed(kind, n, hash ^ v->pc ^ (uint64_t)v->property << 40);
	}
	return (uint32_t)hash | 1;
}
