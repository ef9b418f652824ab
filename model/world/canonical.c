/* SPDX-License-Identifier: MIT */
/*
 * Canonical form: what cannot be read any more is zero. The argument for each rule
 * is in docs/explanation/theory.md; the reference explorer of the tests does without all this.
 */
#include <string.h>

#include "machine.h"
#include "memory.h"
#include "poison.h"

/* Where steps can end anywhere there are too many guesses to be tried: the analysis has to do. */
static void clear_registers(struct cpu *cpu, uint32_t dead)
{
	for (unsigned r = 0; r <= 14; r++) {
		if (r != 13 && (dead >> r & 1) != 0)
			cpu_set_reg(cpu, r, 0);
	}
}

/* What is left in registers, where the step ended. Flags have no room for poison: there is an analysis for
 * them. */
static void poison_registers(struct machine *m)
{
	struct cpu *cpu = m->cpu;
	uint32_t insn = (cpu->core.pc - m->world->image->code_start) / 4;

	if (insn >= (m->world->image->code_end - m->world->image->code_start) / 4)
		return;
	cpu->core.cpsr &= ~PSR_FLAGS | m->world->live[insn];
	if (m->world->config.granularity == GRANULARITY_INSN) {
		clear_registers(cpu, ~m->world->live[insn]);
		return;
	}
	if (insn >= LEARNT_GUESSES / 2 / 16)
		return;
	for (unsigned r = 0; r <= 14; r++) {
		uint32_t value = cpu_reg(cpu, r);

		if (r == 13)
			continue;
		poison(m->learnt, poison_register(insn, r), &value);
		cpu_set_reg(cpu, r, value);
	}
}

static void poison_word(struct machine *m, enum slot_class class, uint32_t offset, unsigned phase, uint32_t i)
{
	poison(m->learnt, poison_memory(class, offset, phase), &m->words[i]);
}

/* Save areas: loaded, and nothing stored since. */
static void poison_spent(struct machine *m)
{
	const struct world *w = m->world;

	for (unsigned n = 0; n < m->n_spent; n++) {
		uint32_t i = m->spent_list[n];
		unsigned s = w->slot_of[i];

		if (!m->spent[i])
			continue;
		m->spent[i] = 0;
		m->dirty[s] = 1;
		poison_word(m, w->slots[s].class, i - w->slots[s].span[0].first, 0, i);
	}
	m->n_spent = 0;
}

/* A vCPU: most of it matters only in some of its life, which its first word, `cpu`, divides. */
static void poison_vcpu(struct machine *m, const struct slot *slot)
{
	uint32_t first = slot->span[0].first;
	unsigned phase = m->words[first] != UINT32_MAX;

	for (uint32_t i = 1; i < slot->span[0].count; i++)
		poison_word(m, SLOT_VCPU, i, phase, first + i);
}

/*
 * A save area's FPINST and FPINST2: only their places are saved and loaded while FPEXC.EX is clear, with
 * whatever the registers that would carry them hold.
 */
static void poison_instructions(struct machine *m, const struct slot *slot)
{
	for (uint32_t i = VFP_FPINST / 4; i <= VFP_FPINST2 / 4; i++)
		poison_word(m, slot->class, i, 1, slot->span[0].first + i);
}

/* Exception entry writes LR and SPSR before its handler reads them; a step never ends inside a handler's
 * entry. */
static void clear_dead_banks(struct cpu *cpu)
{
	static const enum cpu_bank handlers[] = {BANK_ABT, BANK_UND, BANK_IRQ, BANK_FIQ};
	uint32_t mode = cpu_mode(cpu);

	if (mode == MODE_HYP)
		return;
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (cpu_mode_bank(mode) != handlers[i]) {
			cpu->core.lr[handlers[i]] = 0;
			cpu->core.spsr[handlers[i]] = 0;
		}
	}
	if (mode == MODE_USR)
		cpu->core.lr[BANK_SVC] = 0;
	if (mode != MODE_SVC || (cpu->core.cpsr & PSR_I) == 0) /* else perhaps SVC was its last instruction */
		cpu->core.spsr[BANK_SVC] = 0;
	cpu->core.spsr[BANK_HYP] = 0;
	cpu->core.elr_hyp = 0;
	cpu->sys.hsr = 0;
}

/* Which vCPU ran last. */
static void poison_htpidr(struct machine *m)
{
	if (cpu_mode(m->cpu) != MODE_HYP && !cpu_in_guest(m->cpu))
		poison(m->learnt, poison_memory(SLOT_SYS, 0, 0), &m->cpu->sys.htpidr);
}

/* Nothing below the stack pointer is read: the ABI has no red zone, and exceptions push. */
static void clear_below(struct machine *m, uint32_t from, uint32_t sp)
{
	uint32_t first = (from - m->world->ram_base) / 4, last = (sp - m->world->ram_base) / 4;

	if (sp > from)
		memset(m->words + first, 0, (last - first) * sizeof(*m->words));
}

/* Words `first` to `last` - 1 of a task's thread_info and stack. */
static void poison_thread(struct machine *m, uint32_t base, unsigned phase, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i < last; i++)
		poison_word(m, SLOT_TASK, i, phase, (base - m->world->ram_base) / 4 + i);
}

static void clear_dead_stack(struct machine *m, uint32_t task)
{
	uint32_t base = m->world->symbols.thread_union + task * THREAD_SIZE;
	bool current = task == machine_task(m, m->cpu_number);
	unsigned phase = current ? 0 : 1;
	uint32_t sp;

	if (!current) {
		sp = m->words[(base + TI_CPU_SAVE - m->world->ram_base) / 4 + 8]; /* cpu_context.sp */
		poison_thread(m, base, phase, 0, TI_CPU_SAVE / 4 + 8);
	} else {
		bool host = !cpu_in_guest(m->cpu) && cpu_mode(m->cpu) != MODE_HYP;

		sp = host ? m->cpu->core.sp[BANK_SVC] : m->host_sp;
		/* __switch_to() writes the saved context before it reads it again. */
		poison_thread(m, base, phase, TI_CPU_SAVE / 4, TI_VFPSTATE / 4);
	}
	if (sp - base >= THREAD_SIZE)
		return;
	clear_below(m, base + THREAD_INFO_SIZE, sp);
	/* An idle task's calls are always the same; what it saved at boot, its CPU's number perhaps, is dead.
	 */
	if (task < NR_CPUS)
		poison_thread(m, base, phase, (sp - base) / 4, THREAD_SIZE / 4);
}

void machine_canonicalise(struct machine *m)
{
	const struct world *w = m->world;
	uint32_t hyp_stack = w->symbols.kvm_arm_hyp_stack + m->cpu_number * HYP_STACK_SIZE;

	if ((w->config.unreduced & REDUCTION_DEAD) != 0) {
		memory_forget_spent(m);
		return;
	}
	poison_registers(m);
	poison_spent(m);
	clear_dead_banks(m->cpu);
	poison_htpidr(m);
	for (unsigned s = 0; s < w->n_slots; s++) {
		if (!m->dirty[s])
			continue;
		if (w->slots[s].class == SLOT_TASK)
			clear_dead_stack(m, w->slots[s].index);
		else if (w->slots[s].class == SLOT_VCPU)
			poison_vcpu(m, &w->slots[s]);
		else if (w->slots[s].class == SLOT_HOST_CTX || w->slots[s].class == SLOT_TASK_VFP ||
		         w->slots[s].class == SLOT_VCPU_VFP)
			poison_instructions(m, &w->slots[s]);
		else if (w->slots[s].class == SLOT_HYP_STACK &&
		         m->cpu->core.sp[BANK_HYP] - hyp_stack <= HYP_STACK_SIZE)
			clear_below(m, hyp_stack, m->cpu->core.sp[BANK_HYP]);
	}
}
