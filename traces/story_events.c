/* SPDX-License-Identifier: MIT */
/* What happens inside a step, as details of it. */
#include <stdio.h>
#include <string.h>

#include "model/world/tags.h"
#include "story_private.h"

#define HCPTR_FP (HCPTR_TCP10 | HCPTR_TCP11)

static const char *who_writes(const struct machine *m, unsigned cpu)
{
	const struct cpu *c = machine_cpu(m, cpu);

	if (cpu_in_guest(c))
		return "the guest";
	if (cpu_mode(c) == MODE_HYP || m->ghosts->in_kvm[machine_task(m, cpu)] != 0)
		return "KVM";
	return "host code";
}

static void fpexc_write(struct story *s, const struct machine *m, const struct watch *watch)
{
	char old[16], new[16];

	if (watch->event->a != watch->event->b)
		story_detail(s, watch->pc, "FPEXC: %s -> %s, by %s",
		             story_fpexc(watch->event->b, old, sizeof(old)),
		             story_fpexc(watch->event->a, new, sizeof(new)), who_writes(m, watch->cpu));
}

static void hcptr_write(struct story *s, const struct watch *watch)
{
	bool traps = (watch->event->a & HCPTR_FP) != 0;

	if (traps != ((watch->event->b & HCPTR_FP) != 0))
		story_detail(s, watch->pc, "HCPTR: FP accesses %s",
		             traps ? "will trap to Hyp" : "do not trap any more");
}

/* The address behind a transfer's base register: where the first of the registers lies, or close enough to
 * it. */
static uint32_t transfer_address(const struct machine *m, const struct watch *watch)
{
	const struct insn *insn = image_insn(m->world->image, watch->pc);
	uint32_t raw = insn ? insn->raw : 0, bytes = 8 * watch->event->b;
	uint32_t base = insn && insn->rn < 15 ? cpu_reg(machine_cpu(m, watch->cpu), insn->rn) : 0;
	bool up = (raw >> 23 & 1) != 0, write_back = (raw >> 21 & 1) != 0, before = (raw >> 24 & 1) != 0;

	if ((raw & 0x0e000e00) != 0x0c000a00) /* VLD1, VST1: Rm says whether the base has moved */
		return (raw & 15) == 13 ? base - bytes : base;
	if (before && !write_back) /* VLDR, VSTR */
		return up ? base + 4 * (raw & 0xff) : base - 4 * (raw & 0xff);
	return write_back && up ? base - bytes : base;
}

static uint16_t slot_at(const struct world *w, uint32_t address)
{
	uint32_t i = (address - w->ram_base) / 4;

	return i < w->ram_words ? w->slot_of[i] : SLOT_NONE;
}

/* Same data, apart from which register it belongs to? */
static bool alike(uint32_t a, uint32_t b)
{
	return is_tag(a) == is_tag(b) && tag_owner(a) == tag_owner(b) && tag_stale(a) == tag_stale(b);
}

static void describe_transfer(const struct world *w, struct detail *d)
{
	char data[64], area[48], range[16] = "";

	if (d->mixed)
		(void)snprintf(data, sizeof(data), "registers of several contexts");
	else
		story_data(w, d->tag, data, sizeof(data));
	if (d->count < 32)
		(void)snprintf(range, sizeof(range), " (d%u-d%u)", d->first, d->first + d->count - 1);
	(void)snprintf(d->text, sizeof(d->text), "%s %s%s %s %s", d->store ? "save" : "load", data, range,
	               d->store ? "->" : "<-", story_area(w, d->slot, area, sizeof(area)));
}

static void transfer(struct story *s, const struct machine *m, const struct watch *watch, bool store)
{
	const struct cpu_event *event = watch->event;
	struct story_step *step = s->now;
	struct detail *last = step && step->n_details > 0 ? &step->details[step->n_details - 1] : NULL;
	uint32_t word = (uint32_t)machine_cpu(m, watch->cpu)->fp.d[event->a & 31];
	uint16_t slot = slot_at(s->world, transfer_address(m, watch));

	if (last && last->kind == DETAIL_TRANSFER && last->store == store && last->slot == slot &&
	    last->first + last->count == event->a) {
		last->count += event->b;
		last->mixed |= !alike(word, last->tag);
		describe_transfer(s->world, last);
		return;
	}
	last = story_detail(s, watch->pc, "%s", "");
	if (!last)
		return;
	last->kind = DETAIL_TRANSFER;
	last->store = store;
	last->first = event->a;
	last->count = event->b;
	last->slot = slot;
	last->tag = word;
	describe_transfer(s->world, last);
}

static void exception(struct story *s, struct machine *m, const struct watch *watch)
{
	uint32_t vector = watch->event->a, from = watch->event->b, to = watch->event->c;
	const struct cpu *cpu = machine_cpu(m, watch->cpu);
	bool guest = (cpu->sys.hcr & HCR_VM) != 0 && from != MODE_HYP;

	if (to == MODE_HYP && from == MODE_HYP)
		story_detail(s, watch->pc, "%s in Hyp mode",
		             vector == VECTOR_UNDEF ? "UNDEFINED" : "exception");
	else if (to == MODE_HYP && vector == VECTOR_HYP_TRAP && cpu->sys.hsr >> 26 == EC_CP_0_13)
		story_detail(s, watch->pc, "%s FP access traps to Hyp", guest ? "the guest's" : "the host's");
	else if (to == MODE_HYP && vector == VECTOR_HYP_TRAP && guest)
		story_detail(s, watch->pc, "traps to Hyp");
	else if (vector == VECTOR_UNDEF && guest)
		story_detail(s, watch->pc, "UNDEFINED: the guest's own handler skips it");
	else if (vector == VECTOR_UNDEF && from == MODE_USR)
		story_detail(s, watch->pc, "UNDEFINED: on to the host's VFP code");
	else if (vector == VECTOR_UNDEF)
		story_detail(s, watch->pc, "UNDEFINED in the host kernel");
	else if (vector == VECTOR_PABT || vector == VECTOR_DABT)
		story_detail(s, watch->pc, "abort");
}

static void core_event(struct story *s, struct machine *m, const struct watch *watch)
{
	switch (watch->event->kind) {
	case CPU_EXCEPTION:
		exception(s, m, watch);
		break;
	case CPU_FPEXC_WRITE:
		fpexc_write(s, m, watch);
		break;
	case CPU_HCPTR_WRITE:
		hcptr_write(s, watch);
		break;
	case CPU_FP_LOAD:
	case CPU_FP_STORE:
		transfer(s, m, watch, watch->event->kind == CPU_FP_STORE);
		break;
	case CPU_FP_COMPUTE:
		if (cpu_mode(machine_cpu(m, watch->cpu)) == MODE_SVC &&
		    !cpu_in_guest(machine_cpu(m, watch->cpu)))
			story_detail(s, watch->pc, "kernel-mode NEON overwrites the registers");
		break;
	default:
		break;
	}
}

/* The function that the world's bracket encloses: the next call. */
static uint32_t next_call(const struct image *image, uint32_t pc)
{
	for (uint32_t i = 1; i <= 8; i++) {
		const struct insn *insn = image_insn(image, pc + 4 * i);

		if (insn && insn->flow == FLOW_CALL)
			return insn->target;
	}
	return 0;
}

static void kvm_enter(struct story *s, const struct watch *watch)
{
	uint32_t target = next_call(s->world->image, watch->pc);
	const struct image_symbol *symbol = target ? image_symbol_at(s->world->image, target) : NULL;
	struct detail *d = story_detail(s, target, "%s", symbol ? symbol->name : "KVM");

	if (d)
		d->kind = DETAIL_KVM;
}

static void kvm_leave(struct story *s)
{
	struct story_step *step = s->now;
	struct detail *last = step && step->n_details > 0 ? &step->details[step->n_details - 1] : NULL;

	if (last && last->kind == DETAIL_KVM) {
		size_t n = strlen(last->text);

		(void)snprintf(last->text + n, sizeof(last->text) - n, " leaves FP alone");
		last->kind = DETAIL_TEXT;
	}
}

/* Who looked: -1 if it was not a user thread or a guest. */
static int observer(const struct machine *m, unsigned cpu)
{
	const struct cpu *c = machine_cpu(m, cpu);
	uint32_t task = machine_task(m, cpu);
	int vcpu = machine_task_vcpu(m, task);

	if (cpu_in_guest(c))
		return vcpu < 0 ? -1 : (int)world_vcpu_owner(m->world, (unsigned)vcpu);
	return cpu_mode(c) == MODE_USR && task >= NR_CPUS ? (int)world_thread_owner(m->world, task) : -1;
}

static void violation(struct story *s, struct machine *m, const struct watch *watch)
{
	enum world_property property = watch->violation->property;
	bool data = property == PROPERTY_FP_LEAK || property == PROPERTY_FP_LOST;
	struct detail *d;

	/* A schedule of check --all may come by others on the way, even of its own property. */
	if (property != s->violation.property || s->now != &s->steps[s->n_steps - 1]) {
		d = story_detail(s, watch->pc, "(violates %s as well)", world_property_names[property]);
		if (d)
			d->kind = DETAIL_SEEN_TOO;
		return;
	}
	d = story_detail(s, watch->pc, "=> violates %s", world_property_names[property]);
	if (d)
		d->kind = DETAIL_SEEN;
	s->seen = true;
	s->ending = story_ending(m, data ? observer(m, watch->cpu) : -1);
	s->failed |= s->ending == NULL;
}

void story_event(void *arg, struct machine *m, const struct watch *watch)
{
	struct story *s = arg;

	if (s->seen)
		return;
	switch (watch->kind) {
	case WATCH_CPU:
		core_event(s, m, watch);
		break;
	case WATCH_SWITCH:
		s->switched = true;
		s->switched_from = watch->a;
		s->switched_to = watch->b;
		break;
	case WATCH_KVM_ENTER:
		kvm_enter(s, watch);
		break;
	case WATCH_KVM_LEAVE:
		kvm_leave(s);
		break;
	case WATCH_VIOLATION:
		violation(s, m, watch);
		break;
	}
}
