/* SPDX-License-Identifier: MIT */
/* Status registers, banked registers, calls to other privilege levels, hints and barriers. */
#include "exec.h"

/* ERET (B9.3.3). In other modes than Hyp it is MOVS PC, LR. */
static enum cpu_status exec_eret(struct exec *x)
{
	struct cpu_core *c = &x->cpu->core;

	if (!has_spsr(x))
		return take_undef(x);
	return exception_return(x, in_hyp(x) ? c->elr_hyp : reg(x, 14),
	                        c->spsr[cpu_bank_of[c->cpsr & PSR_MODE]]);
}

/* MRS (B9.3.8). PL0 sees only the bits of APSR, and E. */
static enum cpu_status exec_mrs(struct exec *x, const struct insn *in)
{
	struct cpu_core *c = &x->cpu->core;

	if ((in->flags & PSR_SPSR) != 0) {
		if (!has_spsr(x))
			return take_undef(x);
		set_reg(x, in->rd, c->spsr[cpu_bank_of[c->cpsr & PSR_MODE]]);
		return CPU_OK;
	}
	/* The execution state bits read as 0; all else is visible, the manual leaves that open at PL0 only.
	 */
	set_reg(x, in->rd, c->cpsr & ~(PSR_IT | PSR_J | PSR_T));
	return CPU_OK;
}

/* MSR (B9.3.11, B9.3.12); regs is the byte mask. */
static enum cpu_status exec_msr(struct exec *x, const struct insn *in)
{
	struct cpu_core *c = &x->cpu->core;
	uint32_t value = (in->flags & PSR_IMM) != 0 ? in->imm : reg(x, in->rm), mask = 0;

	if ((in->flags & PSR_SPSR) == 0)
		return write_cpsr(x, value, in->regs);
	if (!has_spsr(x))
		return take_undef(x);
	for (unsigned i = 0; i < 4; i++)
		if ((in->regs >> i & 1) != 0)
			mask |= 0xffu << 8 * i;
	c->spsr[cpu_bank_of[c->cpsr & PSR_MODE]] =
	        (c->spsr[cpu_bank_of[c->cpsr & PSR_MODE]] & ~mask) | (value & mask);
	return CPU_OK;
}

/*
 * The register that R and SYSm name (B9.2.3), or NULL where the access is UNPREDICTABLE from the current
 * mode: its own registers, LR_usr from Hyp, SP_hyp and SPSR_hyp from any mode that there is, and so on.
 */
static uint32_t *banked_slot(struct exec *x, unsigned sysm, bool spsr)
{
	static const uint8_t bank[8] = {BANK_IRQ, BANK_SVC, BANK_ABT, BANK_UND,
	                                BANKS,    BANKS,    BANKS,    BANK_HYP};
	struct cpu_core *c = &x->cpu->core;
	uint32_t mode = c->cpsr & PSR_MODE;
	unsigned low = sysm & 7, b;

	if (mode == MODE_USR)
		return NULL;
	if (sysm < 16) {
		bool fiq = sysm >= 8;

		if (low == 7 || (fiq && mode == MODE_FIQ))
			return NULL;
		if (spsr)
			return fiq && low == 6 ? &c->spsr[BANK_FIQ] : NULL;
		if (low < 5)
			return fiq ? &c->r_fiq[low] : mode == MODE_FIQ ? &c->r[8 + low] : NULL;
		if (!fiq && (mode == MODE_SYS || (mode == MODE_HYP && low == 6)))
			return NULL;
		b = fiq ? BANK_FIQ : BANK_USR;
		return low == 5 ? &c->sp[b] : &c->lr[b];
	}
	b = bank[(sysm - 16) / 2];
	if (b == BANKS || cpu_bank_of[mode] == b)
		return sysm == 30 && !spsr && mode == MODE_HYP ? &c->elr_hyp : NULL;
	if (b == BANK_HYP)
		return NULL;
	if (spsr)
		return (sysm & 1) == 0 ? &c->spsr[b] : NULL;
	return (sysm & 1) == 0 ? &c->lr[b] : &c->sp[b];
}

/* MRS and MSR (banked register) (B9.3.9, B9.3.10); imm is SYSm. UNPREDICTABLE accesses are UNDEFINED here. */
static enum cpu_status exec_banked(struct exec *x, const struct insn *in)
{
	uint32_t *slot = banked_slot(x, in->imm, (in->flags & PSR_SPSR) != 0);

	if (slot == NULL)
		return take_undef(x);
	if (in->op == OP_MRS_BANKED)
		set_reg(x, in->rd, *slot);
	else
		*slot = reg(x, in->rm);
	return CPU_OK;
}

/* CPS (B9.3.2): regs is imod:M, imm holds A, I, F and the mode in their places in CPSR. */
static enum cpu_status exec_cps(struct exec *x, const struct insn *in)
{
	uint32_t bits = in->imm & (PSR_A | PSR_I | PSR_F), value = x->cpu->core.cpsr;

	if (!privileged(x))
		return CPU_OK;
	if (in->regs >> 1 == 2)
		value &= ~bits;
	else if (in->regs >> 1 == 3)
		value |= bits;
	if ((in->regs & 1) != 0)
		value = (value & ~PSR_MODE) | (in->imm & PSR_MODE);
	return write_cpsr(x, value, 3);
}

/* Before the environment is told, PC points behind the instruction, so that it may send the core elsewhere.
 */
static void event_behind(struct exec *x, enum cpu_event_kind kind, uint32_t a)
{
	x->cpu->core.pc = x->next;
	event(x, kind, a, 0, 0);
	x->next = x->cpu->core.pc;
}

static enum cpu_status exec_wfi(struct exec *x, const struct insn *in)
{
	if ((x->cpu->sys.hcr & HCR_TWI) != 0 && !in_hyp(x)) /* B1.14.9 */
		return take_hyp_trap(x, 0x01u << 26 | HSR_IL | 1u << 24 | (uint32_t)in->cond << 20);
	event_behind(x, CPU_WFI, 0);
	return CPU_OK;
}

/* SMC (B9.3.14): HCR.TSC traps it; there is no Secure state that could take it. */
static enum cpu_status exec_smc(struct exec *x)
{
	if (!privileged(x))
		return take_undef(x);
	if ((x->cpu->sys.hcr & HCR_TSC) != 0 && !in_hyp(x))
		return take_hyp_trap(x, 0x13u << 26 | HSR_IL);
	return fault(x, "SMC: the Security Extensions are not modelled");
}

enum cpu_status exec_system(struct exec *x, const struct insn *in)
{
	switch ((enum insn_op)in->op) {
	case OP_ISB:
		context_sync(x->cpu);
		event(x, CPU_CONTEXT_SYNC, 0, 0, 0);
		return CPU_OK;
	case OP_CLREX:
		x->cpu->core.exclusive = 0;
		return CPU_OK;
	case OP_WFI:
		return exec_wfi(x, in);
	case OP_BKPT:
		event_behind(x, CPU_BKPT, in->imm);
		return CPU_OK;
	case OP_SVC:
		return take_svc(x, in->imm);
	case OP_HVC:
		return take_hvc(x, in->imm);
	case OP_SMC:
		return exec_smc(x);
	case OP_UDF:
		return take_undef(x);
	case OP_ERET:
		return exec_eret(x);
	case OP_MRS:
		return exec_mrs(x, in);
	case OP_MSR:
		return exec_msr(x, in);
	case OP_MRS_BANKED:
	case OP_MSR_BANKED:
		return exec_banked(x, in);
	case OP_CPS:
		return exec_cps(x, in);
	case OP_SETEND:
		x->cpu->core.cpsr = (x->cpu->core.cpsr & ~PSR_E) | in->imm;
		return CPU_OK;
	default: /* NOP and hints */
		return CPU_OK;
	}
}
