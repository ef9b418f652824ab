/* SPDX-License-Identifier: MIT */
/* FP and Advanced SIMD: the checks, and every instruction that moves FP registers unchanged. */
#include "exec.h"

/* FPEXC bits that are there in the Common VFP subarchitecture (B4.1.57, appendix D6); the rest reads as 0. */
#define FPEXC_WRITABLE 0xfc00079fu

/* Identification of Cortex-A15. */
#define FPSID_VALUE 0x410430f0u
#define MVFR0_VALUE 0x10110222u
#define MVFR1_VALUE 0x11111111u

/* The reg field of VMRS and VMSR (B9.3.22). */
enum {
	REG_FPSID = 0,
	REG_FPSCR = 1,
	REG_MVFR1 = 6,
	REG_MVFR0 = 7,
	REG_FPEXC = 8,
	REG_FPINST = 9,
	REG_FPINST2 = 10
};

/*
 * Whether one or more of a set of conditions holds, each of which may be pending: `now` with the register's
 * value, `before` with the value that may still act. The environment picks only where the picture depends on
 * it.
 */
static bool any_holds(struct exec *x, const bool *now, const bool *before, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (now[i] && before[i])
			return true;
	for (unsigned i = 0; i < n; i++)
		if (now[i] != before[i] && (x->env->choose(x->env->self, 2) == 0 ? now[i] : before[i]))
			return true;
	return false;
}

/* CPACR.cp10 and cp11 (B4.1.40): 00 nobody, 01 PL1 only, 11 all; 10 is reserved and denies. Either one
 * denies. */
static bool fields_deny(uint32_t cpacr, bool privileged_mode)
{
	for (unsigned shift = 20; shift <= 22; shift += 2) {
		uint32_t field = cpacr >> shift & 3;

		if (field != 3 && !(field == 1 && privileged_mode))
			return true;
	}
	return false;
}

static bool cpacr_denies(struct exec *x, unsigned flags)
{
	const struct cpu_trapreg *r = &x->cpu->sys.cpacr;
	bool deny[2][3];

	for (unsigned i = 0; i < 2; i++) {
		uint32_t v = i == 0 ? r->value : r->value ^ r->unsynced;

		deny[i][0] = fields_deny(v, privileged(x));
		deny[i][1] = (flags & FP_SIMD) != 0 && (v & CPACR_ASEDIS) != 0;
		deny[i][2] = (flags & FP_HIGH) != 0 && (v & CPACR_D32DIS) != 0;
	}
	return any_holds(x, deny[0], deny[1], 3);
}

/* Both values of HCPTR, and of each the two grounds for a trap. */
static void trap_grounds(const struct exec *x, unsigned flags, bool trap[2][2])
{
	const struct cpu_trapreg *r = &x->cpu->sys.hcptr;

	for (unsigned i = 0; i < 2; i++) {
		uint32_t v = i == 0 ? r->value : r->value ^ r->unsynced;

		trap[i][0] = (v & (HCPTR_TCP10 | HCPTR_TCP11)) != 0;
		trap[i][1] = (flags & FP_SIMD) != 0 && (v & HCPTR_TASE) != 0;
	}
}

static bool hcptr_traps(struct exec *x, unsigned flags)
{
	bool trap[2][2];

	trap_grounds(x, flags, trap);
	return any_holds(x, trap[0], trap[1], 2);
}

static bool hcptr_cannot_trap(const struct exec *x, unsigned flags)
{
	bool trap[2][2];

	trap_grounds(x, flags, trap);
	return !trap[0][0] && !trap[0][1] && !trap[1][0] && !trap[1][1];
}

/* ISS of EC 0x07: COND, TA (bit 5) for Advanced SIMD, and coprocessor 10 (B3.13.6). */
static uint32_t fp_syndrome(const struct insn *in)
{
	return (uint32_t)EC_CP_0_13 << 26 | HSR_IL | 1u << 24 | (uint32_t)in->cond << 20 |
	       ((in->flags & FP_SIMD) != 0 ? 1u << 5 : 0) | 10;
}

/*
 * CheckAdvSIMDOrVFPEnabled(): CPACR, then FPEXC.EN, then HCPTR; the first two are UNDEFINED at the
 * instruction's own level. Last comes the bounce: with FPEXC.EX set the unit has an exception pending and
 * refuses, as UNDEFINED, every instruction but accesses of FPSID, MVFRn, FPEXC, FPINST and FPINST2; loads,
 * stores and VMRS/VMSR of FPSCR bounce (appendix D6, "Exceptions in the Common VFP subarchitecture").
 *
 * What is certain to end as UNDEFINED at its own level, by EN or by a bounce that no trap can come before, is
 * decided first, whatever CPACR says: so no choice is asked for that makes no difference.
 *
 * Returns true if the instruction may execute; otherwise the exception is taken.
 */
static bool fp_check(struct exec *x, const struct insn *in)
{
	uint32_t fpexc = x->cpu->fpexc;
	bool bounces = (in->flags & FP_SYSTEM) == 0 && (fpexc & FPEXC_EX) != 0;

	if (((in->flags & FP_NO_EN) == 0 && (fpexc & FPEXC_EN) == 0) ||
	    (bounces && hcptr_cannot_trap(x, in->flags))) {
		take_undef(x);
		return false;
	}
	if (!in_hyp(x) && cpacr_denies(x, in->flags)) {
		take_undef(x);
		return false;
	}
	if (hcptr_traps(x, in->flags)) {
		take_undef_or_trap(x, fp_syndrome(in));
		return false;
	}
	if (bounces) {
		take_undef(x);
		return false;
	}
	return true;
}

/* VMRS (A8.8.348, B9.3.22); imm is the reg field. */
static enum cpu_status exec_vmrs(struct exec *x, const struct insn *in)
{
	struct cpu *cpu = x->cpu;
	uint32_t value;

	if (in->imm != REG_FPSCR && !privileged(x))
		return take_undef(x);
	if (!fp_check(x, in))
		return CPU_OK;
	switch (in->imm) {
	case REG_FPSID:
		value = FPSID_VALUE;
		break;
	case REG_MVFR1:
		value = MVFR1_VALUE;
		break;
	case REG_MVFR0:
		value = MVFR0_VALUE;
		break;
	case REG_FPEXC:
		value = cpu->fpexc;
		break;
	case REG_FPINST:
		value = cpu->fp.fpinst;
		break;
	case REG_FPINST2:
		value = cpu->fp.fpinst2;
		break;
	default:
		value = cpu->fp.fpscr;
		break;
	}
	if (in->rd == 15)
		cpu->core.cpsr = (cpu->core.cpsr & ~PSR_FLAGS) | (value & PSR_FLAGS);
	else
		set_reg(x, in->rd, value);
	if (in->imm == REG_FPEXC)
		event(x, CPU_FPEXC_READ, value, 0, 0);
	return CPU_OK;
}

/* VMSR (A8.8.349, B9.3.23). FPEXC acts at once. */
static enum cpu_status exec_vmsr(struct exec *x, const struct insn *in)
{
	struct cpu *cpu = x->cpu;
	uint32_t value = reg(x, in->rd), old = cpu->fpexc;

	if (in->imm != REG_FPSCR && !privileged(x))
		return take_undef(x);
	if (!fp_check(x, in))
		return CPU_OK;
	switch (in->imm) {
	case REG_FPSCR:
		cpu->fp.fpscr = value;
		break;
	case REG_FPINST:
		cpu->fp.fpinst = value;
		break;
	case REG_FPINST2:
		cpu->fp.fpinst2 = value;
		break;
	case REG_FPEXC:
		cpu->fpexc = value & FPEXC_WRITABLE;
		event(x, CPU_FPEXC_WRITE, cpu->fpexc, old, 0);
		break;
	default: /* FPSID: read-only, the write is ignored */
		break;
	}
	return CPU_OK;
}

static uint32_t get_s(const struct cpu *cpu, unsigned n)
{
	return (uint32_t)(cpu->fp.d[n / 2] >> 32 * (n & 1));
}

static void set_s(struct cpu *cpu, unsigned n, uint32_t value)
{
	unsigned shift = 32 * (n & 1);

	cpu->fp.d[n / 2] = (cpu->fp.d[n / 2] & ~(0xffffffffull << shift)) | (uint64_t)value << shift;
}

/* A D register as two words, the high one first in big endian (A8.8.332). */
static void load_d(struct exec *x, unsigned n, uint32_t address)
{
	uint64_t first = mem_load_any(x, address, 4), second = mem_load_any(x, address + 4, 4);

	x->cpu->fp.d[n] = data_big_endian(x) ? first << 32 | second : second << 32 | first;
}

static void store_d(struct exec *x, unsigned n, uint32_t address)
{
	uint32_t low = (uint32_t)x->cpu->fp.d[n], high = (uint32_t)(x->cpu->fp.d[n] >> 32);

	mem_store_any(x, address, 4, data_big_endian(x) ? high : low);
	mem_store_any(x, address + 4, 4, data_big_endian(x) ? low : high);
}

/*
 * VLDM, VSTM, VLDR, VSTR and their aliases (A8.8.332, 333, 412, 413): rd is the first register, rs their
 * number, imm the offset, with MEM_W the change of the base.
 */
static enum cpu_status exec_transfer(struct exec *x, const struct insn *in)
{
	struct cpu *cpu = x->cpu;
	uint32_t base = reg(x, in->rn), address, moved;
	bool store = in->op == OP_VSTM, is_double = (in->flags & FP_DOUBLE) != 0;
	unsigned size = is_double ? 8 : 4;
	enum cpu_status status;

	if (!fp_check(x, in))
		return CPU_OK;
	if (in->rn == 15)
		base &= ~3u;
	moved = (in->flags & MEM_U) != 0 ? base + in->imm : base - in->imm;
	address = (in->flags & MEM_P) != 0 ? moved : base;
	if ((address & 3) != 0)
		return fault(x, "unaligned %s of FP registers at 0x%08x", store ? "store" : "load", address);
	status = mem_access(x, address, size * in->rs, store);
	if (status != CPU_OK)
		return status;
	for (unsigned n = in->rd; n < (unsigned)in->rd + in->rs; n++, address += size) {
		if (is_double && store)
			store_d(x, n, address);
		else if (is_double)
			load_d(x, n, address);
		else if (store)
			mem_store(x, address, 4, get_s(cpu, n));
		else
			set_s(cpu, n, mem_load(x, address, 4));
	}
	if ((in->flags & MEM_W) != 0)
		set_reg(x, in->rn, moved);
	if (is_double)
		event(x, store ? CPU_FP_STORE : CPU_FP_LOAD, in->rd, in->rs, 0);
	else
		event(x, store ? CPU_FP_STORE : CPU_FP_LOAD, in->rd / 2u,
		      (in->rd + in->rs - 1u) / 2 - in->rd / 2u + 1, 0);
	return CPU_OK;
}

/* One D register of elements of `bytes` (< 8), the first element in the lowest bits in either endianness. */
static void elements(struct exec *x, unsigned n, uint32_t address, unsigned bytes, bool store)
{
	uint64_t value = store ? x->cpu->fp.d[n] : 0;

	for (unsigned i = 0; i < 8; i += bytes) {
		if (store)
			mem_store_any(x, address + i, bytes,
			              (uint32_t)(value >> 8 * i) &
			                      (bytes == 4 ? ~0u : (1u << 8 * bytes) - 1));
		else
			value |= (uint64_t)mem_load_any(x, address + i, bytes) << 8 * i;
	}
	x->cpu->fp.d[n] = value;
}

/*
 * VLD1, VST1 of multiple single elements (A8.8.320, A8.8.404): whole D registers. rd first register, rs their
 * number, imm the element size, shift_amount the alignment asked for; rm 15: no write-back, 13: by the size
 * transferred.
 */
static enum cpu_status exec_vld1(struct exec *x, const struct insn *in)
{
	uint32_t base = reg(x, in->rn), address = base, bytes = 8u * in->rs;
	unsigned element = in->imm;
	bool store = in->op == OP_VST1;
	enum cpu_status status;

	if (!fp_check(x, in))
		return CPU_OK;
	if ((address & (in->shift_amount - 1u)) != 0 ||
	    (alignment_checked(x) && (address & (element - 1)) != 0))
		return fault(x, "unaligned %s of FP registers at 0x%08x", store ? "store" : "load", address);
	status = mem_access(x, address, bytes, store);
	if (status != CPU_OK)
		return status;
	/* In little endian all element sizes are alike, and words keep the FP register's halves whole. */
	if (!data_big_endian(x))
		element = 4;
	for (unsigned n = in->rd; n < (unsigned)in->rd + in->rs; n++, address += 8) {
		if (element < 8)
			elements(x, n, address, element, store);
		else if (store)
			store_d(x, n, address);
		else
			load_d(x, n, address);
	}
	if (in->rm != 15)
		set_reg(x, in->rn, base + (in->rm == 13 ? bytes : reg(x, in->rm)));
	event(x, store ? CPU_FP_STORE : CPU_FP_LOAD, in->rd, in->rs, 0);
	return CPU_OK;
}

/* VMOV between core and FP registers and between FP registers (A8.8.340 to A8.8.346). */
static enum cpu_status exec_vmov(struct exec *x, const struct insn *in)
{
	struct cpu *cpu = x->cpu;
	bool to_core = (in->flags & FP_TO_CORE) != 0;
	uint64_t *d = cpu->fp.d;

	if (!fp_check(x, in))
		return CPU_OK;
	switch ((enum insn_op)in->op) {
	case OP_VMOV_REG: /* rd and rm; regs registers */
		if ((in->flags & FP_DOUBLE) == 0)
			set_s(cpu, in->rd, get_s(cpu, in->rm));
		for (unsigned i = 0; (in->flags & FP_DOUBLE) != 0 && i < in->regs; i++)
			d[in->rd + i] = d[in->rm + i];
		break;
	case OP_VMOV_CORE1: /* rd core, rm S */
		if (to_core)
			set_reg(x, in->rd, get_s(cpu, in->rm));
		else
			set_s(cpu, in->rm, reg(x, in->rd));
		break;
	case OP_VMOV_CORE2: /* rd, rn core; rm first S, or D */
		if (to_core) {
			bool is_double = (in->flags & FP_DOUBLE) != 0;

			set_reg(x, in->rd, is_double ? (uint32_t)d[in->rm] : get_s(cpu, in->rm));
			set_reg(x, in->rn, is_double ? (uint32_t)(d[in->rm] >> 32) : get_s(cpu, in->rm + 1u));
		} else if ((in->flags & FP_DOUBLE) != 0) {
			d[in->rm] = (uint64_t)reg(x, in->rn) << 32 | reg(x, in->rd);
		} else {
			set_s(cpu, in->rm, reg(x, in->rd));
			set_s(cpu, in->rm + 1u, reg(x, in->rn));
		}
		break;
	default: { /* lane: rd core, rm D, imm bits an element, shift_amount the element's lowest bit, regs:
		      signed */
		uint64_t mask = in->imm == 32 ? 0xffffffffu : (1u << in->imm) - 1;
		uint32_t value = (uint32_t)(d[in->rm] >> in->shift_amount & mask);

		if (!to_core)
			d[in->rm] = (d[in->rm] & ~(mask << in->shift_amount)) | (reg(x, in->rd) & mask)
			                                                                << in->shift_amount;
		else if (in->regs != 0)
			set_reg(x, in->rd, in->imm == 8 ? (uint32_t)(int8_t)value : (uint32_t)(int16_t)value);
		else
			set_reg(x, in->rd, value);
		break;
	}
	}
	return CPU_OK;
}

enum cpu_status exec_vfp(struct exec *x, const struct insn *in)
{
	switch ((enum insn_op)in->op) {
	case OP_VMRS:
		return exec_vmrs(x, in);
	case OP_VMSR:
		return exec_vmsr(x, in);
	case OP_VLDM:
	case OP_VSTM:
		return exec_transfer(x, in);
	case OP_VLD1:
	case OP_VST1:
		return exec_vld1(x, in);
	case OP_FP_COMPUTE:
		if (fp_check(x, in))
			event(x, CPU_FP_COMPUTE, (in->flags & FP_READS_ONLY) == 0, 0, 0);
		return CPU_OK;
	default:
		return exec_vmov(x, in);
	}
}
