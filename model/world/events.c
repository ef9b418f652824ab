/* SPDX-License-Identifier: MIT */
#include "events.h"

#include <stdio.h>

#include "../linux/include/world.h"
#include "memory.h"
#include "observe.h"
#include "poison.h"
#include "tags.h"

bool events_looks_at_whose(uint32_t what)
{
	return what == FP_EMULATED || what == FP_FORKED || what == FP_PEEKED || what == FP_POKED ||
	       what == FP_VCPU_PEEKED || what == FP_VCPU_POKED;
}

bool events_area(struct machine *m, uint32_t what, uint32_t whose, struct event_area *area)
{
	const struct world *w = m->world;
	uint32_t task = events_looks_at_whose(what) ? whose : machine_task(m, m->cpu_number);

	if (what > FP_VCPU_POKED)
		return false;
	if (what == FP_VCPU_PEEKED || what == FP_VCPU_POKED) {
		if (whose >= world_vcpus(&w->config))
			return false;
		area->owner = world_vcpu_owner(w, whose);
		area->address = w->symbols.kvm_vcpus + whose * VCPU_SIZE + VCPU_VFP_GUEST;
	} else {
		if (task < NR_CPUS || task >= NR_CPUS + world_threads(&w->config))
			return false;
		area->owner = world_thread_owner(w, task);
		area->address = what == FP_INTERRUPTED
		                        ? w->symbols.user_sigframe + task * VFP_STATE_SIZE
		                        : w->symbols.thread_union + task * THREAD_SIZE + TI_VFPSTATE;
	}
	area->slot = w->slot_of[(area->address - w->ram_base) / 4];
	return area->slot < w->n_slots;
}

/* An area's copies of a context's data are from before its newest. */
static void grow_old(const struct machine *m, uint32_t *area, unsigned owner)
{
	tags_make_stale(area, VFP_STATE_SIZE / 4, owner, world_versions(&m->world->config));
}

/* What is tagged as `from`'s becomes `to`'s, as new or as old as it is. */
static void change_owner(uint32_t *area, unsigned from, unsigned to)
{
	for (uint32_t i = 0; i < AREA_WORDS; i++) {
		uint32_t *word = &area[tags_area_word(i)];

		if (is_tag(*word) && tag_owner(*word) == from)
			*word = (*word & ~TAG_OWNER) | to << TAG_OWNER_SHIFT;
	}
}

/* The context's newest data is what the area holds now; whatever else there is of it is old. */
static void renewed(struct machine *m, const struct event_area *area)
{
	m->wrote = (int)area->owner;
	m->fresh = area->slot;
}

static void fill(const struct machine *m, uint32_t *area, unsigned owner)
{
	for (uint32_t i = 0; i < AREA_WORDS; i++)
		area[tags_area_word(i)] = tags_area_tag(owner, i, m->world->image->big_endian);
}

/* All registers shall be 0: a word that is 0 is the new program's own from now on. */
static void zeroed(struct machine *m, uint32_t *words, const struct event_area *area)
{
	grow_old(m, words, area->owner);
	for (uint32_t i = 0; i < AREA_WORDS; i++) {
		uint32_t *word = &words[tags_area_word(i)];

		if (*word == 0)
			*word = tags_area_tag(area->owner, i, m->world->image->big_endian);
	}
	renewed(m, area);
}

static void resumed(struct machine *m, uint32_t *words, const struct event_area *area)
{
	grow_old(m, words, area->owner);
	change_owner(words, world_frame_owner(m->world, machine_task(m, m->cpu_number)), area->owner);
	renewed(m, area);
}

static void peeked(struct machine *m, const uint32_t *words, const struct event_area *area, uint32_t what,
                   uint32_t vcpu)
{
	char name[16], who[48];
	uint32_t fpexc = words[VFP_FPEXC / 4];

	(void)snprintf(who, sizeof(who), "%s of %s",
	               what == FP_PEEKED ? "the tracer" : "user space, on behalf",
	               world_owner_name(m->world, area->owner, name, sizeof(name)));
	observe_area(m, words, who, area->owner);
	if (what != FP_VCPU_PEEKED || poison_used(m, fpexc))
		return;
	machine_look(m, LOOK_GUEST_FPEXC);
	if (fpexc == *memory_guest_fpexc(m, vcpu))
		return;
	observe_violation(m, PROPERTY_FPEXC_GUEST,
	                  "user space reads FPEXC 0x%08x of vcpu%u: the guest wrote 0x%08x", fpexc,
	                  (unsigned)vcpu, *memory_guest_fpexc(m, vcpu));
}

void events_fp(struct machine *m, uint32_t what, uint32_t whose)
{
	struct event_area area;
	uint32_t *words;

	if (what == FP_EMULATED) {
		observe_emulated(m, whose);
		return;
	}
	if (!events_area(m, what, whose, &area)) {
		m->failed = true;
		error_set(&m->error,
		          "the image tells the world that FP data of %u has done %u, which it does not know",
		          whose, what);
		return;
	}
	words = memory_area(m, area.address);
	switch (what) {
	case FP_FORKED:
		change_owner(words, world_thread_owner(m->world, machine_task(m, m->cpu_number)), area.owner);
		break;
	case FP_EXECED:
		zeroed(m, words, &area);
		break;
	case FP_EXITED:
		m->wrote = (int)area.owner;
		break;
	case FP_PEEKED:
	case FP_VCPU_PEEKED:
		peeked(m, words, &area, what, whose);
		break;
	case FP_VCPU_POKED:
		*memory_guest_fpexc(m, whose) = words[VFP_FPEXC / 4];
		fill(m, words, area.owner);
		renewed(m, &area);
		break;
	case FP_POKED:
		fill(m, words, area.owner);
		renewed(m, &area);
		break;
	case FP_INTERRUPTED:
		grow_old(m, words, world_frame_owner(m->world, machine_task(m, m->cpu_number)));
		change_owner(words, area.owner, world_frame_owner(m->world, machine_task(m, m->cpu_number)));
		break;
	default: /* FP_RESUMED */
		resumed(m, words, &area);
		break;
	}
}

void events_power_off(struct machine *m)
{
	memory_need(m, m->world->slot_cpu[m->cpu_number] + 3);
	tags_fill_bank(&m->cpu->fp, OWNER_JUNK);
	m->cpu->fpexc = 0;
	m->cpu->sys.cpacr = (struct cpu_trapreg){0};
	m->ghosts->host_fpexc[m->cpu_number] = 0;
}
