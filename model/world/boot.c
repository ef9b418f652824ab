/* SPDX-License-Identifier: MIT */
/* The initial state: the kernel's own boot code, run on each CPU until it is idle. */
#include <string.h>

#include "actions.h"
#include "machine.h"
#include "memory.h"
#include "tags.h"

enum { BOOT_INSNS_MAX = 1000000 };

static bool ignore_event(void *self, const struct cpu_event *event)
{
	(void)self;
	(void)event;
	return true;
}

static uint32_t *ram(struct machine *m, uint32_t address)
{
	return m->words + (address - m->world->ram_base) / 4;
}

static int boot_cpu(struct machine *m, unsigned number, struct error *e)
{
	const struct image *image = m->world->image;
	const struct cpu_env env = {
	        .self = m,
	        .access = memory_access,
	        .load = memory_load,
	        .store = memory_store,
	        .event = ignore_event,
	};
	char where[128];

	m->cpu_number = number;
	m->cpu = machine_cpu(m, number);
	m->executed = 0;
	m->touched = m->touched_shared = false;
	m->closed_by = 0;
	cpu_reset(m->cpu, number);
	m->cpu->core.cpsr = MODE_HYP | PSR_A | PSR_I | PSR_F | (image->big_endian ? PSR_E : 0);
	m->cpu->core.pc = image->entry;
	m->ghosts->running[number] = number;
	for (unsigned n = 0; n < BOOT_INSNS_MAX; n++) {
		if (actions_at_idle(m))
			return 0;
		if (m->coverage) {
			const struct insn *insn = image_insn(image, m->cpu->core.pc);

			if (insn)
				coverage_note(m->coverage, image, insn, cpu_passes(m->cpu, insn));
		}
		if (cpu_step(m->cpu, image, &env, e) != CPU_OK) {
			if (e->text[0] == '\0')
				error_set(e, "stopped while booting");
			return -1;
		}
	}
	return error_set(e, "CPU %u does not come to its idle loop: it is at %s", number,
	                 image_where(image, m->cpu->core.pc, where, sizeof(where)));
}

/* A register file in memory that holds its owner's first and newest data. */
static void fill_area(struct machine *m, uint32_t address, unsigned owner)
{
	uint32_t *words = ram(m, address);

	for (uint32_t i = 0; i < AREA_WORDS; i++)
		words[tags_area_word(i)] = tags_area_tag(owner, i, m->world->image->big_endian);
}

static int boot(struct machine *m, struct error *e)
{
	const struct world *w = m->world;
	const struct world_config *c = &w->config;
	uint32_t *params;

	memset(m->words, 0, w->words * sizeof(*m->words));
	memcpy(m->words, w->ram_initial, w->ram_words * sizeof(*m->words));
	params = ram(m, w->symbols.boot_params);
	params[0] = c->cpus;
	params[1] = world_threads(c);
	params[2] = world_vcpus(c);
	params[3] = world_unborn(c);
	params[4] = (c->env & ENV_VCPU_HANDOVER) != 0;
	e->text[0] = '\0';
	for (unsigned i = 0; i < c->cpus; i++) {
		if (boot_cpu(m, i, e))
			return -1;
		tags_fill_bank(&m->cpu->fp, OWNER_JUNK);
		m->ghosts->host_fpexc[i] = m->cpu->fpexc;
	}
	for (uint32_t task = NR_CPUS; task < NR_CPUS + world_threads(c); task++)
		fill_area(m, w->symbols.thread_union + task * THREAD_SIZE + TI_VFPSTATE,
		          world_thread_owner(w, task));
	for (unsigned v = 0; v < world_vcpus(c); v++)
		fill_area(m, w->symbols.kvm_vcpus + v * VCPU_SIZE + VCPU_VFP_GUEST, world_vcpu_owner(w, v));
	return 0;
}

int machine_boot(struct machine *m, struct error *e)
{
	int status;

	m->booting = true;
	status = boot(m, e);
	m->booting = false;
	return status;
}
