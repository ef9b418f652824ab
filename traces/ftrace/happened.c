/* SPDX-License-Identifier: MIT */
#include "happened.h"

#include <string.h>

/* What __kvm_vcpu_run() returns: ARM_EXCEPTION_IRQ and _HVC of asm/kvm_asm.h, which declares things of the kernel's, too. */
enum { RETURNED_IRQ = 5, RETURNED_HVC = 7 };

static void note(struct happenings *h, const struct machine *m, struct happened what)
{
	h->cpu = m->cpu_number;
	if (h->n == HAPPENED_MAX)
		h->too_many = true;
	else
		h->list[h->n++] = what;
}

void happenings_watch(struct happenings *h, struct machine *m, const struct watch *watch)
{
	const struct cpu *cpu = machine_cpu(m, watch->cpu);

	if (watch->kind == WATCH_SWITCH && watch->a != watch->b)
		note(h, m, (struct happened){.kind = HAPPENED_SWITCH, .task = watch->b, .from = watch->a});
	else if (watch->kind == WATCH_VIOLATION)
		note(h, m,
		     (struct happened){.kind = HAPPENED_VIOLATION, .property = watch->violation->property});
	else if (watch->kind == WATCH_CPU && watch->event->kind == CPU_EXCEPTION &&
	         watch->event->c == MODE_HYP && watch->event->b != MODE_HYP && (cpu->sys.hcr & HCR_VM) == 0 &&
	         cpu->sys.hsr >> 26 == EC_HVC && cpu_reg(cpu, 0) == h->run)
		note(h, m,
		     (struct happened){.kind = HAPPENED_KVM_ENTRY, .task = machine_task(m, m->cpu_number)});
}

static void on_watch(void *arg, const struct watch *watch)
{
	struct machine *m = arg;

	happenings_watch(m->between_arg, m, watch);
}

/* Out of Hyp mode into the host's kernel, whoever it was that had called. */
static void between(void *arg, struct machine *m)
{
	struct happenings *h = arg;
	bool hyp = cpu_mode(m->cpu) == MODE_HYP;
	uint32_t code;

	if (h->in_hyp && !hyp && !cpu_in_guest(m->cpu) && cpu_mode(m->cpu) == MODE_SVC) {
		code = cpu_reg(m->cpu, 0);
		note(h, m,
		     (struct happened){.kind = HAPPENED_KVM_EXIT,
		                       .task = machine_task(m, m->cpu_number),
		                       .exit = code == RETURNED_IRQ   ? FTRACE_EXIT_IRQ
		                               : code == RETURNED_HVC ? FTRACE_EXIT_TRAP
		                                                      : FTRACE_EXIT_UNSAID});
	}
	h->in_hyp = hyp;
}

static void on_choice(void *arg, struct machine *m, const uint32_t *meanings)
{
	const struct world_choice *choice = &m->choices[m->n_choices - 1];
	bool signal = choice->question == QUESTION_SIGNAL;

	(void)meanings;
	if ((signal || choice->question == QUESTION_USERSPACE) && choice->meaning == 1)
		note(arg, m,
		     (struct happened){.kind = HAPPENED_LEAVES,
		                       .task = machine_task(m, m->cpu_number),
		                       .signal = signal});
}

void happenings_listen(struct happenings *h, struct machine *m)
{
	const struct image_symbol *run = image_symbol(m->world->image, "__kvm_vcpu_run");

	*h = (struct happenings){.run = run ? run->address : 0};
	m->between = between;
	m->between_arg = h;
	m->chosen = on_choice;
	m->chosen_arg = h;
}

void happenings_attach(struct happenings *h, struct machine *m)
{
	happenings_listen(h, m);
	m->watch = on_watch;
	m->watch_arg = m;
}

void happenings_begin(struct happenings *h)
{
	h->n = 0;
	h->in_hyp = h->too_many = false;
}

void happenings_end(struct happenings *h, const struct machine *m)
{
	h->cpu = m->cpu_number;
	if (!m->ended && !m->disabled && cpu_mode(m->cpu) == MODE_USR && !cpu_in_guest(m->cpu))
		note(h, m, (struct happened){.kind = HAPPENED_USER, .task = machine_task(m, m->cpu_number)});
}
