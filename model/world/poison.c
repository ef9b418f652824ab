/* SPDX-License-Identifier: MIT */
#include "poison.h"

bool poison_used(struct machine *m, uint32_t value)
{
	uint32_t guess = poison_guess(value);

	if (!m->learnt || (m->learnt->faults & FAULT_POISON) != 0 || !is_poison(value) ||
	    !poison_holds(m->learnt, value))
		return false;
	if (value == POISON_ANONYMOUS) {
		m->learnt->anonymous = false;
	} else {
		m->learnt->wrong[guess / 32] |= 1u << guess % 32;
		m->learnt->wrong_guesses++;
	}
	m->learnt->refined = true;
	return true;
}

#define RN(raw) (1u << ((raw) >> 16 & 15))
#define RM(raw) (1u << ((raw)&15))
#define RT(raw) (1u << ((raw) >> 12 & 15))

/*
 * The registers whose values matter to an instruction, as against those whose values it only moves. Encodings
 * are from section A5; whatever is not recognised counts as mattering.
 */
static uint32_t depends_on(const struct insn *insn)
{
	uint32_t raw = insn->raw;

	if (insn->flow == FLOW_EXCEPTION || (insn->touch & TOUCH_ENV) != 0)
		return 0;
	if (insn->flow == FLOW_EXCEPTION_RETURN &&
	    (insn->touch & TOUCH_MEMORY) == 0) /* PC itself is looked at later */
		return 0;
	if ((raw & 0x0fef0ff0) == 0x01a00000) /* MOV (register) */
		return 0;
	if ((raw & 0x0fb0fef0) == 0x0120f200) /* MSR (banked): moves SP and LR, needs SPSR */
		return (raw >> 22 & 1) == 0 ? 0 : RM(raw);
	if ((raw & 0x0ff00fff) == 0x0ee00a10 &&
	    (raw >> 16 & 15) != 8) /* VMSR to FPSCR and the like, not FPEXC: data */
		return 0;
	if ((raw & 0x0e000000) == 0x08000000 ||
	    ((insn->touch & TOUCH_FP) != 0 && (insn->touch & TOUCH_MEMORY) != 0))
		/* LDM, STM, RFE, SRS, VLDM, VSTM */
		return insn->uses & RN(raw);
	if ((raw & 0x0c500000) == 0x04000000 && (raw & 0x02000010) != 0x02000010) /* STR of a word */
		return insn->uses & ~(RT(raw) & ~(RN(raw) | ((raw >> 25 & 1) != 0 ? RM(raw) : 0)));
	if ((insn->touch & TOUCH_PSR) != 0 && (raw & 0x0fb00000) != 0x01200000) /* CPS, MRS; not MSR */
		return 0;
	return insn->uses;
}

/* RFE loads PC and CPSR, which cannot hold poison for somebody else to find (section A8.8.150). */
static bool returns_to_poison(struct machine *m, const struct insn *insn)
{
	const struct world *w = m->world;
	bool before = (insn->raw >> 24 & 1) != 0, up = (insn->raw >> 23 & 1) != 0;
	uint32_t at = cpu_reg(m->cpu, insn->raw >> 16 & 15);

	at += up ? (before ? 4 : 0) : (before ? -8u : -4u);
	if (at % 4 != 0 || at - w->ram_base >= w->ram_words * 4 - 4 ||
	    w->slot_of[(at - w->ram_base) / 4] >= w->n_slots)
		return false;
	return poison_used(m, machine_word(m, at)) || poison_used(m, machine_word(m, at + 4));
}

bool poison_used_by(struct machine *m, const struct insn *insn)
{
	uint32_t registers;

	if (!m->learnt)
		return false;
	if ((insn->raw & 0xfe50ffff) == 0xf8100a00 && returns_to_poison(m, insn))
		return true;
	registers = depends_on(insn) & 0x7fff;
	for (unsigned r = 0; registers != 0; r++, registers >>= 1) {
		if ((registers & 1) != 0 && poison_used(m, cpu_reg(m->cpu, r)))
			return true;
	}
	return false;
}
