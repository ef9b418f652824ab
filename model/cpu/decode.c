/* SPDX-License-Identifier: MIT */
/*
 * Decoding: Capstone says which instruction a word is, the tables below which of
 * our operations may be meant, and the encoding must match bit by bit; operand
 * fields come from the encoding. UNPREDICTABLE encodings are unknown.
 */
#include "decode.h"

#include <capstone/capstone.h>
#include <string.h>

#include "exec.h"

bool decoder_open(struct decoder *d, struct error *e)
{
	csh handle;

	if (cs_open(CS_ARCH_ARM, CS_MODE_ARM, &handle) != CS_ERR_OK) {
		error_set(e,
		          "Capstone cannot be opened: it was built without ARM support, or memory is short");
		return false;
	}
	d->handle = handle;
	d->scratch = NULL;
	if (cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON) == CS_ERR_OK)
		d->scratch = cs_malloc(handle);
	if (d->scratch == NULL) {
		decoder_close(d);
		error_set(e, "out of memory for Capstone");
		return false;
	}
	return true;
}

void decoder_close(struct decoder *d)
{
	csh handle = d->handle;

	if (d->scratch != NULL)
		cs_free(d->scratch, 1);
	(void)cs_close(&handle);
}

/* B, BL, BX, BLX (register); BLX (immediate) leads to Thumb code and is unknown. */
static bool decode_branch(struct insn *in, uint32_t address)
{
	uint32_t raw = in->raw;

	if (raw >> 28 == 15)
		return false;
	if (is(raw, 0x0e000000, 0x0a000000)) {
		bool link = bits(raw, 24, 24) != 0;

		in->op = link ? OP_BL : OP_B;
		in->flow = link ? FLOW_CALL : FLOW_BRANCH;
		in->target = address + 8 + (((raw & 0xffffff) ^ 0x800000) - 0x800000) * 4;
		in->defs |= link ? ubit(14) : 0;
		return true;
	}
	in->rm = (uint8_t)bits(raw, 3, 0);
	in->uses |= ubit(in->rm);
	if (is(raw, 0x0ffffff0, 0x012fff10)) {
		in->op = OP_BX;
		in->flow = in->rm == 14 ? FLOW_RETURN : FLOW_INDIRECT;
		return true;
	}
	if (is(raw, 0x0ffffff0, 0x012fff30)) {
		in->op = OP_BLX;
		in->flow = FLOW_INDIRECT_CALL;
		in->defs |= ubit(14);
		return in->rm != 15;
	}
	return false;
}

/* MRS, MSR (B9.3.8 to B9.3.12). */
static bool decode_status(struct insn *in)
{
	uint32_t raw = in->raw;
	bool spsr = bits(raw, 22, 22) != 0;

	in->touch |= TOUCH_PSR;
	in->flags = spsr ? PSR_SPSR : 0;
	in->regs = (uint16_t)bits(raw, 19, 16);
	if (is(raw, 0x0fbf0fff, 0x010f0000)) {
		in->op = OP_MRS;
		in->rd = (uint8_t)bits(raw, 15, 12);
		in->uses |= spsr ? 0 : INSN_FLAGS;
		in->defs |= ubit(in->rd);
		return in->rd != 15;
	}
	if (is(raw, 0x0fb00eff, 0x01000200) || is(raw, 0x0fb0fef0, 0x0120f200)) {
		bool read = bits(raw, 21, 21) == 0;

		in->op = read ? OP_MRS_BANKED : OP_MSR_BANKED;
		in->imm = bits(raw, 8, 8) << 4 | bits(raw, 19, 16);
		in->rd = (uint8_t)bits(raw, 15, 12);
		in->rm = (uint8_t)bits(raw, 3, 0);
		uses_all(in);
		return read ? in->rd != 15 : in->rm != 15;
	}
	in->op = OP_MSR;
	if (is(raw, 0x0fb0f000, 0x0320f000)) {
		unsigned rotation = 2 * bits(raw, 11, 8);
		uint32_t value = bits(raw, 7, 0);

		in->flags |= PSR_IMM;
		in->imm = rotation == 0 ? value : value >> rotation | value << (32 - rotation);
	} else if (is(raw, 0x0fb0fff0, 0x0120f000)) {
		in->rm = (uint8_t)bits(raw, 3, 0);
		in->uses |= ubit(in->rm);
		if (in->rm == 15)
			return false;
	} else {
		return false;
	}
	if (in->regs == 0)
		return false;
	if (!spsr && (in->regs & 1) != 0)
		uses_all(in);
	else if (!spsr && (in->regs & 8) != 0)
		in->defs |= INSN_FLAGS;
	return true;
}

/* Calls to other levels, ERET, CPS, SETEND. */
static bool decode_system(struct insn *in)
{
	uint32_t raw = in->raw, imm16 = bits(raw, 19, 8) << 4 | bits(raw, 3, 0);

	in->touch |= TOUCH_PSR;
	in->flow = FLOW_EXCEPTION;
	if (is(raw, 0xfff000f0, 0xe1400070)) {
		in->op = OP_HVC;
		in->imm = imm16;
	} else if (is(raw, 0xfff000f0, 0xe7f000f0)) {
		in->op = OP_UDF;
		in->imm = imm16;
	} else if (is(raw, 0x0ffffff0, 0x01600070) && raw >> 28 != 15) {
		in->op = OP_SMC;
	} else if (is(raw, 0x0f000000, 0x0f000000) && raw >> 28 != 15) {
		in->op = OP_SVC;
		in->imm = bits(raw, 23, 0);
	} else if (is(raw, 0x0fffffff, 0x0160006e) && raw >> 28 != 15) {
		in->op = OP_ERET;
		in->flow = FLOW_EXCEPTION_RETURN;
	} else if (is(raw, 0xfff000f0, 0xe1200070)) {
		in->op = OP_BKPT;
		in->imm = imm16;
		in->flow = FLOW_NEXT;
		in->touch = TOUCH_ENV;
	} else if (is(raw, 0xfff1fe20, 0xf1000000)) {
		unsigned imod = bits(raw, 19, 18);

		in->op = OP_CPS;
		in->flow = FLOW_NEXT;
		in->regs = (uint16_t)bits(raw, 19, 17);
		in->imm = raw & 0x1df;
		if ((in->regs & 1) == 0 && (raw & 0x1f) != 0)
			return false;
		if (imod == 1 || in->regs == 0 || ((imod & 2) != 0) != (bits(raw, 8, 6) != 0))
			return false;
		if ((in->regs & 1) == 0)
			return true; /* changes the masks only */
	} else if (is(raw, 0xfffffdff, 0xf1010000)) {
		in->op = OP_SETEND;
		in->flow = FLOW_NEXT;
		in->imm = raw & PSR_E;
		return true;
	} else {
		return false;
	}
	uses_all(in);
	return true;
}

/* Hints, barriers, preloads: one word each, next to nothing to do. */
static bool decode_hint(unsigned id, struct insn *in)
{
	uint32_t raw = in->raw;

	in->op = OP_NOP;
	switch (id) {
	case ARM_INS_ISB:
		in->op = OP_ISB;
		in->touch = TOUCH_SYNC;
		return is(raw, 0xfffffff0, 0xf57ff060);
	case ARM_INS_DSB:
		return is(raw, 0xfffffff0, 0xf57ff040);
	case ARM_INS_DMB:
		return is(raw, 0xfffffff0, 0xf57ff050);
	case ARM_INS_CLREX:
		in->op = OP_CLREX;
		return raw == 0xf57ff01f;
	case ARM_INS_PLD:
	case ARM_INS_PLDW:
	case ARM_INS_PLI:
		return is(raw, 0xfc000000, 0xf4000000);
	default:
		if (!is(raw, 0x0fffff00, 0x0320f000) || raw >> 28 == 15)
			return false;
		if ((raw & 0xff) == 3) {
			in->op = OP_WFI;
			in->touch = TOUCH_ENV;
		}
		return true;
	}
}

/* MRC, MCR, MRRC, MCRR of CP14 and CP15. */
static bool decode_coprocessor(unsigned id, struct insn *in)
{
	uint32_t raw = in->raw;
	bool is_64 = is(raw, 0x0fe00000, 0x0c400000), read = bits(raw, 20, 20) != 0;

	if (raw >> 28 == 15 || !is(raw, 0x00000e00, 0x00000e00))
		return false;
	if (!is_64 && !is(raw, 0x0f000010, 0x0e000010))
		return false;
	if (is_64 != (id == ARM_INS_MCRR || id == ARM_INS_MRRC))
		return false;
	in->op = is_64 ? (read ? OP_MRRC : OP_MCRR) : (read ? OP_MRC : OP_MCR);
	in->rd = (uint8_t)bits(raw, 15, 12);
	in->rn = (uint8_t)bits(raw, 19, 16);
	in->touch |= TOUCH_SYSTEM;
	if (read)
		in->defs |= ubit(in->rd) | (is_64 ? ubit(in->rn) : 0);
	else
		in->uses |= ubit(in->rd) | (is_64 ? ubit(in->rn) : 0);
	return in->rd != 15 && !(is_64 && (in->rn == 15 || (read && in->rn == in->rd)));
}

/* By Capstone's id to the decoder of the group. */
static bool decode_group(unsigned id, bool high, uint32_t address, struct insn *in)
{
	bool conditional = in->raw >> 28 != 15;

	switch (id) {
	case ARM_INS_AND:
	case ARM_INS_EOR:
	case ARM_INS_SUB:
	case ARM_INS_RSB:
	case ARM_INS_ADD:
	case ARM_INS_ADR:
	case ARM_INS_ADC:
	case ARM_INS_SBC:
	case ARM_INS_RSC:
	case ARM_INS_TST:
	case ARM_INS_TEQ:
	case ARM_INS_CMP:
	case ARM_INS_CMN:
	case ARM_INS_ORR:
	case ARM_INS_MOV:
	case ARM_INS_BIC:
	case ARM_INS_MVN:
	case ARM_INS_ASR:
	case ARM_INS_LSL:
	case ARM_INS_LSR:
	case ARM_INS_ROR:
	case ARM_INS_RRX:
		return conditional && decode_data_processing(in);
	case ARM_INS_MUL:
	case ARM_INS_MLA:
	case ARM_INS_MLS:
	case ARM_INS_UMAAL:
	case ARM_INS_UMULL:
	case ARM_INS_UMLAL:
	case ARM_INS_SMULL:
	case ARM_INS_SMLAL:
	case ARM_INS_SMULBB:
	case ARM_INS_SMULBT:
	case ARM_INS_SMULTB:
	case ARM_INS_SMULTT:
	case ARM_INS_SMMUL:
	case ARM_INS_SMMULR:
		return conditional && decode_multiply(in);
	case ARM_INS_BFC:
	case ARM_INS_BFI:
	case ARM_INS_SBFX:
	case ARM_INS_UBFX:
		return conditional && decode_bit_field(in);
	case ARM_INS_MOVW:
	case ARM_INS_MOVT:
	case ARM_INS_CLZ:
	case ARM_INS_REV:
	case ARM_INS_REV16:
	case ARM_INS_REVSH:
	case ARM_INS_RBIT:
	case ARM_INS_SDIV:
	case ARM_INS_UDIV:
	case ARM_INS_SXTB:
	case ARM_INS_SXTH:
	case ARM_INS_SXTB16:
	case ARM_INS_UXTB:
	case ARM_INS_UXTH:
	case ARM_INS_UXTB16:
	case ARM_INS_SXTAB:
	case ARM_INS_SXTAH:
	case ARM_INS_SXTAB16:
	case ARM_INS_UXTAB:
	case ARM_INS_UXTAH:
	case ARM_INS_UXTAB16:
	case ARM_INS_PKHBT:
	case ARM_INS_PKHTB:
		return conditional && decode_data_misc(in);
	case ARM_INS_LDR:
	case ARM_INS_LDRB:
	case ARM_INS_LDRT:
	case ARM_INS_LDRBT:
	case ARM_INS_STR:
	case ARM_INS_STRB:
	case ARM_INS_STRT:
	case ARM_INS_STRBT:
		return conditional && decode_load_store(in);
	case ARM_INS_LDRH:
	case ARM_INS_LDRHT:
	case ARM_INS_LDRSB:
	case ARM_INS_LDRSBT:
	case ARM_INS_LDRSH:
	case ARM_INS_LDRSHT:
	case ARM_INS_LDRD:
	case ARM_INS_STRH:
	case ARM_INS_STRHT:
	case ARM_INS_STRD:
		return conditional && decode_extra_load_store(in);
	case ARM_INS_LDREX:
	case ARM_INS_LDREXB:
	case ARM_INS_LDREXH:
	case ARM_INS_LDREXD:
	case ARM_INS_STREX:
	case ARM_INS_STREXB:
	case ARM_INS_STREXH:
	case ARM_INS_STREXD:
		return conditional && decode_exclusive(in);
	case ARM_INS_PUSH: /* of one register: STR, LDR */
	case ARM_INS_POP:
		return conditional &&
		       (is(in->raw, 0x0c000000, 0x04000000) ? decode_load_store(in) : decode_multiple(in));
	case ARM_INS_LDM:
	case ARM_INS_LDMDA:
	case ARM_INS_LDMDB:
	case ARM_INS_LDMIB:
	case ARM_INS_STM:
	case ARM_INS_STMDA:
	case ARM_INS_STMDB:
	case ARM_INS_STMIB:
		return conditional && decode_multiple(in);
	case ARM_INS_SRSDA:
	case ARM_INS_SRSDB:
	case ARM_INS_SRSIA:
	case ARM_INS_SRSIB:
	case ARM_INS_RFEDA:
	case ARM_INS_RFEDB:
	case ARM_INS_RFEIA:
	case ARM_INS_RFEIB:
		return decode_srs_rfe(in);
	case ARM_INS_B:
	case ARM_INS_BL:
	case ARM_INS_BX:
	case ARM_INS_BLX:
		return decode_branch(in, address);
	case ARM_INS_MRS:
	case ARM_INS_MSR:
		return conditional && decode_status(in);
	case ARM_INS_HVC:
	case ARM_INS_SMC:
	case ARM_INS_SVC:
	case ARM_INS_UDF:
	case ARM_INS_TRAP:
	case ARM_INS_ERET:
	case ARM_INS_BKPT:
	case ARM_INS_CPS:
	case ARM_INS_SETEND:
		return decode_system(in);
	case ARM_INS_ISB:
	case ARM_INS_DSB:
	case ARM_INS_DMB:
	case ARM_INS_CLREX:
	case ARM_INS_PLD:
	case ARM_INS_PLDW:
	case ARM_INS_PLI:
	case ARM_INS_NOP:
	case ARM_INS_YIELD:
	case ARM_INS_WFE:
	case ARM_INS_WFI:
	case ARM_INS_SEV:
	case ARM_INS_DBG:
	case ARM_INS_HINT:
		return decode_hint(id, in);
	case ARM_INS_MRC:
	case ARM_INS_MCR:
	case ARM_INS_MRRC:
	case ARM_INS_MCRR:
		return decode_coprocessor(id, in);
	case ARM_INS_VMRS:
	case ARM_INS_VMSR:
	case ARM_INS_VLDMIA:
	case ARM_INS_VLDMDB:
	case ARM_INS_VLDR:
	case ARM_INS_VSTMIA:
	case ARM_INS_VSTMDB:
	case ARM_INS_VSTR:
	case ARM_INS_VPUSH:
	case ARM_INS_VPOP:
	case ARM_INS_FLDMIAX:
	case ARM_INS_FLDMDBX:
	case ARM_INS_FSTMIAX:
	case ARM_INS_FSTMDBX:
	case ARM_INS_VMOV:
		return decode_vfp(id, high, in);
	default:
		return id >= ARM_INS_VABAL && id <= ARM_INS_VZIP && decode_vfp(id, high, in);
	}
}

/* Facts that hold until a decoder knows better. */
static void neutral(uint32_t raw, struct insn *in)
{
	memset(in, 0, sizeof(*in));
	in->raw = raw;
	in->cond = (uint8_t)(raw >> 28 == 15 ? 14 : raw >> 28);
}

void decode_data(uint32_t raw, struct insn *out)
{
	memset(out, 0, sizeof(*out));
	out->raw = raw;
	out->op = OP_DATA;
	out->cond = 14;
	out->flow = FLOW_END;
}

static bool names_high_d(const cs_insn *i)
{
	for (unsigned n = 0; n < i->detail->arm.op_count; n++) {
		const cs_arm_op *op = &i->detail->arm.operands[n];

		if (op->type == ARM_OP_REG && ((op->reg >= ARM_REG_D16 && op->reg <= ARM_REG_D31) ||
		                               (op->reg >= ARM_REG_Q8 && op->reg <= ARM_REG_Q15)))
			return true;
	}
	return false;
}

bool decode_insn(struct decoder *d, struct image *image, uint32_t address, uint32_t raw, struct insn *out,
                 struct error *e)
{
	const uint8_t bytes[4] = {(uint8_t)raw, (uint8_t)(raw >> 8), (uint8_t)(raw >> 16),
	                          (uint8_t)(raw >> 24)};
	const uint8_t *code = bytes;
	size_t size = sizeof(bytes);
	uint64_t at = address;
	cs_insn *i = d->scratch;

	neutral(raw, out);
	if (!cs_disasm_iter(d->handle, &code, &size, &at, i) ||
	    !decode_group(i->id, names_high_d(i), address, out)) {
		decode_data(raw, out);
		out->op = OP_UNKNOWN;
		return true;
	}
	if (out->op >= OP_MRC && out->op <= OP_MCRR) {
		if (!sysreg_decode(image, out, e))
			return false;
		if (out->op == OP_UNKNOWN) {
			decode_data(raw, out);
			out->op = OP_UNKNOWN;
			return true;
		}
		if (out->shift_type == SYS_ISB)
			out->touch |= TOUCH_SYNC;
	}
	if (out->cond != 14) {
		out->uses |= INSN_FLAGS;
		out->defs = 0;
	}
	return true;
}
