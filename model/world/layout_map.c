/* SPDX-License-Identifier: MIT */
#include "layout_map.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct cpu) % 8 == 0, "CPUs lie one behind the other");
_Static_assert(sizeof(struct ghosts) % 8 == 0, "and behind the ghosts");

#define CPU_WORD(member)   ((uint32_t)(offsetof(struct cpu, member) / 4))
#define CPU_WORDS(member)  ((uint32_t)(sizeof(((struct cpu *)0)->member) / 4))
#define GHOST_WORD(member) ((uint32_t)(offsetof(struct ghosts, member) / 4))

enum { UNMAPPED = 0xfffd };

static struct slot *add_slot(struct world *w, enum slot_class class, unsigned index)
{
	struct slot *slot = &w->slots[w->n_slots++];

	slot->class = class;
	slot->index = index;
	return slot;
}

static void add_span(struct slot *slot, uint32_t first, uint32_t count, bool reversed)
{
	slot->span[slot->spans++] = (struct span){first, count, reversed};
	slot->words += count;
}

/* A span of RAM, by address. */
static void add_ram(struct world *w, struct slot *slot, uint32_t address, uint32_t bytes, bool reversed)
{
	uint32_t first = (address - w->ram_base) / 4;

	for (uint32_t i = 0; i < bytes / 4; i++)
		w->slot_of[first + i] = (uint16_t)(slot - w->slots);
	add_span(slot, first, bytes / 4, reversed);
}

static void add_thread_extras(struct world *w, uint32_t task)
{
	if ((w->config.env & ENV_SIGNAL) != 0)
		add_ram(w, add_slot(w, SLOT_SIGFRAME, task), w->symbols.user_sigframe + task * VFP_STATE_SIZE,
		        VFP_STATE_SIZE, false);
}

static void add_task(struct world *w, uint32_t task)
{
	uint32_t at = w->symbols.thread_union + task * THREAD_SIZE;
	struct slot *slot = add_slot(w, SLOT_TASK, task);

	add_ram(w, slot, at, TI_VFPSTATE, false);
	add_span(slot, w->ghosts_at + GHOST_WORD(in_kvm) + task, 1, false);
	add_ram(w, slot, at + THREAD_INFO_SIZE, THREAD_SIZE - THREAD_INFO_SIZE, true);
	add_ram(w, add_slot(w, SLOT_TASK_VFP, task), at + TI_VFPSTATE, VFP_STATE_SIZE, false);
}

static void add_cpu(struct world *w, unsigned cpu)
{
	uint32_t at = w->cpus_at + cpu * w->cpu_words;
	struct slot *slot;

	w->slot_cpu[cpu] = w->n_slots;
	slot = add_slot(w, SLOT_CORE, cpu);
	add_span(slot, at + CPU_WORD(core), CPU_WORDS(core), false);
	add_span(slot, w->ghosts_at + GHOST_WORD(running) + cpu, 1, false);
	add_span(add_slot(w, SLOT_SYS, cpu), at + CPU_WORD(sys), CPU_WORDS(sys), false);
	slot = add_slot(w, SLOT_FPEXC, cpu);
	add_span(slot, at + CPU_WORD(fpexc), 1, false);
	add_span(slot, w->ghosts_at + GHOST_WORD(host_fpexc) + cpu, 1, false);
	add_span(slot, w->ghosts_at + GHOST_WORD(retries) + cpu, 1, false);
	add_span(add_slot(w, SLOT_BANK, cpu), at + CPU_WORD(fp), CPU_WORDS(fp), false);

	add_ram(w, add_slot(w, SLOT_HYP_STACK, cpu), w->symbols.kvm_arm_hyp_stack + cpu * HYP_STACK_SIZE,
	        HYP_STACK_SIZE, true);
	add_ram(w, add_slot(w, SLOT_HW_STATE, cpu), w->symbols.vfp_current_hw_state + cpu * 4, 4, false);
	add_ram(w, add_slot(w, SLOT_HOST_CTX, cpu), w->symbols.kvm_host_cpu_state + cpu * VFP_STATE_SIZE,
	        VFP_STATE_SIZE, false);
	add_task(w, cpu);
}

static void add_vcpu(struct world *w, unsigned vcpu)
{
	uint32_t at = w->symbols.kvm_vcpus + vcpu * VCPU_SIZE;
	struct slot *slot = add_slot(w, SLOT_VCPU, vcpu);

	add_ram(w, slot, at, VCPU_VFP_GUEST, false);
	add_span(slot, w->ghosts_at + GHOST_WORD(guest_fpexc) + vcpu, 1, false);
	add_ram(w, add_slot(w, SLOT_VCPU_VFP, vcpu), at + VCPU_VFP_GUEST, VFP_STATE_SIZE, false);
	if ((w->config.env & ENV_VCPU_HANDOVER) != 0)
		add_ram(w, add_slot(w, SLOT_MUTEX, vcpu), w->symbols.kvm_vcpu_mutex + vcpu * 4, 4, false);
}

/* Is [address, address + bytes) in RAM and word aligned? */
static bool in_ram(const struct world *w, uint32_t address, uint32_t bytes)
{
	return address >= w->ram_base && address % 4 == 0 && address - w->ram_base <= w->ram_words * 4 &&
	       bytes <= w->ram_words * 4 - (address - w->ram_base);
}

/*
 * A hostile image may name its symbols anything: the arrays must be in RAM, large enough for the bounds in
 * layout.h, and must not overlap.
 */
static int check_arrays(const struct world *w, struct error *e)
{
	const struct world_symbols *s = &w->symbols;
	const struct {
		const char *name;
		uint32_t address, bytes;
	} arrays[] = {
	        {"boot_params", s->boot_params, 20},
	        {"kvm_vcpu_mutex", s->kvm_vcpu_mutex, NR_VCPUS * 4},
	        {"user_sigframe", s->user_sigframe, NR_TASKS * VFP_STATE_SIZE},
	        {"kvm_vms", s->kvm_vms, NR_VCPUS * KVM_SIZE},
	        {"on_cpu", s->on_cpu, NR_TASKS * 4},
	        {"thread_union", s->thread_union, NR_TASKS * THREAD_SIZE},
	        {"vfp_current_hw_state", s->vfp_current_hw_state, NR_CPUS * 4},
	        {"kvm_host_cpu_state", s->kvm_host_cpu_state, NR_CPUS * VFP_STATE_SIZE},
	        {"kvm_vcpus", s->kvm_vcpus, NR_VCPUS * VCPU_SIZE},
	        {"kvm_arm_hyp_stack", s->kvm_arm_hyp_stack, NR_CPUS * HYP_STACK_SIZE},
	};
	const size_t n = sizeof(arrays) / sizeof(arrays[0]);

	for (size_t i = 0; i < n; i++) {
		if (!in_ram(w, arrays[i].address, arrays[i].bytes))
			return error_set(e, "the image's '%s' is not where the modelled kernel keeps it",
			                 arrays[i].name);
		for (size_t j = 0; j < i; j++) {
			if (arrays[i].address < arrays[j].address + arrays[j].bytes &&
			    arrays[j].address < arrays[i].address + arrays[i].bytes)
				return error_set(e, "the image's '%s' and '%s' overlap", arrays[i].name,
				                 arrays[j].name);
		}
	}
	if (s->thread_union % THREAD_SIZE != 0)
		return error_set(e, "the image's 'thread_union' is not aligned to %d", THREAD_SIZE);
	return 0;
}

static void hide(struct world *w, uint32_t address, uint32_t bytes, uint16_t as)
{
	for (uint32_t i = 0; i < bytes / 4; i++)
		w->slot_of[(address - w->ram_base) / 4 + i] = as;
}

/* What is left are the image's own variables: one slot for all. */
static int add_globals(struct world *w, struct error *e)
{
	struct slot *slot = add_slot(w, SLOT_GLOBALS, 0);

	for (uint32_t i = 0, n; i < w->ram_words; i += n) {
		for (n = 0; i + n < w->ram_words && w->slot_of[i + n] == UNMAPPED; n++)
			;
		if (n == 0) {
			n = 1;
			continue;
		}
		if (slot->spans == SLOT_SPANS)
			return error_set(
			        e,
			        "the image's variables lie scattered between those of the modelled kernel: "
			        "link it with model/linux/lazyswitch.lds");
		add_ram(w, slot, w->ram_base + i * 4, n * 4, false);
	}
	return 0;
}

int layout_map(struct world *w, struct error *e)
{
	const struct world_symbols *s = &w->symbols;
	const struct image_symbol *constants = image_symbol(w->image, "__ro_after_init_end");
	unsigned slots = w->config.cpus * 9 + world_threads(&w->config) * 3 + world_vcpus(&w->config) * 3 + 2;

	if (check_arrays(w, e))
		return -1;
	w->ghosts_at = (w->ram_words + 1) / 2 * 2;
	w->cpus_at = w->ghosts_at + (uint32_t)(sizeof(struct ghosts) / 4);
	w->cpu_words = (uint32_t)(sizeof(struct cpu) / 4);
	w->words = w->cpus_at + w->config.cpus * w->cpu_words;
	w->slots = calloc(slots, sizeof(*w->slots));
	w->slot_of = calloc(w->ram_words + 1, sizeof(*w->slot_of));
	if (!w->slots || !w->slot_of)
		return error_set(e, "out of memory");

	for (uint32_t i = 0; i < w->ram_words; i++)
		w->slot_of[i] = UNMAPPED;
	hide(w, s->thread_union, NR_TASKS * THREAD_SIZE, SLOT_NONE);
	hide(w, s->vfp_current_hw_state, NR_CPUS * 4, SLOT_NONE);
	hide(w, s->kvm_host_cpu_state, NR_CPUS * VFP_STATE_SIZE, SLOT_NONE);
	hide(w, s->kvm_vcpus, NR_VCPUS * VCPU_SIZE, SLOT_NONE);
	hide(w, s->kvm_arm_hyp_stack, NR_CPUS * HYP_STACK_SIZE, SLOT_NONE);
	hide(w, s->kvm_vcpu_mutex, NR_VCPUS * 4, SLOT_NONE);
	hide(w, s->user_sigframe, NR_TASKS * VFP_STATE_SIZE, SLOT_NONE);
	hide(w, s->boot_params, 20, SLOT_READONLY);
	if (constants && constants->address > w->ram_base &&
	    in_ram(w, w->ram_base, constants->address - w->ram_base))
		hide(w, w->ram_base, constants->address - w->ram_base, SLOT_READONLY);

	for (unsigned c = 0; c < w->config.cpus; c++)
		add_cpu(w, c);
	for (unsigned t = 0; t < world_threads(&w->config); t++) {
		add_task(w, NR_CPUS + t);
		add_thread_extras(w, NR_CPUS + t);
	}
	for (unsigned v = 0; v < world_vcpus(&w->config); v++)
		add_vcpu(w, v);
	w->slot_runqueue = w->n_slots;
	add_ram(w, add_slot(w, SLOT_RUNQUEUE, 0), s->on_cpu, NR_TASKS * 4, false);

	return add_globals(w, e);
}
