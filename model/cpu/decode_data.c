/* SPDX-License-Identifier: MIT */
/* Decoding of data processing, multiplication and the media instructions. */
#include "decode.h"
#include "exec.h"

void shift_operand(struct insn *in)
{
	in->shift_type = (uint8_t)bits(in->raw, 6, 5);
	in->shift_amount = (uint8_t)bits(in->raw, 11, 7);
	if (in->shift_amount == 0 && in->shift_type == SHIFT_ROR)
		in->shift_type = SHIFT_RRX;
	else if (in->shift_amount == 0 && in->shift_type != SHIFT_LSL)
		in->shift_amount = 32;
	if (in->shift_type == SHIFT_RRX)
		in->uses |= INSN_FLAGS;
}

/* A5.2.1 to A5.2.3: the sixteen opcodes. */
bool decode_data_processing(struct insn *in)
{
	uint32_t raw = in->raw;
	unsigned opcode = bits(raw, 24, 21);
	bool s = bits(raw, 20, 20) != 0, compare = opcode >= 8 && opcode <= 11,
	     move = opcode == 13 || opcode == 15;
	bool logical = opcode < 2 || opcode == 8 || opcode == 9 || opcode >= 12;

	if (!is(raw, 0x0c000000, 0) || (compare && !s) || in->cond > 14)
		return false;
	in->op = (uint16_t)(OP_AND + opcode);
	in->flags = s ? DP_S : 0;
	in->rd = (uint8_t)bits(raw, 15, 12);
	in->rn = (uint8_t)bits(raw, 19, 16);
	if ((compare && in->rd != 0) || (move && in->rn != 0))
		return false;
	if (!move)
		in->uses |= ubit(in->rn);
	if (bits(raw, 25, 25) != 0) {
		unsigned rotation = 2 * bits(raw, 11, 8);
		uint32_t value = bits(raw, 7, 0);

		in->flags |= DP_IMM | (rotation != 0 ? DP_CARRY : 0);
		in->imm = rotation == 0 ? value : value >> rotation | value << (32 - rotation);
	} else {
		in->rm = (uint8_t)bits(raw, 3, 0);
		in->uses |= ubit(in->rm);
		if (bits(raw, 4, 4) == 0) {
			shift_operand(in);
		} else {
			if (bits(raw, 7, 7) != 0)
				return false;
			in->flags |= DP_RSR;
			in->rs = (uint8_t)bits(raw, 11, 8);
			in->shift_type = (uint8_t)bits(raw, 6, 5);
			in->uses |= ubit(in->rs);
			if (in->rd == 15 || in->rn == 15 || in->rm == 15 || in->rs == 15)
				return false;
		}
	}
	if (opcode >= 5 && opcode <= 7)
		in->uses |= INSN_FLAGS;
	if (s && logical) /* V stays, and often C */
		in->uses |= INSN_FLAGS;
	if (!compare) {
		in->defs |= ubit(in->rd);
		if (in->rd == 15) {
			in->flow = FLOW_INDIRECT;
			if (s) {
				in->flow = FLOW_EXCEPTION_RETURN;
				in->touch |= TOUCH_PSR;
				uses_all(in);
				return true;
			}
			if (is(raw, 0x0fffffff, 0x01a0f00e))
				in->flow = FLOW_RETURN;
		}
	}
	if (s && !logical)
		in->defs |= INSN_FLAGS;
	return true;
}

static bool reg3(struct insn *in, unsigned op, unsigned rd, unsigned rn, unsigned rm)
{
	in->op = (uint16_t)op;
	in->rd = (uint8_t)rd;
	in->rn = (uint8_t)rn;
	in->rm = (uint8_t)rm;
	in->uses |= ubit(rn) | ubit(rm);
	in->defs |= ubit(rd);
	return rd != 15 && rm != 15;
}

/* A5.2.5, A5.2.7 and the signed halfword and most significant word multiplications. */
bool decode_multiply(struct insn *in)
{
	uint32_t raw = in->raw;
	unsigned rd = bits(raw, 19, 16), ra = bits(raw, 15, 12), rs = bits(raw, 11, 8);
	bool is_long = false, accumulates = false;

	if (is(raw, 0x0fe0f0f0, 0x00000090)) {
		in->op = OP_MUL;
	} else if (is(raw, 0x0fe000f0, 0x00200090)) {
		in->op = OP_MLA;
		accumulates = true;
	} else if (is(raw, 0x0ff000f0, 0x00600090)) {
		in->op = OP_MLS;
		accumulates = true;
	} else if (is(raw, 0x0ff0f090, 0x01600080)) {
		in->op = OP_SMULXY;
		in->imm = bits(raw, 6, 5);
	} else if (is(raw, 0x0ff0f0d0, 0x0750f010)) {
		in->op = OP_SMMUL;
		in->imm = bits(raw, 5, 5) << 31;
		ra = 0;
	} else {
		is_long = true;
		if (is(raw, 0x0ff000f0, 0x00400090))
			in->op = OP_UMAAL;
		else if (is(raw, 0x0fe000f0, 0x00800090))
			in->op = OP_UMULL;
		else if (is(raw, 0x0fe000f0, 0x00a00090))
			in->op = OP_UMLAL;
		else if (is(raw, 0x0fe000f0, 0x00c00090))
			in->op = OP_SMULL;
		else if (is(raw, 0x0fe000f0, 0x00e00090))
			in->op = OP_SMLAL;
		else
			return false;
		accumulates = in->op == OP_UMAAL || in->op == OP_UMLAL || in->op == OP_SMLAL;
	}
	if (in->op != OP_SMULXY && in->op != OP_SMMUL && in->op != OP_MLS && in->op != OP_UMAAL &&
	    bits(raw, 20, 20) != 0) {
		in->flags = DP_S;
		in->uses |= INSN_FLAGS; /* C and V stay */
	}
	in->rd = (uint8_t)rd;
	in->rn = (uint8_t)ra;
	in->rm = (uint8_t)bits(raw, 3, 0);
	in->rs = (uint8_t)rs;
	in->uses |= ubit(in->rm) | ubit(rs);
	if (accumulates)
		in->uses |= ubit(ra) | (is_long ? ubit(rd) : 0);
	in->defs |= ubit(rd) | (is_long ? ubit(ra) : 0);
	return rd != 15 && rs != 15 && in->rm != 15 && ra != 15 && !(is_long && rd == ra);
}

/* BFC, BFI, SBFX, UBFX: imm is the mask of the width at bit 0, shift_amount the lowest bit. */
bool decode_bit_field(struct insn *in)
{
	uint32_t raw = in->raw;
	unsigned lsb = bits(raw, 11, 7), width, high = bits(raw, 20, 16);
	bool insert = is(raw, 0x0fe00070, 0x07c00010);

	if (!insert && !is(raw, 0x0fe00070, 0x07a00050) && !is(raw, 0x0fe00070, 0x07e00050))
		return false;
	if (insert ? high < lsb : lsb + high > 31)
		return false;
	width = insert ? high - lsb + 1 : high + 1;
	in->imm = ~0u >> (32 - width);
	in->shift_amount = (uint8_t)lsb;
	in->rd = (uint8_t)bits(raw, 15, 12);
	in->rm = (uint8_t)bits(raw, 3, 0);
	in->defs |= ubit(in->rd);
	if (!insert) {
		in->op = bits(raw, 22, 22) != 0 ? OP_UBFX : OP_SBFX;
		in->uses |= ubit(in->rm);
		return in->rd != 15 && in->rm != 15;
	}
	in->op = in->rm == 15 ? OP_BFC : OP_BFI;
	in->uses |= ubit(in->rd) | ubit(in->rm);
	return in->rd != 15;
}

/* The rest of the media and miscellaneous data instructions (A5.2.12, A5.4). */
bool decode_data_misc(struct insn *in)
{
	static const struct {
		uint32_t mask, value;
		uint16_t op;
	} unary[] = {
	        {0x0fff0ff0, 0x016f0f10, OP_CLZ},   {0x0fff0ff0, 0x06bf0f30, OP_REV},
	        {0x0fff0ff0, 0x06bf0fb0, OP_REV16}, {0x0fff0ff0, 0x06ff0fb0, OP_REVSH},
	        {0x0fff0ff0, 0x06ff0f30, OP_RBIT},
	};
	uint32_t raw = in->raw;
	unsigned rd = bits(raw, 15, 12), rn = bits(raw, 19, 16), rm = bits(raw, 3, 0);

	if (is(raw, 0x0fb00000, 0x03000000)) {
		in->op = bits(raw, 22, 22) != 0 ? OP_MOVT : OP_MOVW;
		in->imm = rn << 12 | bits(raw, 11, 0);
		in->rd = (uint8_t)rd;
		in->uses |= in->op == OP_MOVT ? ubit(rd) : 0;
		in->defs |= ubit(rd);
		return rd != 15;
	}
	for (unsigned i = 0; i < sizeof(unary) / sizeof(unary[0]); i++)
		if (is(raw, unary[i].mask, unary[i].value))
			return reg3(in, unary[i].op, rd, 15, rm);
	if (is(raw, 0x0fd0f0f0, 0x0710f010)) {
		unsigned n = bits(raw, 3, 0), m = bits(raw, 11, 8);

		return reg3(in, bits(raw, 21, 21) != 0 ? OP_UDIV : OP_SDIV, rn, n, m) && n != 15;
	}
	if (is(raw, 0x0f8003f0, 0x06800070)) {
		in->imm = 8 * bits(raw, 11, 10);
		in->regs = (uint16_t)bits(raw, 22, 20);
		return in->regs != 1 && in->regs != 5 && reg3(in, OP_EXTEND, rd, rn, rm);
	}
	if (is(raw, 0x0ff00030, 0x06800010)) {
		shift_operand(in);
		if (in->shift_type != SHIFT_LSL && in->shift_type != SHIFT_ASR)
			return false;
		in->regs = (uint16_t)bits(raw, 6, 6);
		return reg3(in, OP_PKH, rd, rn, rm) && rn != 15;
	}
	return false;
}
