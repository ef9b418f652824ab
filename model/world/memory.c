/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include "boundary.h"
#include "observe.h"
#include "poison.h"
#include "tags.h"

#define CLASS_BIT(class) (1u << (class))
/* Areas that exist to be stored and loaded whole. */
#define SAVE_AREAS                                                                                           \
	(CLASS_BIT(SLOT_HOST_CTX) | CLASS_BIT(SLOT_TASK_VFP) | CLASS_BIT(SLOT_VCPU_VFP) |                    \
	 CLASS_BIT(SLOT_SIGFRAME))

/* The slot of the RAM at an address: loaded and about to be written. */
static void need_to_write(struct machine *m, uint32_t address)
{
	unsigned slot = m->world->slot_of[(address - m->world->ram_base) / 4];

	if (slot >= m->world->n_slots)
		return; /* hostile code runs as somebody who is not there */
	memory_need(m, slot);
	m->dirty[slot] = 1;
}

uint32_t *memory_area(struct machine *m, uint32_t address)
{
	uint32_t first = (address - m->world->ram_base) / 4;

	need_to_write(m, address);
	for (uint32_t i = 0; m->spent && i < VFP_STATE_SIZE / 4; i++)
		m->spent[first + i] = 0;
	return m->words + first;
}

uint32_t *memory_in_kvm(struct machine *m, uint32_t task)
{
	need_to_write(m, m->world->symbols.thread_union + task * THREAD_SIZE);
	return &m->ghosts->in_kvm[task];
}

uint32_t *memory_guest_fpexc(struct machine *m, unsigned vcpu)
{
	need_to_write(m, m->world->symbols.kvm_vcpus + vcpu * VCPU_SIZE);
	return &m->ghosts->guest_fpexc[vcpu];
}

/* The GIC's virtual interface: nothing is behind it, so that nobody can tell when it is accessed. */
static bool in_gich(uint32_t address)
{
	return address - GICH_BASE < GICH_SIZE;
}

enum cpu_access memory_access(void *self, uint32_t address, uint32_t bytes, bool write, struct error *e)
{
	struct machine *m = self;
	const struct world *w = m->world;
	uint32_t first, last;
	bool touched = m->touched, touched_shared = m->touched_shared;
	bool touched_after = touched, shared_after = touched_shared, boundary = false;

	if (!write && address - w->text_base < w->text_words * 4 &&
	    bytes <= w->text_words * 4 - (address - w->text_base))
		return ACCESS_OK;
	if (in_gich(address) && bytes <= GICH_SIZE - (address - GICH_BASE))
		return ACCESS_OK;
	if (address - w->ram_base >= w->ram_words * 4 || bytes > w->ram_words * 4 - (address - w->ram_base)) {
		error_set(e, "%s of %u bytes at 0x%08x: there is no memory", write ? "store" : "load", bytes,
		          address);
		return ACCESS_FAULT;
	}
	first = (address - w->ram_base) / 4;
	last = (address + bytes - 1 - w->ram_base) / 4;
	for (uint32_t i = first; i <= last; i++) {
		unsigned slot = w->slot_of[i];

		if (slot == SLOT_READONLY && (!write || m->booting))
			continue;
		if (slot >= w->n_slots) {
			error_set(e,
			          slot == SLOT_READONLY ? "store to 0x%08x, which is constant after boot"
			                                : "access to 0x%08x, which belongs to a CPU, task or "
			                                  "vCPU that is not there",
			          w->ram_base + i * 4);
			return ACCESS_FAULT;
		}
		if (i > first && slot == w->slot_of[i - 1])
			continue;
		/* One access of several slots is one: what it does to the first is no reason to stop at the next. */
		m->touched = touched;
		m->touched_shared = touched_shared;
		if (boundary_memory(m, &w->slots[slot], address, bytes, write))
			boundary = true;
		touched_after |= m->touched;
		shared_after |= m->touched_shared;
	}
	m->touched = touched_after;
	m->touched_shared = shared_after;
	if (boundary)
		return ACCESS_STOP;
	for (uint32_t i = first; i <= last; i++) {
		unsigned slot = w->slot_of[i];

		if (slot >= w->n_slots)
			continue;
		memory_need(m, slot);
		if (write)
			m->dirty[slot] = 1;
	}
	return ACCESS_OK;
}

/* What is loaded from a save area is probably not loaded again before something else is stored there. */
static void note_load(struct machine *m, uint32_t i)
{
	const struct slot *slot = &m->world->slots[m->world->slot_of[i]];

	if ((SAVE_AREAS & CLASS_BIT(slot->class)) != 0 && !m->spent[i] &&
	    m->n_spent < sizeof(m->spent_list) / sizeof(m->spent_list[0])) {
		m->spent[i] = 1;
		m->spent_list[m->n_spent++] = i;
	}
}

void memory_forget_spent(struct machine *m)
{
	for (unsigned n = 0; n < m->n_spent; n++)
		m->spent[m->spent_list[n]] = 0;
	m->n_spent = 0;
}

void memory_never_stored(struct machine *m)
{
	const struct world *w = m->world;

	for (unsigned s = 0; s < w->n_slots; s++) {
		for (uint32_t i = 0; w->slots[s].class == SLOT_HOST_CTX && i < w->slots[s].span[0].count; i++)
			note_load(m, w->slots[s].span[0].first + i);
	}
}

static uint32_t load_word(struct machine *m, uint32_t address)
{
	const struct world *w = m->world;
	uint32_t i;

	if (address - w->text_base < w->text_words * 4)
		return w->text[(address - w->text_base) / 4];
	if (in_gich(address))
		return 0;
	i = (address - w->ram_base) / 4;
	if (m->spent && w->slot_of[i] < w->n_slots)
		note_load(m, i);
	return m->words[i];
}

/* Where a byte or halfword lies in a word, counted in bits from the least significant. */
static unsigned lane(const struct machine *m, uint32_t address, unsigned bytes)
{
	unsigned offset = address & 3;

	return 8 * (m->world->image->big_endian ? 4 - bytes - offset : offset);
}

uint32_t memory_load(void *self, uint32_t address, unsigned bytes)
{
	struct machine *m = self;
	uint32_t word = load_word(m, address);

	if (bytes == 4)
		return word;
	poison_used(m, word);
	return (word >> lane(m, address, bytes)) & ((1u << 8 * bytes) - 1);
}

static bool slot_is_shared(const struct machine *m, uint32_t i)
{
	unsigned slot = m->world->slot_of[i];

	return slot < m->world->n_slots && (m->learnt->shared & CLASS_BIT(m->world->slots[slot].class)) != 0;
}

/* A store to a place that others touch takes the reservation of their LDREX away (section A3.4). */
static void clear_monitors(struct machine *m, uint32_t address)
{
	for (unsigned c = 0; c < m->world->config.cpus; c++) {
		unsigned slot = m->world->slot_cpu[c];

		if (c == m->cpu_number)
			continue;
		memory_need(m, slot);
		if (machine_cpu(m, c)->core.exclusive == (address & ~3u) + 1) {
			machine_cpu(m, c)->core.exclusive = 0;
			m->dirty[slot] = 1;
		}
	}
}

/* Stores that say who may touch what from here on. */
static void note_ownership(struct machine *m, uint32_t address, uint32_t value)
{
	const struct world *w = m->world;
	uint32_t task = (address - w->symbols.on_cpu) / 4;

	/* The scheduler gives a task back (finish_task_switch()), or a thread one that it had in hand. */
	if (address - w->symbols.on_cpu < NR_TASKS * 4 && value != m->cpu_number + 1 &&
	    value != ON_CPU_CLAIMED)
		boundary_disown_task(m, task);
	if ((w->config.env & ENV_VCPU_HANDOVER) == 0)
		return;
	task = machine_task(m, m->cpu_number);
	if (address == w->symbols.thread_union + task * THREAD_SIZE + TI_VCPU) {
		m->owned_vcpus = 0;
		boundary_own_vcpu(m, task);
	}
}

void memory_store(void *self, uint32_t address, unsigned bytes, uint32_t value)
{
	struct machine *m = self;
	uint32_t i = (address - m->world->ram_base) / 4;

	if (in_gich(address))
		return;
	if (bytes < 4) {
		unsigned shift = lane(m, address, bytes);
		uint32_t mask = ((1u << 8 * bytes) - 1) << shift;

		poison_used(m, m->words[i]);
		value = (m->words[i] & ~mask) | (value << shift & mask);
	}
	if (m->spent)
		m->spent[i] = 0;
	if (is_tag(value) || is_poison(value))
		observe_save(m, i, value);
	m->words[i] = value;
	if (m->learnt && slot_is_shared(m, i))
		clear_monitors(m, address);
	note_ownership(m, address, value);
}
