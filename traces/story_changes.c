/* SPDX-License-Identifier: MIT */
/* The words of memory that decide about FP switching: noticed when they change. */
#include <stdio.h>

#include "story_private.h"

int story_hw_state(const struct world *w, uint32_t word)
{
	uint32_t task = (word - w->symbols.thread_union) / THREAD_SIZE;

	return word == 0 || task >= NR_TASKS ? -1 : (int)task;
}

uint32_t story_vcpu_word(struct machine *m, unsigned vcpu, uint32_t offset)
{
	return machine_word(m, m->world->symbols.kvm_vcpus + vcpu * VCPU_SIZE + offset);
}

const char *story_dirty(const struct world *w, uint32_t word, char *buf, size_t size)
{
	uint32_t byte = w->image->big_endian ? word >> 24 : word & 0xff;

	/* Stored as a byte; who loads a word sees its neighbours as well. */
	if (word == byte)
		(void)snprintf(buf, size, "%u", byte);
	else
		(void)snprintf(buf, size, "%u (as a word: 0x%08x)", byte, word);
	return buf;
}

void story_remember(struct story *s, struct machine *m)
{
	for (unsigned i = 0; i < m->world->config.cpus; i++)
		s->before.hw_state[i] = machine_word(m, m->world->symbols.vfp_current_hw_state + 4 * i);
	for (unsigned i = 0; i < world_vcpus(&m->world->config); i++) {
		s->before.dirty[i] = story_vcpu_word(m, i, VCPU_VFP_DIRTY);
		s->before.host_fpexc[i] = story_vcpu_word(m, i, VCPU_VFP_HOST_FPEXC);
	}
}

static const char *state_name(const struct world *w, uint32_t word, char *buf, size_t size)
{
	int task = story_hw_state(w, word);

	if (task < 0)
		(void)snprintf(buf, size, "nobody");
	else
		world_task_name(w, (uint32_t)task, buf, size);
	return buf;
}

static void vcpu_changes(struct story *s, struct machine *m, unsigned vcpu)
{
	uint32_t dirty = story_vcpu_word(m, vcpu, VCPU_VFP_DIRTY);
	uint32_t fpexc = story_vcpu_word(m, vcpu, VCPU_VFP_HOST_FPEXC);
	char old[48], new[48];

	if (dirty != s->before.dirty[vcpu])
		story_detail(s, 0, "vcpu%u's dirty flag: %s -> %s", vcpu,
		             story_dirty(m->world, s->before.dirty[vcpu], old, sizeof(old)),
		             story_dirty(m->world, dirty, new, sizeof(new)));
	if (fpexc != s->before.host_fpexc[vcpu])
		story_detail(s, 0, "host FPEXC kept in vcpu%u: %s -> %s", vcpu,
		             story_fpexc(s->before.host_fpexc[vcpu], old, sizeof(old)),
		             story_fpexc(fpexc, new, sizeof(new)));
}

void story_changes(struct story *s, struct machine *m)
{
	const struct world *w = m->world;
	char old[16], new[16];

	for (unsigned i = 0; i < w->config.cpus; i++) {
		uint32_t word = machine_word(m, w->symbols.vfp_current_hw_state + 4 * i);

		if (word != s->before.hw_state[i])
			story_detail(s, 0, "vfp_current_hw_state[%u]: %s -> %s", i,
			             state_name(w, s->before.hw_state[i], old, sizeof(old)),
			             state_name(w, word, new, sizeof(new)));
	}
	for (unsigned i = 0; i < world_vcpus(&w->config); i++)
		vcpu_changes(s, m, i);
}
