/* SPDX-License-Identifier: MIT */
#include "boundary.h"

#include "actions.h"
#include "memory.h"

#define CLASS_BIT(class) (1u << (class))

/* Host SVC mode, on a thread's stack, interrupts enabled: are these bits of the preempt count clear? */
static bool interruptible(struct machine *m, uint32_t bits)
{
	const struct cpu *cpu = m->cpu;
	uint32_t base = cpu->core.sp[BANK_SVC] & ~(THREAD_SIZE - 1u);

	if (cpu_mode(cpu) != MODE_SVC || (cpu->core.cpsr & PSR_I) != 0 || cpu_in_guest(cpu))
		return false;
	if (!world_has_task(&m->world->config, (base - m->world->symbols.thread_union) / THREAD_SIZE))
		return false;
	return (machine_word(m, base + TI_PREEMPT) & bits) == 0;
}

bool boundary_preemptible(struct machine *m)
{
	return interruptible(m, UINT32_MAX);
}

bool boundary_softirq(struct machine *m)
{
	return (m->world->config.env & ENV_SOFTIRQ) != 0 && interruptible(m, SOFTIRQ_MASK);
}

bool boundary_open(struct machine *m)
{
	return boundary_preemptible(m) || boundary_softirq(m);
}

/*
 * Disabling preemption, or interrupts, matters only for what follows: a section in which nothing visible
 * happens might as well be preempted behind it. Which sections are like that is found by trying: none ends a
 * step, until something visible happens in it. Then the instruction that opened the section is remembered,
 * and the search starts again.
 */
bool boundary_closing(struct machine *m)
{
	uint32_t pc = m->cpu->core.pc, insn = (pc - m->world->image->code_start) / 4;

	if (!m->touched || !boundary_open(m))
		return false;
	if (!m->learnt || insn >= LEARNT_INSNS || (m->learnt->closing[insn / 32] >> insn % 32 & 1) != 0)
		return true;
	m->closed_by = pc;
	return false;
}

/* Something visible happens in a section without preemption that this step has opened: it has to end there. */
static void learn_closing(struct machine *m)
{
	uint32_t insn = (m->closed_by - m->world->image->code_start) / 4;

	if (m->closed_by == 0 || !m->learnt || (m->learnt->faults & FAULT_CLOSING) != 0)
		return;
	m->learnt->closing[insn / 32] |= 1u << insn % 32;
	m->learnt->refined = true;
}

bool boundary_visible(struct machine *m)
{
	if (boundary_open(m)) {
		/* An instruction may load FP registers from memory: both, or neither. */
		if (m->touched && m->touched_at != m->retired)
			return true;
	} else {
		learn_closing(m);
	}
	m->touched = true;
	m->touched_at = m->retired;
	return false;
}

/* May another CPU touch this slot while the current step lasts? */
static bool owned(const struct machine *m, const struct slot *slot)
{
	switch (slot->class) {
	case SLOT_HYP_STACK:
	case SLOT_HW_STATE:
	case SLOT_HOST_CTX:
		return slot->index == m->cpu_number;
	case SLOT_TASK:
	case SLOT_TASK_VFP:
	case SLOT_SIGFRAME:
		return slot->index < NR_CPUS ? slot->index == m->cpu_number
		                             : (m->owned >> slot->index & 1) != 0;
	case SLOT_VCPU:
	case SLOT_VCPU_VFP:
		return (m->owned_vcpus >> slot->index & 1) != 0;
	case SLOT_RUNQUEUE:
		return true; /* taken and given back in an order that makes every step atomic: docs/explanation/theory.md
		              */
	default:
		return false;
	}
}

void boundary_own_vcpu(struct machine *m, uint32_t task)
{
	int vcpu = task < NR_CPUS ? -1 : machine_need_task_vcpu(m, task);

	if (vcpu >= 0)
		m->owned_vcpus |= 1u << vcpu;
}

/* The task that another has in hand, or 0. */
static uint32_t claimed_by(struct machine *m, uint32_t task)
{
	const struct world *w = m->world;
	uint32_t claimed;

	if (task < NR_CPUS || (w->config.env & (ENV_FORK | ENV_PTRACE)) == 0)
		return 0;
	claimed = machine_word(m, w->symbols.thread_union + task * THREAD_SIZE + TI_CLAIMED);
	return claimed >= NR_CPUS && claimed < NR_TASKS ? claimed : 0;
}

void boundary_own_task(struct machine *m, uint32_t task)
{
	uint32_t claimed = claimed_by(m, task);

	m->owned |= UINT64_C(1) << task;
	boundary_own_vcpu(m, task);
	if (claimed != 0)
		m->owned |= UINT64_C(1) << claimed;
}

void boundary_disown_task(struct machine *m, uint32_t task)
{
	uint32_t claimed = claimed_by(m, task);
	int vcpu = task < NR_CPUS ? -1 : machine_need_task_vcpu(m, task);

	m->owned &= ~(UINT64_C(1) << task);
	if (vcpu >= 0)
		m->owned_vcpus &= ~(1u << vcpu);
	if (claimed != 0)
		m->owned &= ~(UINT64_C(1) << claimed);
}

void boundary_own(struct machine *m)
{
	const struct world *w = m->world;

	m->owned = m->owned_vcpus = 0;
	boundary_own_task(m, machine_task(m, m->cpu_number));
	if (cpu_mode(m->cpu) == MODE_USR || cpu_in_guest(m->cpu) || actions_at_idle(m) ||
	    boundary_preemptible(m))
		return;
	/* In the middle of a switch: the scheduler knows. */
	for (uint32_t task = 0; task < NR_CPUS + world_threads(&w->config); task++) {
		if (machine_word(m, w->symbols.on_cpu + task * 4) == m->cpu_number + 1)
			boundary_own_task(m, task);
	}
}

bool boundary_memory(struct machine *m, const struct slot *slot, uint32_t address, uint32_t bytes, bool write)
{
	if (m->world->config.cpus > 1 && m->learnt) {
		uint32_t class = CLASS_BIT(slot->class);

		if ((m->learnt->shared & class) != 0) {
			if (m->touched_shared) {
				/* The next step begins here, where nobody is preempted: before it was the last time. */
				if (!boundary_open(m))
					learn_closing(m);
				return true;
			}
			m->touched_shared = true;
		} else if (!owned(m, slot) && (m->learnt->faults & FAULT_PRIVACY) == 0) {
			m->learnt->shared |= class;
			m->learnt->refined = true;
			return true;
		}
	}
	if (slot->class == SLOT_TASK && slot->index == machine_task(m, m->cpu_number)) {
		uint32_t offset = (address - m->world->symbols.thread_union) % THREAD_SIZE;

		if (offset >= THREAD_INFO_SIZE || ((offset == TI_TASK || offset == TI_VCPU) && !write))
			return false; /* its own stack; what it is */
		if (offset == TI_FLAGS || offset == TI_STATE || offset == TI_CLAIMED)
			return false; /* nobody else cares while it runs */
		if (offset == TI_PREEMPT && bytes == 4)
			return write && boundary_closing(m); /* reads find 0, before as after a preemption */
	}
	return boundary_visible(m);
}
