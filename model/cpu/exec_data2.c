/* SPDX-License-Identifier: MIT */
/* Multiplication, division, bit fields, extension, reversal: what is not one of the sixteen opcodes. */
#include "exec.h"

static uint32_t ror(uint32_t value, unsigned amount)
{
	return amount == 0 ? value : value >> amount | value << (32 - amount);
}

/* Bits 16 b + 15 .. 16 b as a signed number. */
static int32_t half(uint32_t value, bool top)
{
	return (int16_t)(uint16_t)(top ? value >> 16 : value);
}

/* SDIV (A8.8.165) rounds towards zero; division by zero gives 0, as SCTLR.DZ is an ARMv7-R bit. */
static uint32_t sdiv(uint32_t n, uint32_t m)
{
	if (m == 0)
		return 0;
	if (m == ~0u)
		return 0 - n; /* INT_MIN / -1 is INT_MIN */
	return (uint32_t)((int32_t)n / (int32_t)m);
}

static uint32_t sign_extend(uint32_t value, unsigned bits)
{
	uint32_t sign = 1u << (bits - 1);

	return ((value & (2 * sign - 1)) ^ sign) - sign;
}

/* UXTAB and its kind: imm is the rotation, regs are bits 22:20 of the encoding, rn 15 means no addition. */
static uint32_t extend(struct exec *x, const struct insn *in)
{
	uint32_t value = ror(reg(x, in->rm), in->imm), base = in->rn == 15 ? 0 : reg(x, in->rn);

	switch (in->regs) {
	case 0: /* SXTB16 */
		return ((base + sign_extend(value, 8)) & 0xffff) |
		       ((base >> 16) + sign_extend(value >> 16, 8)) << 16;
	case 2:
		return base + sign_extend(value, 8);
	case 3:
		return base + sign_extend(value, 16);
	case 4: /* UXTB16 */
		return ((base + (value & 0xff)) & 0xffff) | ((base >> 16) + (value >> 16 & 0xff)) << 16;
	case 6:
		return base + (value & 0xff);
	default:
		return base + (value & 0xffff);
	}
}

static uint32_t reverse_bits(uint32_t v)
{
	v = (v >> 1 & 0x55555555) | (v & 0x55555555) << 1;
	v = (v >> 2 & 0x33333333) | (v & 0x33333333) << 2;
	v = (v >> 4 & 0x0f0f0f0f) | (v & 0x0f0f0f0f) << 4;
	return __builtin_bswap32(v);
}

/* Multiplications, sections A8.8.100 and following: rd is RdHi or Rd, rn is RdLo or Ra, rm and rs are
 * factors. */
static void multiply(struct exec *x, const struct insn *in)
{
	struct cpu_core *c = &x->cpu->core;
	uint32_t m = reg(x, in->rm), s = reg(x, in->rs), hi = reg(x, in->rd), lo = reg(x, in->rn);
	uint64_t wide = (uint64_t)m * s, old = (uint64_t)hi << 32 | lo;
	uint64_t swide = (uint64_t)((int64_t)(int32_t)m * (int32_t)s);
	bool is_long = true;

	switch ((enum insn_op)in->op) {
	case OP_UMAAL:
		wide += (uint64_t)hi + lo;
		break;
	case OP_UMULL:
		break;
	case OP_UMLAL:
		wide += old;
		break;
	case OP_SMULL:
		wide = swide;
		break;
	case OP_SMLAL:
		wide = swide + old;
		break;
	case OP_MLA:
		wide = (uint32_t)(m * s + lo);
		is_long = false;
		break;
	case OP_MLS:
		wide = (uint32_t)(lo - m * s);
		is_long = false;
		break;
	case OP_SMULXY: /* imm: which halves */
		wide = (uint32_t)(half(m, (in->imm & 1) != 0) * half(s, (in->imm & 2) != 0));
		is_long = false;
		break;
	case OP_SMMUL: /* imm: the rounding constant */
		wide = (uint32_t)((swide + in->imm) >> 32);
		is_long = false;
		break;
	default: /* MUL */
		wide = (uint32_t)(m * s);
		is_long = false;
		break;
	}
	if (is_long) {
		set_reg(x, in->rn, (uint32_t)wide);
		set_reg(x, in->rd, (uint32_t)(wide >> 32));
	} else {
		set_reg(x, in->rd, (uint32_t)wide);
		wide <<= 32;
	}
	if ((in->flags & DP_S) != 0)
		c->cpsr = (c->cpsr & ~(PSR_N | PSR_Z)) | (wide >> 63 != 0 ? PSR_N : 0) |
		          (wide == 0 ? PSR_Z : 0);
}

enum cpu_status exec_data2(struct exec *x, const struct insn *in)
{
	uint32_t d = reg(x, in->rd), m = reg(x, in->rm), n = reg(x, in->rn);
	unsigned lsb = in->shift_amount; /* bit fields: and imm is the mask of their width, at bit 0 */

	switch ((enum insn_op)in->op) {
	case OP_MOVW:
		d = in->imm;
		break;
	case OP_MOVT:
		d = (d & 0xffff) | in->imm << 16;
		break;
	case OP_SDIV:
		d = sdiv(n, m);
		break;
	case OP_UDIV:
		d = m == 0 ? 0 : n / m;
		break;
	case OP_BFC:
		d &= ~(in->imm << lsb);
		break;
	case OP_BFI:
		d = (d & ~(in->imm << lsb)) | (m & in->imm) << lsb;
		break;
	case OP_UBFX:
		d = m >> lsb & in->imm;
		break;
	case OP_SBFX:
		d = m >> lsb & in->imm;
		if ((d & (in->imm ^ in->imm >> 1)) != 0)
			d |= ~in->imm;
		break;
	case OP_CLZ:
		d = m == 0 ? 32 : (uint32_t)__builtin_clz(m);
		break;
	case OP_REV:
		d = __builtin_bswap32(m);
		break;
	case OP_REV16:
		d = ror(__builtin_bswap32(m), 16);
		break;
	case OP_REVSH:
		d = sign_extend(__builtin_bswap32(m) >> 16, 16);
		break;
	case OP_RBIT:
		d = reverse_bits(m);
		break;
	case OP_EXTEND:
		d = extend(x, in);
		break;
	case OP_PKH: { /* regs: 1 for PKHTB */
		bool carry;
		uint32_t operand = shift_c(m, in->shift_type, in->shift_amount, false, &carry);

		d = in->regs != 0 ? (operand & 0xffff) | (n & 0xffff0000)
		                  : (n & 0xffff) | (operand & 0xffff0000);
		break;
	}
	default:
		multiply(x, in);
		return CPU_OK;
	}
	set_reg(x, in->rd, d);
	return CPU_OK;
}
