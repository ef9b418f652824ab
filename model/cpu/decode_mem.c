/* SPDX-License-Identifier: MIT */
/* Decoding of loads and stores of core registers. */
#include "decode.h"
#include "exec.h"

static void touch_memory(struct insn *in, bool store)
{
	in->touch |= TOUCH_MEMORY | (store ? TOUCH_STORE : 0);
}

/* P, U and the write-back that P and W together mean. */
static void index_bits(struct insn *in)
{
	bool p = bits(in->raw, 24, 24) != 0, u = bits(in->raw, 23, 23) != 0, w = bits(in->raw, 21, 21) != 0;

	in->flags = (uint8_t)((p ? MEM_P : 0) | (u ? MEM_U : 0) | (!p || w ? MEM_W : 0));
	in->rn = (uint8_t)bits(in->raw, 19, 16);
	in->uses |= ubit(in->rn);
	if ((in->flags & MEM_W) != 0)
		in->defs |= ubit(in->rn);
}

/* A load of PC: from the stack it is a return. */
static void loads_pc(struct insn *in)
{
	in->flow = in->rn == 13 ? FLOW_RETURN : FLOW_INDIRECT;
}

/* A5.3: LDR, STR, LDRB, STRB and the unprivileged forms. */
bool decode_load_store(struct insn *in)
{
	uint32_t raw = in->raw;
	bool byte = bits(raw, 22, 22) != 0, load = bits(raw, 20, 20) != 0, by_reg = bits(raw, 25, 25) != 0;
	bool back;

	if (!is(raw, 0x0c000000, 0x04000000) || (by_reg && bits(raw, 4, 4) != 0))
		return false;
	in->op = load ? (byte ? OP_LDRB : OP_LDR) : (byte ? OP_STRB : OP_STR);
	index_bits(in);
	back = (in->flags & MEM_W) != 0;
	in->rd = (uint8_t)bits(raw, 15, 12);
	if (by_reg) {
		in->flags |= MEM_REG;
		in->rm = (uint8_t)bits(raw, 3, 0);
		in->uses |= ubit(in->rm);
		shift_operand(in);
		if (in->rm == 15)
			return false;
	} else {
		in->imm = bits(raw, 11, 0);
	}
	touch_memory(in, !load);
	if ((back && (in->rn == 15 || in->rn == in->rd)) || (byte && in->rd == 15))
		return false;
	/* The unprivileged forms cannot load PC. */
	if (bits(raw, 24, 24) == 0 && bits(raw, 21, 21) != 0 && in->rd == 15)
		return false;
	if (load && in->rd == 15)
		loads_pc(in);
	if (load)
		in->defs |= ubit(in->rd);
	else
		in->uses |= ubit(in->rd);
	return true;
}

/* A5.2.8, A5.2.9: halfwords, signed bytes, double words. */
bool decode_extra_load_store(struct insn *in)
{
	uint32_t raw = in->raw;
	bool l = bits(raw, 20, 20) != 0, load = l, back, dual;
	unsigned kind = bits(raw, 6, 5);

	if (!is(raw, 0x0e000090, 0x00000090) || kind == 0)
		return false;
	dual = !l && kind >= 2;
	if (dual) {
		load = kind == 2;
		in->op = load ? OP_LDRD : OP_STRD;
	} else if (l) {
		in->op = kind == 1 ? OP_LDRH : kind == 2 ? OP_LDRSB : OP_LDRSH;
	} else {
		in->op = OP_STRH;
	}
	index_bits(in);
	back = (in->flags & MEM_W) != 0;
	in->rd = (uint8_t)bits(raw, 15, 12);
	if (bits(raw, 22, 22) != 0) {
		in->imm = bits(raw, 11, 8) << 4 | bits(raw, 3, 0);
	} else {
		if (bits(raw, 11, 8) != 0)
			return false;
		in->flags |= MEM_REG;
		in->rm = (uint8_t)bits(raw, 3, 0);
		in->uses |= ubit(in->rm);
		if (in->rm == 15 || (dual && load && (in->rm == in->rd || in->rm == in->rd + 1)))
			return false;
	}
	touch_memory(in, !load);
	if (in->rd == 15 || (back && (in->rn == 15 || in->rn == in->rd)))
		return false;
	if (dual && ((in->rd & 1) != 0 || in->rd == 14 || (back && in->rn == in->rd + 1) ||
	             (bits(raw, 24, 24) == 0 && bits(raw, 21, 21) != 0)))
		return false;
	if (load)
		in->defs |= ubit(in->rd) | (dual ? ubit(in->rd + 1u) : 0);
	else
		in->uses |= ubit(in->rd) | (dual ? ubit(in->rd + 1u) : 0);
	return true;
}

/* A5.2.10: imm is the number of bytes. */
bool decode_exclusive(struct insn *in)
{
	static const uint8_t bytes[4] = {4, 8, 1, 2};
	uint32_t raw = in->raw;
	bool load = bits(raw, 20, 20) != 0, dual = bits(raw, 22, 21) == 1;

	if (!is(raw, 0x0f800ff0, 0x01800f90) || (load && bits(raw, 3, 0) != 15))
		return false;
	in->op = load ? OP_LDREX : OP_STREX;
	in->imm = bytes[bits(raw, 22, 21)];
	in->rn = (uint8_t)bits(raw, 19, 16);
	in->rd = (uint8_t)bits(raw, 15, 12);
	in->rm = load ? in->rd : (uint8_t)bits(raw, 3, 0);
	touch_memory(in, !load);
	in->uses |= ubit(in->rn);
	in->defs |= ubit(in->rd);
	if (dual && ((in->rm & 1) != 0 || in->rm == 14))
		return false;
	if (load)
		in->defs |= dual ? ubit(in->rd + 1u) : 0;
	else
		in->uses |= ubit(in->rm) | (dual ? ubit(in->rm + 1u) : 0);
	if (!load && (in->rd == in->rn || in->rd == in->rm || (dual && in->rd == in->rm + 1)))
		return false;
	return in->rn != 15 && in->rd != 15 && in->rm != 15;
}

/* A5.5: LDM, STM, PUSH, POP and the forms with ^. */
bool decode_multiple(struct insn *in)
{
	uint32_t raw = in->raw;
	bool load = bits(raw, 20, 20) != 0, hat = bits(raw, 22, 22) != 0, back = bits(raw, 21, 21) != 0;

	if (!is(raw, 0x0e000000, 0x08000000))
		return false;
	in->op = load ? OP_LDM : OP_STM;
	in->regs = (uint16_t)bits(raw, 15, 0);
	in->rn = (uint8_t)bits(raw, 19, 16);
	in->flags = (uint8_t)((bits(raw, 24, 24) != 0 ? MEM_P : 0) | (bits(raw, 23, 23) != 0 ? MEM_U : 0) |
	                      (back ? MEM_W : 0));
	touch_memory(in, !load);
	if (in->rn == 15 || in->regs == 0 || (load && back && (in->regs >> in->rn & 1) != 0))
		return false;
	in->uses |= ubit(in->rn);
	if (back)
		in->defs |= ubit(in->rn);
	if (hat) {
		bool is_return = load && (in->regs >> 15 & 1) != 0;

		if (!is_return && back)
			return false;
		in->flags |= is_return ? MEM_RET : MEM_USER;
		in->touch |= TOUCH_PSR;
		if (is_return)
			in->flow = FLOW_EXCEPTION_RETURN;
		uses_all(in);
		return true;
	}
	if (load) {
		in->defs |= in->regs & 0x7fffu;
		if ((in->regs >> 15 & 1) != 0)
			loads_pc(in);
	} else {
		in->uses |= in->regs & 0x7fffu;
	}
	return true;
}

/* B9.3.13, B9.3.16; in the unconditional space. SRS: imm is the mode whose stack is used. */
bool decode_srs_rfe(struct insn *in)
{
	uint32_t raw = in->raw;

	if (is(raw, 0xfe5fffe0, 0xf84d0500)) {
		in->op = OP_SRS;
		in->imm = bits(raw, 4, 0);
	} else if (is(raw, 0xfe50ffff, 0xf8100a00)) {
		in->op = OP_RFE;
		in->flow = FLOW_EXCEPTION_RETURN;
		in->rn = (uint8_t)bits(raw, 19, 16);
		if (in->rn == 15)
			return false;
	} else {
		return false;
	}
	in->flags = (uint8_t)((bits(raw, 24, 24) != 0 ? MEM_P : 0) | (bits(raw, 23, 23) != 0 ? MEM_U : 0) |
	                      (bits(raw, 21, 21) != 0 ? MEM_W : 0));
	touch_memory(in, in->op == OP_SRS);
	in->touch |= TOUCH_PSR;
	uses_all(in);
	return true;
}
