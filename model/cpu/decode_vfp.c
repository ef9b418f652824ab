/* SPDX-License-Identifier: MIT */
/* Decoding of FP and Advanced SIMD instructions (A7.4 to A7.9). */
#include <capstone/capstone.h>

#include "decode.h"
#include "exec.h"

/* A D register number: its high bit may be anywhere. */
static uint8_t dreg(uint32_t raw, unsigned high, unsigned low)
{
	return (uint8_t)(bits(raw, high, high) << 4 | bits(raw, low + 3, low));
}

static uint8_t sreg(uint32_t raw, unsigned bit, unsigned low)
{
	return (uint8_t)(bits(raw, low + 3, low) << 1 | bits(raw, bit, bit));
}

static void names_d(struct insn *in, unsigned last)
{
	if (last >= 16)
		in->flags |= FP_HIGH;
}

/* A7.6: VLDM, VSTM, VLDR, VSTR. rd first register, rs their number. */
static bool decode_transfer(struct insn *in)
{
	uint32_t raw = in->raw;
	bool p = bits(raw, 24, 24) != 0, u = bits(raw, 23, 23) != 0, w = bits(raw, 21, 21) != 0;
	bool load = bits(raw, 20, 20) != 0, is_double = bits(raw, 8, 8) != 0, single = p && !w;
	unsigned words = bits(raw, 7, 0);

	if (!single && !(u && !p) && !(p && !u))
		return false;
	in->op = load ? OP_VLDM : OP_VSTM;
	in->rn = (uint8_t)bits(raw, 19, 16);
	in->rd = is_double ? dreg(raw, 22, 12) : sreg(raw, 22, 12);
	in->imm = 4 * words;
	in->flags =
	        (uint8_t)((p ? MEM_P : 0) | (u ? MEM_U : 0) | (w ? MEM_W : 0) | (is_double ? FP_DOUBLE : 0));
	if (single)
		in->rs = 1;
	else if (is_double) /* an odd count is FLDMX: it counts one word more */
		in->rs = (uint8_t)(words / 2);
	else
		in->rs = (uint8_t)words;
	if (in->rs == 0 || in->rd + in->rs > 32 || (is_double && in->rs > 16))
		return false;
	if (in->rn == 15 && (w || !load))
		return false;
	if (is_double)
		names_d(in, in->rd + in->rs - 1u);
	in->touch |= TOUCH_MEMORY | (load ? 0 : TOUCH_STORE);
	in->uses |= ubit(in->rn);
	in->defs |= w ? ubit(in->rn) : 0;
	return true;
}

/* A7.7: VLD1, VST1, multiple single elements. */
static bool decode_vld1(struct insn *in)
{
	uint32_t raw = in->raw;
	unsigned type = bits(raw, 11, 8), align = bits(raw, 5, 4);

	switch (type) {
	case 7:
		in->rs = 1;
		break;
	case 10:
		in->rs = 2;
		break;
	case 6:
		in->rs = 3;
		break;
	case 2:
		in->rs = 4;
		break;
	default:
		return false;
	}
	if (((type == 7 || type == 6) && align >= 2) || (type == 10 && align == 3))
		return false;
	in->op = bits(raw, 21, 21) != 0 ? OP_VLD1 : OP_VST1;
	in->flags = FP_SIMD;
	in->rd = dreg(raw, 22, 12);
	in->rn = (uint8_t)bits(raw, 19, 16);
	in->rm = (uint8_t)bits(raw, 3, 0);
	in->imm = 1u << bits(raw, 7, 6);
	in->shift_amount = (uint8_t)(align == 0 ? 1 : 4u << align);
	if (in->rn == 15 || in->rd + in->rs > 32)
		return false;
	names_d(in, in->rd + in->rs - 1u);
	in->touch |= TOUCH_MEMORY | (in->op == OP_VST1 ? TOUCH_STORE : 0);
	in->uses |= ubit(in->rn);
	if (in->rm != 13 && in->rm != 15)
		in->uses |= ubit(in->rm);
	in->defs |= in->rm != 15 ? ubit(in->rn) : 0;
	return true;
}

/* A7.8: VMRS, VMSR; imm is the reg field. */
static bool decode_vmrs(struct insn *in)
{
	uint32_t raw = in->raw;
	bool read = is(raw, 0x0ff00fff, 0x0ef00a10);

	if (!read && !is(raw, 0x0ff00fff, 0x0ee00a10))
		return false;
	in->op = read ? OP_VMRS : OP_VMSR;
	in->imm = bits(raw, 19, 16);
	in->rd = (uint8_t)bits(raw, 15, 12);
	switch (in->imm) {
	case 1: /* FPSCR */
		break;
	case 6: /* MVFR1, MVFR0 */
	case 7:
		if (!read)
			return false;
		in->flags = FP_SYSTEM | FP_NO_EN;
		break;
	case 0: /* FPSID, FPEXC */
	case 8:
		in->flags = FP_SYSTEM | FP_NO_EN;
		break;
	case 9: /* FPINST, FPINST2 */
	case 10:
		in->flags = FP_SYSTEM;
		break;
	default:
		return false;
	}
	if (in->rd == 15) {
		if (!read || in->imm != 1)
			return false;
		in->defs |= INSN_FLAGS;
	}
	if (read)
		in->defs |= ubit(in->rd);
	else
		in->uses |= ubit(in->rd);
	return true;
}

static void core_operand(struct insn *in, unsigned n, bool to_core)
{
	if (to_core)
		in->defs |= ubit(n);
	else
		in->uses |= ubit(n);
}

/* VMOV between a core register and an element (A8.8.341, A8.8.342). */
static bool decode_lane(struct insn *in)
{
	uint32_t raw = in->raw;
	bool to_core = bits(raw, 20, 20) != 0, is_unsigned = bits(raw, 23, 23) != 0;
	unsigned opc = bits(raw, 22, 21) << 2 | bits(raw, 6, 5), index;

	if ((opc & 8) != 0) {
		in->imm = 8;
		index = opc & 7;
	} else if ((opc & 1) != 0) {
		in->imm = 16;
		index = opc >> 1 & 3;
	} else if ((opc & 2) == 0) {
		in->imm = 32;
		index = opc >> 2 & 1;
		if (is_unsigned)
			return false;
	} else {
		return false;
	}
	if (!to_core && is_unsigned)
		return false;
	in->op = OP_VMOV_LANE;
	in->shift_amount = (uint8_t)(index * in->imm);
	in->regs = in->imm != 32 && !is_unsigned;
	in->flags = (uint8_t)((to_core ? FP_TO_CORE : 0) | (in->imm != 32 ? FP_SIMD : 0));
	in->rd = (uint8_t)bits(raw, 15, 12);
	in->rm = dreg(raw, 7, 16);
	names_d(in, in->rm);
	core_operand(in, in->rd, to_core);
	return in->rd != 15;
}

/* A7.8, A7.9: between core registers and S or D registers. */
static bool decode_core(struct insn *in)
{
	uint32_t raw = in->raw;
	bool to_core = bits(raw, 20, 20) != 0, is_double = bits(raw, 8, 8) != 0;

	in->flags = to_core ? FP_TO_CORE : 0;
	in->rd = (uint8_t)bits(raw, 15, 12);
	core_operand(in, in->rd, to_core);
	if (is(raw, 0x0fe00f7f, 0x0e000a10)) {
		in->op = OP_VMOV_CORE1;
		in->rm = sreg(raw, 7, 16);
		return in->rd != 15;
	}
	in->op = OP_VMOV_CORE2;
	in->rn = (uint8_t)bits(raw, 19, 16);
	core_operand(in, in->rn, to_core);
	in->rm = is_double ? dreg(raw, 5, 0) : sreg(raw, 5, 0);
	if (is_double) {
		in->flags |= FP_DOUBLE;
		names_d(in, in->rm);
	} else if (in->rm == 31) {
		return false;
	}
	return in->rd != 15 && in->rn != 15 && !(to_core && in->rd == in->rn);
}

/* Instructions of ARMv8 AArch32, which Capstone may know. */
static bool is_armv8(unsigned id)
{
	return id == ARM_INS_VMAXNM || id == ARM_INS_VMINNM ||
	       (id >= ARM_INS_VRINTA && id <= ARM_INS_VRINTZ) ||
	       (id >= ARM_INS_VSELEQ && id <= ARM_INS_VSELVS) || id == ARM_INS_VCVTA || id == ARM_INS_VCVTM ||
	       id == ARM_INS_VCVTN || id == ARM_INS_VCVTP;
}

static bool is_vector_id(unsigned id)
{
	return (id >= ARM_INS_VABAL && id <= ARM_INS_VZIP) || id == ARM_INS_VMOV;
}

/* Whatever computes: only that it passes its checks, and whether it writes D registers. */
static bool decode_compute(unsigned id, bool high, struct insn *in)
{
	uint32_t raw = in->raw;

	in->op = OP_FP_COMPUTE;
	in->flags = high ? FP_HIGH : 0;
	if (is(raw, 0xfe000000, 0xf2000000)) {
		in->flags |= FP_SIMD;
		return true;
	}
	if (raw >> 28 == 15)
		return false;
	if (is(raw, 0x0f900f5f, 0x0e800b10)) { /* VDUP from a core register */
		in->flags |= FP_SIMD;
		in->rd = (uint8_t)bits(raw, 15, 12);
		in->uses |= ubit(in->rd);
		return in->rd != 15;
	}
	if (id == ARM_INS_VCMP || id == ARM_INS_VCMPE)
		in->flags |= FP_READS_ONLY;
	return is(raw, 0x0f000e10, 0x0e000a00);
}

bool decode_vfp(unsigned id, bool high, struct insn *in)
{
	uint32_t raw = in->raw;
	bool conditional = raw >> 28 != 15;

	in->touch |= TOUCH_FP;
	if (is(raw, 0xff900000, 0xf4000000))
		return (id == ARM_INS_VLD1 || id == ARM_INS_VST1) && decode_vld1(in);
	if (conditional && (is(raw, 0x0fe00fd0, 0x0c400a10) || is(raw, 0x0fe00fd0, 0x0c400b10) ||
	                    is(raw, 0x0fe00f7f, 0x0e000a10)))
		return decode_core(in);
	if (conditional && is(raw, 0x0e000e00, 0x0c000a00))
		return decode_transfer(in);
	if (conditional && (is(raw, 0x0ff00f10, 0x0ef00a10) || is(raw, 0x0ff00f10, 0x0ee00a10)))
		return decode_vmrs(in);
	if (!is_vector_id(id) || is_armv8(id))
		return false;
	if (conditional && (is(raw, 0x0f900f1f, 0x0e000b10) || is(raw, 0x0f100f1f, 0x0e100b10)))
		return decode_lane(in);
	if (conditional && is(raw, 0x0fbf0ed0, 0x0eb00a40)) {
		bool is_double = bits(raw, 8, 8) != 0;

		in->op = OP_VMOV_REG;
		in->regs = 1;
		in->flags = is_double ? FP_DOUBLE : 0;
		in->rd = is_double ? dreg(raw, 22, 12) : sreg(raw, 22, 12);
		in->rm = is_double ? dreg(raw, 5, 0) : sreg(raw, 5, 0);
		if (is_double)
			names_d(in, in->rd > in->rm ? in->rd : in->rm);
		return true;
	}
	if (is(raw, 0xffb00f10, 0xf2200110) && dreg(raw, 7, 16) == dreg(raw, 5, 0)) {
		bool quad = bits(raw, 6, 6) != 0;

		in->op = OP_VMOV_REG;
		in->regs = quad ? 2 : 1;
		in->flags = FP_DOUBLE | FP_SIMD;
		in->rd = dreg(raw, 22, 12);
		in->rm = dreg(raw, 5, 0);
		names_d(in, in->rd > in->rm ? in->rd : in->rm);
		return !(quad && ((in->rd | in->rm) & 1) != 0);
	}
	return decode_compute(id, high, in);
}
