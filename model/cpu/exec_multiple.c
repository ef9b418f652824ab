/* SPDX-License-Identifier: MIT */
/* LDM and STM with their User mode and exception return forms; SRS and RFE. */
#include "exec.h"

/* A register of User mode, from another mode (B9.3.6, B9.3.17). */
static uint32_t *user_slot(struct cpu_core *c, unsigned n)
{
	return n < 13 ? &c->r[n] : n == 13 ? &c->sp[BANK_USR] : &c->lr[BANK_USR];
}

static uint32_t load_user(struct exec *x, unsigned n)
{
	return n == 15 ? x->pc + 8 : *user_slot(&x->cpu->core, n);
}

static void store_list(struct exec *x, const struct insn *in, uint32_t address)
{
	bool user = (in->flags & MEM_USER) != 0;

	for (unsigned n = 0; n < 16; n++) {
		if ((in->regs >> n & 1) == 0)
			continue;
		mem_store(x, address, 4, user ? load_user(x, n) : reg(x, n));
		address += 4;
	}
}

static void load_list(struct exec *x, const struct insn *in, uint32_t address)
{
	for (unsigned n = 0; n < 15; n++) {
		if ((in->regs >> n & 1) == 0)
			continue;
		if ((in->flags & MEM_USER) != 0)
			*user_slot(&x->cpu->core, n) = mem_load(x, address, 4);
		else
			set_reg(x, n, mem_load(x, address, 4));
		address += 4;
	}
}

/*
 * A8.8.58, A8.8.199, B9.3.5, B9.3.6, B9.3.17. The base in the list of an STM with write-back stores its old
 * value, also where it is not the lowest register and the architecture leaves the value open.
 */
enum cpu_status exec_multiple(struct exec *x, const struct insn *in)
{
	struct cpu_core *c = &x->cpu->core;
	uint32_t bytes = 4 * (uint32_t)__builtin_popcount(in->regs);
	uint32_t base = reg(x, in->rn), new_base, low, pc = 0, spsr = 0;
	bool store = in->op == OP_STM, up = (in->flags & MEM_U) != 0;
	enum cpu_status status;

	if ((in->flags & (MEM_USER | MEM_RET)) != 0 && (in_hyp(x) || !has_spsr(x)))
		return take_undef(x);
	new_base = up ? base + bytes : base - bytes;
	low = up ? base : new_base;
	if (((in->flags & MEM_P) != 0) == up)
		low += 4;
	if ((low & 3) != 0)
		return fault(x, "unaligned %s of %u bytes at 0x%08x", store ? "STM" : "LDM", bytes, low);
	status = mem_access(x, low, bytes, store);
	if (status != CPU_OK)
		return status;

	if (store) {
		store_list(x, in, low);
		if ((in->flags & MEM_W) != 0)
			set_reg(x, in->rn, new_base);
		return CPU_OK;
	}
	if ((in->regs >> 15 & 1) != 0) {
		pc = mem_load(x, low + bytes - 4, 4);
		if ((in->flags & MEM_RET) != 0) {
			const char *why;

			/* Before anything changes, so that the fault shows the machine as it was. */
			spsr = c->spsr[cpu_bank_of[c->cpsr & PSR_MODE]];
			why = psr_error(x, spsr, true);
			if (why != NULL)
				return fault(x, "exception return with SPSR 0x%08x: %s", spsr, why);
		} else if (bx_write_pc(x, pc) != CPU_OK) {
			return CPU_FAULT;
		}
	}
	load_list(x, in, low);
	if ((in->flags & MEM_W) != 0)
		set_reg(x, in->rn, new_base);
	return (in->flags & MEM_RET) != 0 ? exception_return(x, pc, spsr) : CPU_OK;
}

/* SRS (B9.3.16): LR and SPSR of this mode to the stack of mode imm. */
enum cpu_status exec_srs(struct exec *x, const struct insn *in)
{
	struct cpu_core *c = &x->cpu->core;
	uint32_t base, low, new_base, mode = c->cpsr & PSR_MODE;
	bool up = (in->flags & MEM_U) != 0;
	enum cpu_status status;

	if (in_hyp(x) || !has_spsr(x))
		return take_undef(x);
	if (in->imm == MODE_HYP ||
	    (cpu_bank_of[in->imm] == BANK_USR && in->imm != MODE_USR && in->imm != MODE_SYS))
		return fault(x, "SRS to the stack of mode 0x%02x is UNPREDICTABLE", in->imm);
	base = c->sp[cpu_bank_of[in->imm]];
	new_base = up ? base + 8 : base - 8;
	low = up ? base : new_base;
	if (((in->flags & MEM_P) != 0) == up)
		low += 4;
	if ((low & 3) != 0)
		return fault(x, "unaligned SRS at 0x%08x", low);
	status = mem_access(x, low, 8, true);
	if (status != CPU_OK)
		return status;
	mem_store(x, low, 4, reg(x, 14));
	mem_store(x, low + 4, 4, c->spsr[cpu_bank_of[mode]]);
	if ((in->flags & MEM_W) != 0)
		c->sp[cpu_bank_of[in->imm]] = new_base;
	return CPU_OK;
}

/* RFE (B9.3.13). */
enum cpu_status exec_rfe(struct exec *x, const struct insn *in)
{
	uint32_t base = reg(x, in->rn), low, new_base, pc, psr;
	bool up = (in->flags & MEM_U) != 0;
	enum cpu_status status;
	const char *why;

	if (in_hyp(x) || !privileged(x))
		return take_undef(x);
	new_base = up ? base + 8 : base - 8;
	low = up ? base : new_base;
	if (((in->flags & MEM_P) != 0) == up)
		low += 4;
	if ((low & 3) != 0)
		return fault(x, "unaligned RFE at 0x%08x", low);
	status = mem_access(x, low, 8, false);
	if (status != CPU_OK)
		return status;
	pc = mem_load(x, low, 4);
	psr = mem_load(x, low + 4, 4);
	why = psr_error(x, psr, true);
	if (why != NULL)
		return fault(x, "RFE of PSR 0x%08x: %s", psr, why);
	if ((in->flags & MEM_W) != 0)
		set_reg(x, in->rn, new_base);
	return exception_return(x, pc, psr);
}
