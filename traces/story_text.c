/* SPDX-License-Identifier: MIT */
/* Machine facts as words. */
#include <stdio.h>
#include <string.h>

#include "model/world/tags.h"
#include "story_private.h"

const char *story_data(const struct world *w, uint32_t word, char *buf, size_t size)
{
	char name[32];

	if (!is_tag(word))
		(void)snprintf(buf, size, "something that is no FP data");
	else if (tag_owner(word) == OWNER_JUNK)
		(void)snprintf(buf, size, "reset values");
	else
		(void)snprintf(buf, size, "%s's %sregisters",
		               world_owner_name(w, tag_owner(word), name, sizeof(name)),
		               tag_stale(word) ? "OLD " : "");
	return buf;
}

const char *story_area(const struct world *w, unsigned slot, char *buf, size_t size)
{
	char name[32];

	if (slot >= w->n_slots) {
		(void)snprintf(buf, size, "memory");
		return buf;
	}
	switch (w->slots[slot].class) {
	case SLOT_TASK_VFP:
		(void)snprintf(buf, size, "%s's vfpstate",
		               world_task_name(w, w->slots[slot].index, name, sizeof(name)));
		break;
	case SLOT_VCPU_VFP:
		(void)snprintf(buf, size, "vcpu%u's vfp_guest", w->slots[slot].index);
		break;
	case SLOT_HOST_CTX:
		(void)snprintf(buf, size, "cpu%u's host context", w->slots[slot].index);
		break;
	default:
		(void)snprintf(buf, size, "memory");
		break;
	}
	return buf;
}

const char *story_fpexc(uint32_t fpexc, char *buf, size_t size)
{
	if ((fpexc & ~FPEXC_EN) == 0)
		(void)snprintf(buf, size, "EN=%u", (fpexc & FPEXC_EN) != 0);
	else
		(void)snprintf(buf, size, "0x%08x", fpexc);
	return buf;
}

const char *story_where(const struct image *image, uint32_t pc, char *buf, size_t size)
{
	const char *file, *slash;
	char where[96];
	int line;

	image_where(image, pc, where, sizeof(where));
	if (!image_line(image, pc, &file, &line)) {
		(void)snprintf(buf, size, "%s", where);
		return buf;
	}
	slash = strrchr(file, '/');
	(void)snprintf(buf, size, "%s:%d %s", slash ? slash + 1 : file, line, where);
	return buf;
}

const char *story_instruction(uint32_t pc, uint32_t raw, char *buf, size_t size)
{
	char *list, *last;

	image_disassemble(pc, raw, buf, size);
	list = strstr(buf, ", d");
	last = strrchr(buf, ',');
	/* {d0, d1, d2, d3} as {d0-d3} */
	if (list && strchr(buf, '{') && last - list > 8) {
		*list = '-';
		memmove(list + 1, last + 2, strlen(last + 2) + 1);
	}
	return buf;
}

void story_occupant(const struct machine *m, unsigned cpu, char buf[8])
{
	uint32_t task = machine_task(m, cpu);
	int vcpu = machine_task_vcpu(m, task);
	char name[16];

	if (cpu_in_guest(machine_cpu(m, cpu)) && vcpu >= 0)
		(void)snprintf(buf, 8, "vcpu%d", vcpu % 100);
	else
		(void)snprintf(buf, 8, "%.7s", world_task_name(m->world, task, name, sizeof(name)));
}

/* "go" means something else in each place. */
static const char *going_on(const struct story *s, const struct machine *m)
{
	unsigned cpu = m->cpu_number;
	const struct world_symbols *symbols = &m->world->symbols;

	if (s->guests[cpu])
		return s->pcs[cpu] == symbols->program[1][ACTION_FP] ? "the guest repeats its FP instruction"
		       : s->pcs[cpu] == symbols->program[1][ACTION_FPEXC]
		               ? "the guest repeats its access to FPEXC"
		               : "the guest goes on";
	return s->pcs[cpu] == symbols->user_fp ? "repeats its FP instruction" : "goes on";
}

static const char *action_text(const struct story *s, const struct machine *m)
{
	static const char *const plain[ACTIONS] = {
	        [ACTION_FORK] = "fork()",
	        [ACTION_EXEC] = "exec(): a new program, all registers 0",
	        [ACTION_EXIT] = "exit()",
	        [ACTION_STOP] = "stops for its tracer",
	        [ACTION_PTRACE] = "ptrace() of a stopped thread",
	        [ACTION_SIGNAL] = "a signal: into its handler",
	        [ACTION_SIGRETURN] = "the handler returns",
	        [ACTION_ONE_REG] = "ioctl(KVM_GET_ONE_REG or KVM_SET_ONE_REG)",
	        [ACTION_SUSPEND] = "suspends the system",
	        [ACTION_UNPLUG] = "the CPU is unplugged, and plugged in again",
	        [ACTION_LOW_POWER] = "the CPU enters a low-power state",
	        [ACTION_SOFTIRQ] = "interrupted: a softirq",
	        [ACTION_BOUNCE] = "executes an FP instruction that will bounce",
	};
	bool guest = s->guests[m->cpu_number];

	switch (m->action) {
	case ACTION_PREEMPT:
		return s->switched && s->switched_from == s->switched_to ? "interrupted, but goes on"
		       : s->switched                                     ? "preempted"
		                                                         : "interrupted";
	case ACTION_WAKE:
		return "wakes up";
	case ACTION_FP:
		return guest ? "the guest executes an FP instruction" : "executes an FP instruction";
	case ACTION_FPEXC:
		return "the guest reads FPEXC and inverts EN";
	case ACTION_KVM_RUN:
		return "ioctl(KVM_RUN)";
	case ACTION_NEON:
		return "system call that may use kernel-mode NEON";
	case ACTION_GUEST_EXIT:
		return "the guest exits to be emulated";
	case ACTION_IRQ:
		return "interrupt: the guest exits";
	default:
		return plain[m->action] ? plain[m->action] : going_on(s, m);
	}
}

static const char *choice_text(const struct world_choice *choice)
{
	switch (choice->question) {
	case QUESTION_SIGNAL:
		return choice->answer ? "a signal is pending" : NULL;
	case QUESTION_USERSPACE:
		return choice->answer ? "user space must see to it" : NULL;
	case QUESTION_NEON:
		return choice->answer ? "kernel-mode NEON" : NULL;
	case QUESTION_UNSYNCED:
		return choice->answer ? "the old trap setting still acts" : NULL;
	case QUESTION_WRITE:
		return choice->answer ? "a write" : "a read";
	case QUESTION_LOST:
		return choice->answer ? "power is lost" : "power is kept";
	case QUESTION_ENABLE:
		return choice->answer ? "FPEXC.EN set" : "FPEXC.EN clear";
	default:
		return NULL;
	}
}

void story_headline(struct story *s, struct machine *m, char *buf, size_t size)
{
	const struct cpu *cpu = machine_cpu(m, m->cpu_number);
	size_t at = (size_t)snprintf(buf, size, "%s", action_text(s, m));
	char name[16];

	if (s->switched && s->switched_from != s->switched_to && at < size)
		at += (size_t)snprintf(buf + at, size - at, ": %s is next",
		                       world_task_name(m->world, s->switched_to, name, sizeof(name)));
	for (unsigned i = 0; i < m->n_choices && at < size; i++) {
		const char *text = choice_text(&m->choices[i]);

		if (text)
			at += (size_t)snprintf(buf + at, size - at, "; %s", text);
	}
	if (m->ended || s->seen || at >= size)
		return;
	if (m->wrote >= 0)
		(void)snprintf(buf + at, size - at, ": new data in all registers");
	else if (cpu_in_guest(cpu) && !s->guests[m->cpu_number])
		(void)snprintf(buf + at, size - at, ", enters the guest");
	else if (cpu_mode(cpu) == MODE_USR && m->action == ACTION_GO && !s->users[m->cpu_number])
		(void)snprintf(buf + at, size - at, ", back to user space");
}
