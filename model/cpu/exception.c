/* SPDX-License-Identifier: MIT */
/* Exception entry, routing and return (B1.8, B1.9), and changes of CPSR. */
#include "exec.h"

/* Exception entry and return, and ISB, are context synchronisation events (B3.15.5). */
void context_sync(struct cpu *cpu)
{
	cpu->sys.hcptr.unsynced = 0;
	cpu->sys.cpacr.unsynced = 0;
}

/*
 * Enters `mode` at a vector. `link` goes to LR, or to ELR_hyp; `mask` are the CPSR bits that are set. CPSR.E
 * becomes SCTLR.EE or HSCTLR.EE, which the image fixes; SCTLR.TE is taken as 0.
 */
static void enter(struct exec *x, enum cpu_mode mode, enum cpu_vector vector, uint32_t link, uint32_t mask)
{
	struct cpu_core *c = &x->cpu->core;
	const struct cpu_sys *s = &x->cpu->sys;
	uint32_t old = c->cpsr, base;

	context_sync(x->cpu);
	c->spsr[cpu_bank_of[mode]] = old;
	if (mode == MODE_HYP) {
		c->elr_hyp = link;
		base = s->hvbar;
	} else {
		c->lr[cpu_bank_of[mode]] = link;
		base = (s->sctlr & SCTLR_V) != 0 ? 0xffff0000u : s->vbar;
	}
	c->cpsr = (old & ~(PSR_MODE | PSR_T | PSR_J | PSR_IT | PSR_E)) | mode | mask |
	          (x->image->big_endian ? PSR_E : 0);
	c->pc = base + vector;
	event(x, CPU_EXCEPTION, vector, old & PSR_MODE, mode);
	x->next = c->pc;
}

/* EnterHypMode(): SCR.EA, FIQ and IRQ are 0, so that all three are masked. */
static void enter_hyp(struct exec *x, enum cpu_vector vector, uint32_t preferred_return)
{
	enter(x, MODE_HYP, vector, preferred_return, PSR_A | PSR_I | PSR_F);
}

static bool to_hyp_by_tge(const struct exec *x)
{
	return !privileged(x) && (x->cpu->sys.hcr & HCR_TGE) != 0;
}

/* TakeHypTrapException() (B1.14.1): the trapped instruction is the return address, so that it repeats. */
enum cpu_status take_hyp_trap(struct exec *x, uint32_t hsr)
{
	x->cpu->sys.hsr = hsr;
	enter_hyp(x, VECTOR_HYP_TRAP, x->pc);
	return CPU_OK;
}

/*
 * TakeUndefInstrException() (B1.9.5). Taken to Hyp mode it reports `hsr`: EC_UNKNOWN, except for an access in
 * Hyp mode that HCPTR denies, which reports the syndrome of the trap.
 */
static enum cpu_status undef(struct exec *x, uint32_t hsr)
{
	if (in_hyp(x)) {
		x->cpu->sys.hsr = hsr;
		enter_hyp(x, VECTOR_UNDEF, x->pc);
	} else if (to_hyp_by_tge(x)) {
		x->cpu->sys.hsr = hsr;
		enter_hyp(x, VECTOR_HYP_TRAP, x->pc);
	} else {
		enter(x, MODE_UND, VECTOR_UNDEF, x->pc + 4, PSR_I);
	}
	return CPU_OK;
}

enum cpu_status take_undef(struct exec *x)
{
	return undef(x, (uint32_t)EC_UNKNOWN << 26 | HSR_IL);
}

/* A Hyp trap; in Hyp mode itself the access is UNDEFINED instead (B1.14.12, B4.1.64). */
enum cpu_status take_undef_or_trap(struct exec *x, uint32_t hsr)
{
	return in_hyp(x) ? undef(x, hsr) : take_hyp_trap(x, hsr);
}

/* TakeSVCException() (B1.9.6). */
enum cpu_status take_svc(struct exec *x, uint32_t imm)
{
	uint32_t hsr = (uint32_t)EC_SVC_HYP << 26 | HSR_IL | (imm & 0xffff);

	if (in_hyp(x)) {
		x->cpu->sys.hsr = hsr;
		enter_hyp(x, VECTOR_SVC, x->pc + 4);
	} else if (to_hyp_by_tge(x)) {
		x->cpu->sys.hsr = hsr;
		enter_hyp(x, VECTOR_HYP_TRAP, x->pc + 4);
	} else {
		enter(x, MODE_SVC, VECTOR_SVC, x->pc + 4, PSR_I);
	}
	return CPU_OK;
}

/* TakeHVCException() (B1.9.8); SCR.HCE is taken as 1. */
enum cpu_status take_hvc(struct exec *x, uint32_t imm)
{
	if (!privileged(x))
		return take_undef(x);
	x->cpu->sys.hsr = (uint32_t)EC_HVC << 26 | HSR_IL | (imm & 0xffff);
	enter_hyp(x, in_hyp(x) ? VECTOR_SVC : VECTOR_HYP_TRAP, x->pc + 4);
	return CPU_OK;
}

/* TakePhysicalIRQException() (B1.9.10). */
void cpu_take_irq(struct cpu *cpu, const struct image *image, const struct cpu_env *env)
{
	struct exec x = {cpu, image, env, NULL, cpu->core.pc, cpu->core.pc, false};

	if ((cpu->sys.hcr & HCR_IMO) != 0 || in_hyp(&x))
		enter_hyp(&x, VECTOR_IRQ, x.pc);
	else
		enter(&x, MODE_IRQ, VECTOR_IRQ, x.pc + 4, PSR_I | PSR_A);
	cpu->core.pc = x.next;
}

const char *psr_error(const struct exec *x, uint32_t psr, bool is_return)
{
	uint32_t mode = psr & PSR_MODE;

	if (is_return && (psr & (PSR_T | PSR_J)) != 0)
		return "there is ARM state only";
	if (cpu_bank_of[mode] == BANK_USR && mode != MODE_USR && mode != MODE_SYS)
		return "no such mode";
	if (mode == MODE_HYP && !in_hyp(x))
		return "Hyp mode cannot be entered from PL1 this way";
	if (mode != MODE_HYP && in_hyp(x) && !is_return)
		return "Hyp mode can be left by an exception return only";
	return NULL;
}

/* CPSRWriteByInstr(.., '1111', TRUE) and a branch (B1.3.3, B9.3.3). */
enum cpu_status exception_return(struct exec *x, uint32_t pc, uint32_t psr)
{
	const char *why = psr_error(x, psr, true);

	if (why != NULL)
		return fault(x, "exception return with PSR 0x%08x: %s", psr, why);
	x->cpu->core.cpsr = psr & ~(PSR_IT | 0x00f00000u);
	x->next = pc & ~3u;
	context_sync(x->cpu);
	return CPU_OK;
}

/* CPSRWriteByInstr(.., FALSE) (B1.3.3); PL0 writes NZCVQ, GE and E only. */
enum cpu_status write_cpsr(struct exec *x, uint32_t value, unsigned byte_mask)
{
	uint32_t mask = 0;

	if ((byte_mask & 8) != 0)
		mask |= PSR_FLAGS | PSR_Q;
	if ((byte_mask & 4) != 0)
		mask |= PSR_GE;
	if ((byte_mask & 2) != 0)
		mask |= PSR_E | (privileged(x) ? PSR_A : 0);
	if ((byte_mask & 1) != 0 && privileged(x)) {
		const char *why = psr_error(x, value, false);

		if (why != NULL)
			return fault(x, "write of 0x%08x to CPSR: %s", value, why);
		mask |= PSR_I | PSR_F | PSR_MODE;
	}
	x->cpu->core.cpsr = (x->cpu->core.cpsr & ~mask) | (value & mask);
	return CPU_OK;
}
