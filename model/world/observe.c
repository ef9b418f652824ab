/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include <stdarg.h>
#include <stdio.h>

#include "memory.h"
#include "poison.h"
#include "step.h"
#include "tags.h"

void observe_violation(struct machine *m, enum world_property property, const char *format, ...)
{
	struct violation *v;
	va_list args;

	if ((m->violated & 1u << property) != 0)
		return;
	m->violated |= 1u << property;
	v = &m->violations[m->n_violations++];
	v->property = property;
	v->pc = m->pc;
	v->cpu = m->cpu_number;
	va_start(args, format);
	(void)vsnprintf(v->text, sizeof(v->text), format, args);
	va_end(args);
	if (m->watch) {
		const struct watch watch = {
		        .kind = WATCH_VIOLATION, .cpu = m->cpu_number, .pc = m->pc, .violation = v};

		m->watch(m->watch_arg, &watch);
	}
}

struct names {
	char who[32], whose[32];
};

static void crash(struct machine *m, const char *what)
{
	observe_violation(m, PROPERTY_CRASH, "%s", what);
	m->ended = true;
}

/* The vCPU that runs on this CPU, and its name. */
static unsigned current_vcpu(struct machine *m, struct names *names)
{
	int vcpu = machine_need_task_vcpu(m, machine_task(m, m->cpu_number));

	if (vcpu < 0) {
		crash(m, "a guest runs in the name of a task that has no vCPU");
		vcpu = 0;
	}
	(void)snprintf(names->who, sizeof(names->who), "vcpu%d", vcpu);
	return (unsigned)vcpu;
}

static void describe_register(char *buf, size_t size, unsigned reg)
{
	if (reg == TAG_FPSCR)
		(void)snprintf(buf, size, "fpscr");
	else
		(void)snprintf(buf, size, "d%u", reg);
}

/* One word of a register: what is wrong with it as `owner` reads it, if anything. */
static void check_word(struct machine *m, const char *who, unsigned owner, unsigned reg, unsigned half,
                       uint32_t word)
{
	char whose[32], name[8];

	if (word == tag(owner, reg, half) || poison_used(m, word))
		return;
	describe_register(name, sizeof(name), reg);
	if (!is_tag(word))
		observe_violation(m, PROPERTY_FP_LOST,
		                  "%s reads %s: expected its own newest data, got 0x%08x", who, name, word);
	else if (tag_owner(word) == OWNER_JUNK)
		observe_violation(m, PROPERTY_FP_LOST,
		                  "%s reads %s: expected its own newest data, got what the register held "
		                  "after reset",
		                  who, name);
	else if (tag_owner(word) == owner)
		observe_violation(
		        m, PROPERTY_FP_LOST, "%s reads %s: expected its own newest data, got %s", who, name,
		        tag_stale(word) ? "an older version of it" : "data of its own from another register");
	else
		observe_violation(m, PROPERTY_FP_LEAK,
		                  "%s reads %s: expected its own newest data, got data of %s", who, name,
		                  world_owner_name(m->world, tag_owner(word), whose, sizeof(whose)));
}

static void check_bank(struct machine *m, const char *who, unsigned owner)
{
	const struct cpu_bank_fp *fp = &m->cpu->fp;

	for (unsigned i = 0; i < 32; i++) {
		check_word(m, who, owner, i, 0, (uint32_t)fp->d[i]);
		check_word(m, who, owner, i, 1, (uint32_t)(fp->d[i] >> 32));
	}
	check_word(m, who, owner, TAG_FPSCR, 0, fp->fpscr);
}

void observe_area(struct machine *m, const uint32_t *area, const char *who, unsigned owner)
{
	bool big = m->world->image->big_endian;

	machine_look(m, LOOK_AREA);
	for (uint32_t i = 0; i < AREA_WORDS; i++) {
		uint32_t expected = tags_area_tag(owner, i, big);

		check_word(m, who, owner, i == 64 ? (unsigned)TAG_FPSCR : i / 2, expected >> 7 & 1,
		           area[tags_area_word(i)]);
	}
}

void observe_user_fp(struct machine *m)
{
	uint32_t left = m->ghosts->host_fpexc[m->cpu_number];
	char who[32];

	machine_look(m, LOOK_USER_FPEXC);
	if (m->cpu->fpexc != left)
		observe_violation(m, PROPERTY_FPEXC_HOST,
		                  "%s executes an FP instruction under FPEXC 0x%08x: host code left 0x%08x",
		                  world_task_name(m->world, machine_task(m, m->cpu_number), who, sizeof(who)),
		                  m->cpu->fpexc, left);
}

void observe_fp_compute(struct machine *m)
{
	struct names names;
	unsigned owner;

	if (cpu_in_guest(m->cpu)) {
		unsigned vcpu = current_vcpu(m, &names);

		owner = world_vcpu_owner(m->world, vcpu);
		machine_look(m, LOOK_GUEST_FP);
		machine_look(m, LOOK_GUEST_FPEXC);
		if ((*memory_guest_fpexc(m, vcpu) & FPEXC_EN) == 0)
			observe_violation(m, PROPERTY_FPEXC_GUEST,
			                  "%s's FP instruction executes: the guest had cleared FPEXC.EN",
			                  names.who);
	} else if (cpu_mode(m->cpu) == MODE_USR) {
		uint32_t task = machine_task(m, m->cpu_number);

		if (task < NR_CPUS) {
			crash(m, "an FP instruction in user mode, on the stack of an idle task");
			return;
		}
		owner = world_thread_owner(m->world, task);
		machine_look(m, LOOK_USER_FP);
		world_task_name(m->world, task, names.who, sizeof(names.who));
	} else {
		/* Kernel-mode NEON: it computes from memory, in all registers, and keeps nothing in them. */
		tags_fill_bank(&m->cpu->fp, OWNER_NEON);
		return;
	}
	m->computed = true;
	if ((m->world->config.unreduced & REDUCTION_FP_ACTION) == 0) {
		check_bank(m, names.who, owner);
	} else if (step_choose(m, QUESTION_WRITE, 2) == 0) {
		check_bank(m, names.who, owner);
		return;
	}
	tags_fill_bank(&m->cpu->fp, owner);
	m->wrote = (int)owner;
	m->fresh = m->world->slot_cpu[m->cpu_number] + 3;
}

void observe_emulated(struct machine *m, uint32_t raw)
{
	uint32_t task = machine_task(m, m->cpu_number);
	const struct insn *insn = image_insn(m->world->image, m->world->symbols.user_fp);
	unsigned owner;
	char who[32];

	if (task < NR_CPUS) {
		crash(m, "an FP instruction is emulated for an idle task");
		return;
	}
	owner = world_thread_owner(m->world, task);
	world_task_name(m->world, task, who, sizeof(who));
	memory_need(m, m->world->slot_cpu[m->cpu_number] + 3);
	machine_look(m, LOOK_USER_FP);
	if (!insn || raw != insn->raw)
		observe_violation(
		        m, PROPERTY_FP_LOST,
		        "the kernel executes 0x%08x for %s: that is not the instruction which bounced", raw,
		        who);
	check_bank(m, who, owner);
	tags_fill_bank(&m->cpu->fp, owner);
	m->wrote = (int)owner;
	m->fresh = m->world->slot_cpu[m->cpu_number] + 3;
}

/* May a save area of this slot hold data of that owner? The host's contexts hold what the host had in the
 * registers. */
static bool belongs(struct machine *m, const struct slot *slot, unsigned owner)
{
	const struct world *w = m->world;
	unsigned threads = world_threads(&w->config), vcpus = world_vcpus(&w->config), thread;

	switch (slot->class) {
	case SLOT_VCPU_VFP:
		return owner == world_vcpu_owner(w, slot->index);
	case SLOT_HOST_CTX:
		return owner < threads || owner >= threads + vcpus;
	case SLOT_TASK_VFP:
	case SLOT_SIGFRAME:
		thread = slot->index - NR_CPUS;
		/* A child in the hand of its parent gets the parent's. */
		return owner == thread || owner == world_frame_owner(w, slot->index) ||
		       ((w->config.env & ENV_FORK) != 0 && slot->index != machine_task(m, m->cpu_number) &&
		        owner == world_thread_owner(w, machine_task(m, m->cpu_number)) &&
		        machine_word(m, w->symbols.on_cpu + slot->index * 4) == ON_CPU_CLAIMED);
	default:
		return true;
	}
}

void observe_save(struct machine *m, uint32_t i, uint32_t word)
{
	const struct slot *slot = &m->world->slots[m->world->slot_of[i]];
	unsigned owner = tag_owner(word);
	uint32_t at = i - slot->span[0].first;
	char whose[48], into[48];

	if (at >= 64 && at != VFP_FPSCR / 4)
		return;
	switch (slot->class) {
	case SLOT_TASK_VFP:
	case SLOT_SIGFRAME:
		if (slot->index < NR_CPUS)
			return;
		world_task_name(m->world, slot->index, into, sizeof(into));
		break;
	case SLOT_VCPU_VFP:
		(void)snprintf(into, sizeof(into), "vcpu%u", slot->index);
		break;
	case SLOT_HOST_CTX:
		(void)snprintf(into, sizeof(into), "the host on CPU %u", slot->index);
		break;
	default:
		return;
	}
	if (poison_used(m, word) || is_poison(word))
		return;
	machine_look(m, LOOK_STORE);
	if (slot->class != SLOT_HOST_CTX &&
	    (owner == OWNER_JUNK || (belongs(m, slot, owner) && tag_stale(word))))
		observe_violation(m, PROPERTY_FP_LOST_SAVED, "%s is stored into the save area of %s",
		                  owner == OWNER_JUNK ? "what registers held after reset"
		                                      : "an older version of its data",
		                  into);
	else if (!belongs(m, slot, owner))
		observe_violation(m, PROPERTY_FP_LEAK_SAVED, "data of %s is stored into the save area of %s",
		                  world_owner_name(m->world, owner, whose, sizeof(whose)), into);
}

/* Host code proper: not Hyp, not a guest, not between KVM_ENTER and KVM_LEAVE. */
static bool host_outside_kvm(struct machine *m)
{
	return cpu_mode(m->cpu) != MODE_HYP && !cpu_in_guest(m->cpu) &&
	       *memory_in_kvm(m, machine_task(m, m->cpu_number)) == 0;
}

void observe_fpexc_read(struct machine *m, uint32_t value)
{
	struct names names;

	if (cpu_in_guest(m->cpu)) {
		uint32_t wrote = *memory_guest_fpexc(m, current_vcpu(m, &names));

		machine_look(m, LOOK_GUEST_FPEXC);
		if (value != wrote)
			observe_violation(m, PROPERTY_FPEXC_GUEST,
			                  "%s reads FPEXC 0x%08x: the guest wrote 0x%08x", names.who, value,
			                  wrote);
	} else if (host_outside_kvm(m)) {
		uint32_t left = m->ghosts->host_fpexc[m->cpu_number];

		machine_look(m, LOOK_HOST_FPEXC);
		if (value != left)
			observe_violation(m, PROPERTY_FPEXC_HOST,
			                  "the host kernel, in %s, reads FPEXC 0x%08x: it left 0x%08x",
			                  world_task_name(m->world, machine_task(m, m->cpu_number), names.who,
			                                  sizeof(names.who)),
			                  value, left);
	}
}

void observe_fpexc_write(struct machine *m, uint32_t value)
{
	struct names names;

	if (cpu_in_guest(m->cpu))
		*memory_guest_fpexc(m, current_vcpu(m, &names)) = value;
	else if (host_outside_kvm(m))
		m->ghosts->host_fpexc[m->cpu_number] = value;
}

static void undef_in_guest(struct machine *m)
{
	struct names names;
	unsigned vcpu = current_vcpu(m, &names);

	machine_look(m, LOOK_GUEST_FPEXC);
	if ((*memory_guest_fpexc(m, vcpu) & FPEXC_EN) != 0)
		observe_violation(m, PROPERTY_FPEXC_GUEST,
		                  "%s's FP instruction is UNDEFINED: the guest had set FPEXC.EN", names.who);
}

void observe_exception(struct machine *m, const struct cpu_event *event)
{
	uint32_t vector = event->a, from = event->b, to = event->c;
	bool guest = (m->cpu->sys.hcr & HCR_VM) != 0 && from != MODE_HYP;

	if (to == MODE_HYP && from == MODE_HYP) {
		crash(m,
		      vector == VECTOR_UNDEF ? "undefined instruction in Hyp mode" : "exception in Hyp mode");
	} else if (to == MODE_HYP && !guest) {
		if (vector == VECTOR_HYP_TRAP && m->cpu->sys.hsr >> 26 != EC_HVC)
			crash(m, "the host traps to Hyp mode");
	} else if (vector == VECTOR_UNDEF && to == MODE_UND) {
		if (guest)
			undef_in_guest(m);
		else if (from != MODE_USR)
			crash(m, "undefined instruction in the host kernel");
	} else if (vector == VECTOR_PABT || vector == VECTOR_DABT) {
		crash(m, "abort");
	}
}
