/* SPDX-License-Identifier: MIT */
/* Loads and stores of core registers: single, dual and exclusive. */
#include "exec.h"

bool data_big_endian(const struct exec *x)
{
	return (x->cpu->core.cpsr & PSR_E) != 0;
}

/* SCTLR.A; the model has no HSCTLR.A, which resets to 0. */
bool alignment_checked(const struct exec *x)
{
	return (x->cpu->sys.sctlr & SCTLR_A) != 0 && !in_hyp(x);
}

enum cpu_status mem_access(struct exec *x, uint32_t address, uint32_t bytes, bool write)
{
	switch (x->env->access(x->env->self, address, bytes, write, x->e)) {
	case ACCESS_OK:
		return CPU_OK;
	case ACCESS_STOP:
		return CPU_STOPPED;
	default:
		return CPU_FAULT;
	}
}

static uint32_t swap(uint32_t value, unsigned bytes)
{
	return bytes == 4   ? __builtin_bswap32(value)
	       : bytes == 2 ? __builtin_bswap16((uint16_t)value)
	                    : value;
}

/* The environment applies the image's endianness; SETEND may have changed CPSR.E (MemA[], section B2.4.4). */
uint32_t mem_load(struct exec *x, uint32_t address, unsigned bytes)
{
	uint32_t value = x->env->load(x->env->self, address, bytes);

	return data_big_endian(x) == x->image->big_endian ? value : swap(value, bytes);
}

void mem_store(struct exec *x, uint32_t address, unsigned bytes, uint32_t value)
{
	if (data_big_endian(x) != x->image->big_endian)
		value = swap(value, bytes);
	x->env->store(x->env->self, address, bytes, value);
}

/* MemU[]: byte by byte where unaligned. */
uint32_t mem_load_any(struct exec *x, uint32_t address, unsigned bytes)
{
	uint32_t value = 0;

	if ((address & (bytes - 1)) == 0)
		return mem_load(x, address, bytes);
	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (data_big_endian(x) ? bytes - 1 - i : i);

		value |= x->env->load(x->env->self, address + i, 1) << shift;
	}
	return value;
}

void mem_store_any(struct exec *x, uint32_t address, unsigned bytes, uint32_t value)
{
	if ((address & (bytes - 1)) == 0) {
		mem_store(x, address, bytes, value);
		return;
	}
	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (data_big_endian(x) ? bytes - 1 - i : i);

		x->env->store(x->env->self, address + i, 1, value >> shift & 0xff);
	}
}

/* The address that is accessed and the base's new value. */
static uint32_t addresses(struct exec *x, const struct insn *in, uint32_t *written_back)
{
	uint32_t base = reg(x, in->rn), offset = in->imm;
	bool carry = (x->cpu->core.cpsr & PSR_C) != 0;

	if (in->rn == 15)
		base &= ~3u;
	if ((in->flags & MEM_REG) != 0)
		offset = shift_c(reg(x, in->rm), in->shift_type, in->shift_amount, carry, &carry);
	*written_back = (in->flags & MEM_U) != 0 ? base + offset : base - offset;
	return (in->flags & MEM_P) != 0 ? *written_back : base;
}

/* A8.8.62 and following. The unprivileged forms (LDRT) are the same without translation. */
enum cpu_status exec_load_store(struct exec *x, const struct insn *in)
{
	uint32_t base, address = addresses(x, in, &base), value;
	bool write = in->op >= OP_STR;
	unsigned bytes;
	enum cpu_status status;

	switch ((enum insn_op)in->op) {
	case OP_LDR:
	case OP_STR:
		bytes = 4;
		break;
	case OP_LDRH:
	case OP_LDRSH:
	case OP_STRH:
		bytes = 2;
		break;
	default:
		bytes = 1;
		break;
	}
	if ((address & (bytes - 1)) != 0 && (alignment_checked(x) || (in->rd == 15 && !write)))
		return fault(x, "unaligned access of %u bytes to 0x%08x", bytes, address);
	status = mem_access(x, address, bytes, write);
	if (status != CPU_OK)
		return status;

	if (write) {
		mem_store_any(x, address, bytes, reg(x, in->rd));
		if ((in->flags & MEM_W) != 0)
			set_reg(x, in->rn, base);
		return CPU_OK;
	}
	value = mem_load_any(x, address, bytes);
	if (in->op == OP_LDRSB)
		value = (uint32_t)(int8_t)value;
	else if (in->op == OP_LDRSH)
		value = (uint32_t)(int16_t)value;
	if (in->rd == 15 && bx_write_pc(x, value) != CPU_OK)
		return CPU_FAULT;
	if ((in->flags & MEM_W) != 0)
		set_reg(x, in->rn, base);
	if (in->rd != 15)
		set_reg(x, in->rd, value);
	return CPU_OK;
}

/* LDRD, STRD (A8.8.72, A8.8.210): two words, the first register's at the lower address in either endianness.
 */
enum cpu_status exec_dual(struct exec *x, const struct insn *in)
{
	uint32_t base, address = addresses(x, in, &base);
	bool write = in->op == OP_STRD;
	enum cpu_status status;

	if ((address & 3) != 0)
		return fault(x, "unaligned access of a double word to 0x%08x", address);
	status = mem_access(x, address, 8, write);
	if (status != CPU_OK)
		return status;
	if (write) {
		mem_store(x, address, 4, reg(x, in->rd));
		mem_store(x, address + 4, 4, reg(x, in->rd + 1u));
	} else {
		uint32_t first = mem_load(x, address, 4);

		set_reg(x, in->rd + 1u, mem_load(x, address + 4, 4));
		set_reg(x, in->rd, first);
	}
	if ((in->flags & MEM_W) != 0)
		set_reg(x, in->rn, base);
	return CPU_OK;
}

/*
 * LDREX and STREX of imm bytes (A3.4). The local monitor tags one address. That stores by others clear the
 * tag is the environment's part. STREX: rd is the status, rm the (first) value.
 */
enum cpu_status exec_exclusive(struct exec *x, const struct insn *in)
{
	struct cpu_core *c = &x->cpu->core;
	uint32_t address = reg(x, in->rn), bytes = in->imm;
	unsigned part = bytes == 8 ? 4 : bytes;
	enum cpu_status status;

	if ((address & (bytes - 1)) != 0)
		return fault(x, "unaligned exclusive access of %u bytes to 0x%08x", bytes, address);
	if (in->op == OP_STREX && c->exclusive != address + 1) {
		c->exclusive = 0;
		set_reg(x, in->rd, 1);
		return CPU_OK;
	}
	status = mem_access(x, address, bytes, in->op == OP_STREX);
	if (status != CPU_OK)
		return status;
	if (in->op == OP_STREX) {
		mem_store(x, address, part, reg(x, in->rm));
		if (bytes == 8)
			mem_store(x, address + 4, 4, reg(x, in->rm + 1u));
		c->exclusive = 0;
		set_reg(x, in->rd, 0);
		return CPU_OK;
	}
	c->exclusive = address + 1;
	set_reg(x, in->rd, mem_load(x, address, part));
	if (bytes == 8)
		set_reg(x, in->rd + 1u, mem_load(x, address + 4, 4));
	return CPU_OK;
}
