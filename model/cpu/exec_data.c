/* SPDX-License-Identifier: MIT */
/* Data processing (A5.2): the sixteen opcodes, shifts and flags. */
#include "exec.h"

/* Shift_C(), section A8.4.3; any amount, as register-controlled shifts need. */
uint32_t shift_c(uint32_t value, unsigned type, unsigned amount, bool carry_in, bool *carry_out)
{
	*carry_out = carry_in;
	if (type == SHIFT_RRX) {
		*carry_out = (value & 1) != 0;
		return (carry_in ? 1u << 31 : 0) | value >> 1;
	}
	if (amount == 0)
		return value;
	switch (type) {
	case SHIFT_LSL:
		*carry_out = amount <= 32 && (value >> (32 - amount) & 1) != 0;
		return amount < 32 ? value << amount : 0;
	case SHIFT_LSR:
		*carry_out = amount <= 32 && (value >> (amount - 1) & 1) != 0;
		return amount < 32 ? value >> amount : 0;
	case SHIFT_ASR:
		if (amount >= 32) {
			*carry_out = value >> 31 != 0;
			return value >> 31 != 0 ? ~0u : 0;
		}
		*carry_out = (value >> (amount - 1) & 1) != 0;
		return value >> amount | (value >> 31 != 0 ? ~(~0u >> amount) : 0);
	default: /* ROR */
		amount &= 31;
		if (amount != 0)
			value = value >> amount | value << (32 - amount);
		*carry_out = value >> 31 != 0;
		return value;
	}
}

/* AddWithCarry(), section A2.2.1. */
static inline uint32_t add_with_carry(uint32_t a, uint32_t b, bool carry_in, uint32_t *flags)
{
	uint64_t sum = (uint64_t)a + b + (carry_in ? 1 : 0);
	uint32_t result = (uint32_t)sum;

	*flags = (sum >> 32 != 0 ? PSR_C : 0) | (((a ^ result) & (b ^ result)) >> 31 != 0 ? PSR_V : 0);
	return result;
}

/* MOVS PC, LR and its kind (B9.3.20): result to PC, SPSR to CPSR. */
static enum cpu_status exec_subs_pc(struct exec *x, uint32_t result)
{
	struct cpu_core *c = &x->cpu->core;

	if (in_hyp(x) || !has_spsr(x))
		return take_undef(x);
	return exception_return(x, result, c->spsr[cpu_bank_of[c->cpsr & PSR_MODE]]);
}

enum cpu_status exec_data(struct exec *x, const struct insn *in)
{
	struct cpu_core *c = &x->cpu->core;
	uint32_t a = reg(x, in->rn), b, result, flags = 0;
	bool carry_in = (c->cpsr & PSR_C) != 0, carry = carry_in, arithmetic = true;

	if ((in->flags & DP_IMM) != 0) {
		b = in->imm;
		if ((in->flags & DP_CARRY) != 0)
			carry = b >> 31 != 0;
	} else {
		unsigned amount = (in->flags & DP_RSR) != 0 ? reg(x, in->rs) & 0xff : in->shift_amount;

		b = shift_c(reg(x, in->rm), in->shift_type, amount, carry_in, &carry);
	}

	switch ((enum insn_op)in->op) {
	case OP_SUB:
	case OP_CMP:
		result = add_with_carry(a, ~b, true, &flags);
		break;
	case OP_RSB:
		result = add_with_carry(~a, b, true, &flags);
		break;
	case OP_ADD:
	case OP_CMN:
		result = add_with_carry(a, b, false, &flags);
		break;
	case OP_ADC:
		result = add_with_carry(a, b, carry_in, &flags);
		break;
	case OP_SBC:
		result = add_with_carry(a, ~b, carry_in, &flags);
		break;
	case OP_RSC:
		result = add_with_carry(~a, b, carry_in, &flags);
		break;
	default:
		arithmetic = false;
		switch ((enum insn_op)in->op) {
		case OP_AND:
		case OP_TST:
			result = a & b;
			break;
		case OP_EOR:
		case OP_TEQ:
			result = a ^ b;
			break;
		case OP_ORR:
			result = a | b;
			break;
		case OP_BIC:
			result = a & ~b;
			break;
		case OP_MVN:
			result = ~b;
			break;
		default:
			result = b;
			break;
		}
		break;
	}

	if (in->op < OP_TST || in->op > OP_CMN) {
		if (in->rd == 15)
			return (in->flags & DP_S) != 0 ? exec_subs_pc(x, result) : bx_write_pc(x, result);
		set_reg(x, in->rd, result);
	}
	if ((in->flags & DP_S) != 0) {
		uint32_t keep = ~(arithmetic ? PSR_FLAGS : PSR_N | PSR_Z | PSR_C);

		if (!arithmetic)
			flags = carry ? PSR_C : 0;
		c->cpsr = (c->cpsr & keep) | flags | (result & PSR_N) | (result == 0 ? PSR_Z : 0);
	}
	return CPU_OK;
}
